#include "sim/sim_inode.h"

#include <algorithm>

namespace leat::sim {

bool SimDisk::Inode::is_lost(uint64_t position) const {
  return std::any_of(lost.begin(), lost.end(),
                     [position](const auto& range) { return range.first <= position && position < range.second; });
}

void SimDisk::Inode::truncate(uint64_t size, WallTime now) {
  touch(std::min<uint64_t>(size, content.size()), now);
  content.resize(size);
  for (auto& [from, to] : lost) to = std::min(to, size);
  std::erase_if(lost, [](const auto& range) { return range.first >= range.second; });
}

void SimDisk::Inode::sync() {
  if (dirty_from == kClean) return;
  uint64_t kept = std::min<uint64_t>(dirty_from, durable.size());
  Bytes old = durable.substr(kept);
  durable.resize(kept);
  durable.append(content, kept, Bytes::npos);
  for (auto [from, to] : lost) {
    for (uint64_t at = std::max(from, kept); at < std::min<uint64_t>(to, durable.size()); ++at) {
      durable[at] = at - kept < old.size() ? old[at - kept] : '\0';
    }
  }
  dirty_from = kClean;
}

void SimDisk::Inode::fail_to_sync() {
  if (dirty_from == kClean) return;
  lost.emplace_back(dirty_from, content.size());
  dirty_from = kClean;
}

}  // namespace leat::sim
