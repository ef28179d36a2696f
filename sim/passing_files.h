#pragma once
// PassingFiles: a FileSystem that hands everything on to another. Tests derive from it, and plant a bug in one call.
#include "env/env.h"

namespace leat::sim {

class PassingFiles : public FileSystem {
 public:
  explicit PassingFiles(FileSystem& real) : real_(real) {}

  Result<std::unique_ptr<File>> open(std::string_view path, OpenMode) override;
  Result<FileInfo> stat(std::string_view path) override { return real_.stat(path); }
  Status rename(std::string_view from, std::string_view to) override { return real_.rename(from, to); }
  Status remove(std::string_view path) override { return real_.remove(path); }
  Status create_directories(std::string_view path) override { return real_.create_directories(path); }
  Status sync_directory(std::string_view path) override { return real_.sync_directory(path); }
  Result<std::vector<std::string>> list(std::string_view path) override { return real_.list(path); }
  Result<std::unique_ptr<void, void (*)(void*)>> lock(std::string_view path) override { return real_.lock(path); }

  // What a sync of an open file does.
  virtual Status sync(const std::string&, File& real) { return real.sync(); }

 private:
  FileSystem& real_;
};

// A bug to plant: what a kernel has dropped after a failed sync it calls synced at the next one.
class RetriedSync final : public PassingFiles {
 public:
  using PassingFiles::PassingFiles;
  Status sync(const std::string&, File& real) override {
    (void)real.sync();
    return {};
  }
};

}  // namespace leat::sim
