#include "test/sql_runner/mortal_files.h"

#include <filesystem>

namespace leat::sqltest {
namespace {

class MortalFile final : public File {
 public:
  MortalFile(MortalFiles& files, std::unique_ptr<File> real) : files_(files), real_(std::move(real)) {}
  Result<size_t> read_at(uint64_t position, std::span<char> into) override { return real_->read_at(position, into); }
  Status append(std::span<const BytesView> pieces) override {
    TRY(files_.change());
    return real_->append(pieces);
  }
  // The machine goes on, so nothing that was written is lost: a place to die at, but nothing to wait for.
  Status sync() override { return files_.change(); }
  Status truncate(uint64_t size) override {
    TRY(files_.change());
    return real_->truncate(size);
  }
  Result<uint64_t> size() const override { return real_->size(); }

 private:
  MortalFiles& files_;
  std::unique_ptr<File> real_;
};

}  // namespace

Status MortalFiles::change() {
  if (left_ >= 0) --left_;
  if (left_ >= 0) return {};
  return Error{Errc::kIo, "the test killed the process here"};
}

Result<std::unique_ptr<File>> MortalFiles::open(std::string_view path, OpenMode mode) {
  if (mode != OpenMode::kRead) TRY(change());
  TRY_ASSIGN(auto file, real_.open(path, mode));
  return std::unique_ptr<File>(std::make_unique<MortalFile>(*this, std::move(file)));
}

Status MortalFiles::rename(std::string_view from, std::string_view to) {
  TRY(change());
  return real_.rename(from, to);
}

Status MortalFiles::remove(std::string_view path) {
  TRY(change());
  return real_.remove(path);
}

Status MortalFiles::create_directories(std::string_view path) {
  TRY(change());
  std::error_code error;  // Not through real_, which would wait for the disk.
  std::filesystem::create_directories(path, error);
  return error ? Status(Error{Errc::kIo, error.message()}) : Status();
}

}  // namespace leat::sqltest
