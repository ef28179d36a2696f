#pragma once
// NewestOffsets: the offset of the newest record of each key, in a bounded table. Keys are known by their hashes.
#include <optional>
#include <vector>

#include "base/types.h"
#include "log/key_hash.h"

namespace leat {

class NewestOffsets {
 public:
  // Room for about `keys` keys, but no more than fit into `bytes_max`.
  NewestOffsets(uint64_t keys, uint64_t bytes_max, const std::array<uint64_t, 2>& secret);

  // Offsets ascend. False: there is no room for one more key.
  bool put(BytesView key, Offset);
  // nullopt: the key is not known.
  std::optional<Offset> find(BytesView key) const;
  size_t size() const { return size_; }

 private:
  struct Slot {
    KeyHash hash{};
    Offset offset{-1};  // Below 0: the slot is free.
  };
  size_t place_of(const KeyHash&) const;

  std::array<uint64_t, 2> secret_;
  std::vector<Slot> slots_;
  size_t size_ = 0, size_max_;
};

}  // namespace leat
