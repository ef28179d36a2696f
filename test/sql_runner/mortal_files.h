#pragma once
// MortalFiles: a file system under a process that dies. After a number of changes to the disk each further one fails,
// as if the process had been killed there: what was done stays, what was not done never happens.
#include <memory>

#include "env/env.h"

namespace leat::sqltest {

class MortalFiles final : public FileSystem {
 public:
  MortalFiles(FileSystem& real, int64_t changes) : real_(real), left_(changes) {}
  bool dead() const { return left_ < 0; }

  Result<std::unique_ptr<File>> open(std::string_view path, OpenMode) override;
  Result<FileInfo> stat(std::string_view path) override { return real_.stat(path); }
  Status rename(std::string_view from, std::string_view to) override;
  Status remove(std::string_view path) override;
  Status create_directories(std::string_view path) override;
  Status sync_directory(std::string_view) override { return change(); }
  Result<std::vector<std::string>> list(std::string_view directory) override { return real_.list(directory); }
  Result<std::unique_ptr<void, void (*)(void*)>> lock(std::string_view path) override { return real_.lock(path); }

  Status change();  // One more; an error if the process is dead.

 private:
  FileSystem& real_;
  int64_t left_;
};

}  // namespace leat::sqltest
