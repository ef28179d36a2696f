#include "log/files.h"

#include <algorithm>

namespace leat {

Result<Bytes> read_whole(FileSystem& files, const std::string& path) {
  TRY_ASSIGN(auto file, files.open(path, OpenMode::kRead));
  TRY_ASSIGN(uint64_t size, file->size());
  Bytes out(size, '\0');
  TRY_ASSIGN(size_t got, file->read_at(0, out));
  out.resize(got);
  return out;
}

Status write_synced(FileSystem& files, const std::string& path, BytesView contents) {
  TRY_ASSIGN(auto file, files.open(path, OpenMode::kAppend));
  TRY(file->truncate(0));
  TRY(file->append({&contents, 1}));
  return file->sync();
}

Status replace_file(FileSystem& files, const std::string& directory, const std::string& name, BytesView contents) {
  std::string path = directory + "/" + name;
  std::string temporary = path + ".tmp";
  TRY(write_synced(files, temporary, contents));
  TRY(files.rename(temporary, path));
  return files.sync_directory(directory);
}

Status copy_stretch(FileSystem& files, File& from, uint64_t position, uint64_t end, const std::string& to) {
  constexpr size_t kPieceBytes = 1 << 20;
  TRY_ASSIGN(auto file, files.open(to, OpenMode::kAppend));
  TRY(file->truncate(0));
  Bytes piece;
  for (; position < end; position += piece.size()) {
    piece.resize(std::min<uint64_t>(end - position, kPieceBytes));
    TRY_ASSIGN(size_t got, from.read_at(position, piece));
    if (got < piece.size()) return corruption(to, position + got, "the file became shorter while it was copied");
    BytesView view = piece;
    TRY(file->append({&view, 1}));
  }
  return file->sync();
}

Error corruption(const std::string& path, uint64_t position, const std::string& what) {
  return Error{Errc::kCorruption, path + ", position " + std::to_string(position) + ": " + what};
}

}  // namespace leat
