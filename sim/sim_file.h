#pragma once
#include "sim/sim_inode.h"

namespace leat::sim {

// A handle of SimDisk.
class SimFile final : public File {
 public:
  SimFile(SimDisk& disk, std::shared_ptr<SimDisk::Inode> inode, std::string path, bool writable)
      : disk_(disk), inode_(std::move(inode)), path_(std::move(path)), writable_(writable), born_(disk.generation_) {}

  Result<size_t> read_at(uint64_t position, std::span<char> into) override;
  Status append(std::span<const BytesView> pieces) override;
  Status sync() override;
  Status truncate(uint64_t size) override;
  Result<uint64_t> size() const override;

 private:
  Status before_call() const;

  SimDisk& disk_;
  std::shared_ptr<SimDisk::Inode> inode_;
  std::string path_;
  bool writable_;
  Status synced_;  // The first failure.
  uint64_t born_;  // In which generation of processes.
};

}  // namespace leat::sim
