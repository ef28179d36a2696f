#pragma once
// How states are written into checkpoints: small numbers take few bytes.
#include <cstring>

#include "base/check.h"
#include "base/types.h"
#include "columnar/type.h"

namespace leat {

inline void put_varint(Bytes& out, uint64_t value) {
  char buffer[10];
  size_t size = 0;
  for (; value >= 0x80; value >>= 7) buffer[size++] = static_cast<char>(value | 0x80);
  buffer[size++] = static_cast<char>(value);
  out.append(buffer, size);
}

inline uint64_t take_varint(BytesView& in) {
  uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    CHECK(!in.empty() && shift < 70);
    auto byte = static_cast<uint8_t>(in.front());
    in.remove_prefix(1);
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

inline void put_signed(Bytes& out, int64_t value) {
  put_varint(out, (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63));
}
inline int64_t take_signed(BytesView& in) {
  uint64_t value = take_varint(in);
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

template <class T>
void put_fixed(Bytes& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}
template <class T>
T take_fixed(BytesView& in) {
  CHECK(in.size() >= sizeof(T));
  T value;
  std::memcpy(&value, in.data(), sizeof(T));
  in.remove_prefix(sizeof(T));
  return value;
}

inline void put_bytes(Bytes& out, BytesView value) {
  put_varint(out, value.size());
  out.append(value);
}
inline BytesView take_bytes(BytesView& in) {
  uint64_t size = take_varint(in);
  CHECK(size <= in.size());
  BytesView value = in.substr(0, size);
  in.remove_prefix(size);
  return value;
}

// One value of a physical type; `T` as in Column::get, Bytes for text.
inline void put_value(Bytes& out, int64_t value) {
  put_signed(out, value);
}
inline void put_value(Bytes& out, uint8_t value) {
  put_fixed(out, value);
}
inline void put_value(Bytes& out, double value) {
  put_fixed(out, value);
}
inline void put_value(Bytes& out, Int128 value) {
  put_fixed(out, value);
}
inline void put_value(Bytes& out, BytesView value) {
  put_bytes(out, value);
}
inline void take_value(BytesView& in, int64_t& value) {
  value = take_signed(in);
}
inline void take_value(BytesView& in, uint8_t& value) {
  value = take_fixed<uint8_t>(in);
}
inline void take_value(BytesView& in, double& value) {
  value = take_fixed<double>(in);
}
inline void take_value(BytesView& in, Int128& value) {
  value = take_fixed<Int128>(in);
}
inline void take_value(BytesView& in, Bytes& value) {
  value = Bytes(take_bytes(in));
}

}  // namespace leat
