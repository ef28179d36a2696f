#pragma once
// A file of SimDisk; see there.
#include "sim/sim_disk.h"

namespace leat::sim {

struct SimDisk::Inode {
  static constexpr uint64_t kClean = ~uint64_t{0};

  uint64_t id = 0;
  bool is_directory = false;
  WallTime modified;
  Bytes content;                                    // What processes see.
  Bytes durable;                                    // What a power failure leaves, but for the dirty part.
  uint64_t dirty_from = kClean;                     // Unsynced from here to the end.
  std::vector<std::pair<uint64_t, uint64_t>> lost;  // From, to: pages that look clean and are not on the disk.

  void touch(uint64_t from, WallTime now) {
    dirty_from = std::min(dirty_from, from);
    modified = now;
  }
  // The pages behind are no more; what is written there later is written.
  void truncate(uint64_t size, WallTime now);
  bool is_lost(uint64_t position) const;
  void sync();          // Everything that is not lost becomes durable.
  void fail_to_sync();  // The dirty part looks clean, and is lost.
};

}  // namespace leat::sim
