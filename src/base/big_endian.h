#pragma once
// Integers in network byte order, as Kafka's formats have them.
#include <cstring>
#include <type_traits>

#include "base/types.h"

namespace leat {

template <class T>
T byte_swapped(T value) {
  static_assert(std::is_integral_v<T>);
  if constexpr (sizeof(T) == 1) return value;
  if constexpr (sizeof(T) == 2) return static_cast<T>(__builtin_bswap16(static_cast<uint16_t>(value)));
  if constexpr (sizeof(T) == 4) return static_cast<T>(__builtin_bswap32(static_cast<uint32_t>(value)));
  if constexpr (sizeof(T) == 8) return static_cast<T>(__builtin_bswap64(static_cast<uint64_t>(value)));
}

// `from` and `to` have sizeof(T) bytes. The machine is little-endian, as every one that Debian supports for us is.
template <class T>
T load_big(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return byte_swapped(value);
}

template <class T>
void store_big(char* to, T value) {
  value = byte_swapped(value);
  std::memcpy(to, &value, sizeof value);
}

template <class T>
void put_big(Bytes& out, T value) {
  char bytes[sizeof value];
  store_big(bytes, value);
  out.append(bytes, sizeof value);
}

}  // namespace leat
