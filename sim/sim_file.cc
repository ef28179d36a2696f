#include "sim/sim_file.h"

#include <algorithm>

#include "sim/sim_clock.h"

namespace leat::sim {

Status SimFile::before_call() const {
  if (born_ != disk_.generation_) return Error{Errc::kIo, path_ + ": the process that opened it is dead"};
  return disk_.before_call();
}

Result<size_t> SimFile::read_at(uint64_t position, std::span<char> into) {
  TRY(before_call());
  if (position >= inode_->content.size()) return size_t{0};
  size_t size = std::min<uint64_t>(into.size(), inode_->content.size() - position);
  std::copy_n(inode_->content.data() + position, size, into.data());
  return size;
}

Status SimFile::append(std::span<const BytesView> pieces) {
  TRY(before_call());
  CHECK(writable_);
  Bytes all;
  for (BytesView piece : pieces) all += piece;
  bool dies = false;
  Status alive = disk_.before_change(dies);
  uint64_t room = disk_.plan_.disk_bytes == 0 ? all.size()
                                              : disk_.plan_.disk_bytes - std::min(disk_.used(), disk_.plan_.disk_bytes);
  uint64_t written = std::min<uint64_t>(all.size(), room);
  if (dies) written = disk_.random_.below(written + 1);
  inode_->touch(inode_->content.size(), disk_.clock_.now());
  inode_->content.append(all, 0, written);
  if (!alive) return alive;
  if (written < all.size()) return Error{Errc::kNoSpace, "write " + path_ + ": no space is left on the simulated disk"};
  return {};
}

Status SimFile::sync() {
  TRY(before_call());
  TRY(synced_);
  ++disk_.syncs_;
  bool dies = false;
  Status alive = disk_.before_change(dies);
  // A process may die after its sync succeeded, and before it knew.
  if (!alive) {
    if (disk_.random_.chance(0.5)) inode_->sync();
    return alive;
  }
  if (disk_.random_.chance(disk_.plan_.sync_fails)) {
    inode_->fail_to_sync();
    synced_ = Error{Errc::kIo, "sync " + path_ + ": simulated failure"};
  }
  TRY(synced_);
  inode_->sync();
  return {};
}

Status SimFile::truncate(uint64_t size) {
  TRY(before_call());
  CHECK(writable_);
  bool dies = false;
  TRY(disk_.before_change(dies));
  inode_->truncate(size, disk_.clock_.now());
  return {};
}

Result<uint64_t> SimFile::size() const {
  TRY(before_call());
  return static_cast<uint64_t>(inode_->content.size());
}

}  // namespace leat::sim
