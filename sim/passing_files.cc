#include "sim/passing_files.h"

namespace leat::sim {
namespace {

class PassingFile final : public File {
 public:
  PassingFile(PassingFiles& files, std::string path, std::unique_ptr<File> real)
      : files_(files), path_(std::move(path)), real_(std::move(real)) {}

  Result<size_t> read_at(uint64_t position, std::span<char> into) override { return real_->read_at(position, into); }
  Status append(std::span<const BytesView> pieces) override { return real_->append(pieces); }
  Status sync() override { return files_.sync(path_, *real_); }
  Status truncate(uint64_t size) override { return real_->truncate(size); }
  Result<uint64_t> size() const override { return real_->size(); }

 private:
  PassingFiles& files_;
  std::string path_;
  std::unique_ptr<File> real_;
};

}  // namespace

Result<std::unique_ptr<File>> PassingFiles::open(std::string_view path, OpenMode mode) {
  TRY_ASSIGN(auto real, real_.open(path, mode));
  return std::unique_ptr<File>(std::make_unique<PassingFile>(*this, std::string(path), std::move(real)));
}

}  // namespace leat::sim
