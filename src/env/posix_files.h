#pragma once
#include "env/env.h"

namespace leat {

class PosixFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<File>> open(std::string_view path, OpenMode) override;
  Result<FileInfo> stat(std::string_view path) override;
  Status rename(std::string_view from, std::string_view to) override;
  Status remove(std::string_view path) override;
  Status create_directories(std::string_view path) override;
  Status sync_directory(std::string_view path) override;
  Result<std::vector<std::string>> list(std::string_view directory) override;
  Result<std::unique_ptr<void, void (*)(void*)>> lock(std::string_view path) override;
};

}  // namespace leat
