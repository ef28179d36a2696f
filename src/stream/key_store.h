#pragma once
// KeyStore: the bytes of the long keys of one table. Released keys' memory is used again for keys of a similar length.
#include <array>
#include <vector>

#include "base/types.h"
#include "stream/group_memory.h"

namespace leat {

class KeyStore {
 public:
  char* keep(BytesView);
  void release(char* bytes, size_t size);
  size_t bytes() const { return bytes_; }

 private:
  // Classes 0..31 are multiples of 16 bytes, the others powers of two above 512.
  static constexpr size_t kClasses = 56;
  static size_t class_of(size_t size);
  static size_t class_bytes(size_t size_class);

  std::vector<Memory> blocks_;
  size_t block_bytes_ = 128;
  char* next_ = nullptr;
  size_t left_ = 0, bytes_ = 0;
  std::array<char*, kClasses> released_{};
};

}  // namespace leat
