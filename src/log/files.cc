#include "log/files.h"

namespace leat {

Result<Bytes> read_whole(FileSystem& files, const std::string& path) {
  TRY_ASSIGN(auto file, files.open(path, OpenMode::kRead));
  TRY_ASSIGN(uint64_t size, file->size());
  Bytes out(size, '\0');
  TRY_ASSIGN(size_t got, file->read_at(0, out));
  out.resize(got);
  return out;
}

Status rewrite_file(FileSystem& files, const std::string& path, BytesView contents) {
  TRY_ASSIGN(auto file, files.open(path, OpenMode::kAppend));
  TRY(file->truncate(0));
  return file->append({&contents, 1});
}

Status replace_file(FileSystem& files, const std::string& directory, const std::string& name, BytesView contents) {
  std::string path = directory + "/" + name;
  std::string temporary = path + ".tmp";
  {
    TRY_ASSIGN(auto file, files.open(temporary, OpenMode::kAppend));
    TRY(file->truncate(0));
    TRY(file->append({&contents, 1}));
    TRY(file->sync());
  }
  TRY(files.rename(temporary, path));
  return files.sync_directory(directory);
}

Error corruption(const std::string& path, uint64_t position, const std::string& what) {
  return Error{Errc::kCorruption, path + ", position " + std::to_string(position) + ": " + what};
}

}  // namespace leat
