#include "log/newest_offsets.h"

#include <algorithm>

namespace leat {

NewestOffsets::NewestOffsets(uint64_t keys, uint64_t bytes_max, const std::array<uint64_t, 2>& secret)
    : secret_(secret) {
  uint64_t slots = std::min(keys + keys / 3 + 1, bytes_max / sizeof(Slot));
  slots_.resize(std::max<uint64_t>(slots, 2));
  size_max_ = slots_.size() - std::max<size_t>(slots_.size() / 10, 1);  // Fuller, and it would be searched for long.
}

// Where the key stands, or would.
size_t NewestOffsets::place_of(const KeyHash& hash) const {
  size_t place = hash[0] % slots_.size();
  while (slots_[place].offset.value >= 0 && slots_[place].hash != hash) place = (place + 1) % slots_.size();
  return place;
}

bool NewestOffsets::put(BytesView key, Offset offset) {
  KeyHash hash = hash_key(key, secret_);
  Slot& slot = slots_[place_of(hash)];
  if (slot.offset.value < 0) {
    if (size_ == size_max_) return false;
    slot.hash = hash;
    ++size_;
  }
  slot.offset = offset;
  return true;
}

std::optional<Offset> NewestOffsets::find(BytesView key) const {
  const Slot& slot = slots_[place_of(hash_key(key, secret_))];
  return slot.offset.value < 0 ? std::nullopt : std::optional<Offset>(slot.offset);
}

}  // namespace leat
