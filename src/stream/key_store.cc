#include "stream/key_store.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace leat {
namespace {

constexpr size_t kGrain = 16, kFineClasses = 32, kFineMax = kGrain * kFineClasses;
constexpr size_t kBlockBytesMax = size_t{1} << 20;

}  // namespace

size_t KeyStore::class_of(size_t size) {
  if (size <= kFineMax) return size == 0 ? 0 : (size - 1) / kGrain;
  return kFineClasses + static_cast<size_t>(std::bit_width(size - 1)) - static_cast<size_t>(std::bit_width(kFineMax));
}

size_t KeyStore::class_bytes(size_t size_class) {
  if (size_class < kFineClasses) return (size_class + 1) * kGrain;
  return kFineMax << (size_class - kFineClasses + 1);
}

char* KeyStore::keep(BytesView key) {
  size_t size_class = class_of(key.size()), need = class_bytes(size_class);
  char* place = released_[size_class];
  if (place != nullptr) {
    std::memcpy(&released_[size_class], place, sizeof(char*));
  } else {
    if (need > left_) {
      block_bytes_ = std::max(need, std::min(block_bytes_ * 2, kBlockBytesMax));
      blocks_.push_back(allocate_memory(block_bytes_));
      next_ = blocks_.back().get();
      left_ = block_bytes_;
      bytes_ += block_bytes_;
    }
    place = next_;
    next_ += need;
    left_ -= need;
  }
  std::memcpy(place, key.data(), key.size());
  return place;
}

void KeyStore::release(char* bytes, size_t size) {
  size_t size_class = class_of(size);
  std::memcpy(bytes, &released_[size_class], sizeof(char*));
  released_[size_class] = bytes;
}

}  // namespace leat
