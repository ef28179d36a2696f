#pragma once
// SimDisk: a FileSystem in memory that keeps apart what a process sees and what would be left after a power failure.
//
// A file's bytes are durable after sync(), a name after sync_directory(); create_directories() is durable at once. At a
// power failure each directory keeps a prefix of its unsynced changes of names, and each unsynced sector of 512 bytes
// is written, lost or garbage. After a failed sync the affected pages look clean and never reach the disk, as on Linux.
// A death of the process keeps everything, and frees its locks. Handles of a dead process give kIo.
#include <map>
#include <set>

#include "sim/fault_plan.h"

namespace leat::sim {

class SimClock;

class SimDisk final : public FileSystem {
 public:
  SimDisk(SimRandom& random, SimClock& clock) : random_(random), clock_(clock) {}

  Result<std::unique_ptr<File>> open(std::string_view path, OpenMode) override;
  Result<FileInfo> stat(std::string_view path) override;
  Status rename(std::string_view from, std::string_view to) override;
  Status remove(std::string_view path) override;
  Status create_directories(std::string_view path) override;
  Status sync_directory(std::string_view path) override;
  Result<std::vector<std::string>> list(std::string_view directory) override;
  Result<std::unique_ptr<void, void (*)(void*)>> lock(std::string_view path) override;

  // What goes wrong from now on; counts changes anew.
  void set_plan(const FaultPlan&);
  bool crashed() const { return crashed_; }  // By the plan: every call fails until die() or lose_power().
  uint64_t changes() const { return changes_; }
  uint64_t syncs() const { return syncs_; }  // Of files and directories.
  void die();
  void lose_power();

  // For tests that look at or damage what is there. The paths exist.
  const Bytes& contents(const std::string& path) const;
  void overwrite(const std::string& path, uint64_t position, BytesView bytes);  // On the disk itself: durable.
  std::vector<std::string> files() const;

 private:
  friend class SimFile;
  struct Inode;
  using Entry = std::shared_ptr<Inode>;
  // One change of a directory: names and what they mean from then on; null: nothing.
  using NameChange = std::vector<std::pair<std::string, Entry>>;

  Status before_call() const;
  Status before_change(bool& dies);
  Status change_names(const std::string& directory, NameChange);
  Entry find(const std::string& path) const;
  uint64_t used() const;
  void settle(Inode&);
  void settle_names(const std::string& directory);
  void start_anew();

  SimRandom& random_;
  SimClock& clock_;
  FaultPlan plan_;
  std::map<std::string, Entry> visible_, durable_;
  std::map<std::string, std::vector<NameChange>> pending_;  // By directory.
  std::shared_ptr<std::set<std::string>> locks_ = std::make_shared<std::set<std::string>>();
  uint64_t generation_ = 0, next_inode_ = 1, changes_ = 0, syncs_ = 0;
  bool crashed_ = false;
};

}  // namespace leat::sim
