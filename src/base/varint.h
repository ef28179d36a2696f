#pragma once
// Zigzag varints: seven bits a byte, the lowest first, small magnitudes short. Kafka's records and our own events use
// them (Kafka's "varint" and "varlong" are the same bytes, at most 5 and 10 of them).
#include <cstdint>

#include "base/types.h"

namespace leat {

inline uint64_t zigzag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}
inline int64_t unzigzag(uint64_t bits) {
  return static_cast<int64_t>(bits >> 1) ^ -static_cast<int64_t>(bits & 1);
}

inline size_t varint_size(int64_t value) {
  size_t size = 1;
  for (uint64_t bits = zigzag(value); bits >= 0x80; bits >>= 7) ++size;
  return size;
}

inline void put_varint(Bytes& out, int64_t value) {
  uint64_t bits = zigzag(value);
  for (; bits >= 0x80; bits >>= 7) out.push_back(static_cast<char>(bits | 0x80));
  out.push_back(static_cast<char>(bits));
}

// Takes a varint off the front of `in`. False if it is cut off or longer than 10 bytes; then `in` is spoilt.
inline bool take_varint(BytesView& in, int64_t& value) {
  uint64_t bits = 0;
  for (int shift = 0; shift < 70 && !in.empty(); shift += 7) {
    auto byte = static_cast<uint8_t>(in.front());
    in.remove_prefix(1);
    bits |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      value = unzigzag(bits);
      return true;
    }
  }
  return false;
}

}  // namespace leat
