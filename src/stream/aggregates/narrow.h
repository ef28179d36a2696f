#pragma once
// Arithmetic in the result types of SUM, AVG and their kin, as Flink does it.
#include <cstdint>

#include "columnar/type.h"

namespace leat {

__extension__ typedef unsigned __int128 UInt128;

// Integers wrap silently.
inline int64_t wrap_to(int64_t value, TypeKind kind) {
  switch (kind) {
    case TypeKind::kTinyint:
      return static_cast<int8_t>(value);
    case TypeKind::kSmallint:
      return static_cast<int16_t>(value);
    case TypeKind::kInt:
      return static_cast<int32_t>(value);
    default:
      return value;
  }
}
inline int64_t wrapping_add(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}
inline int64_t wrapping_subtract(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}

inline Int128 power_of_ten(int exponent) {
  Int128 value = 1;
  for (; exponent > 0; --exponent) value *= 10;
  return value;
}
inline bool fits_decimal38(Int128 value) {
  static const Int128 kLimit = power_of_ten(38);
  return value < kLimit && value > -kLimit;
}

// The sum of DECIMALs, which knows when it has left the 38 digits. Taking a value back does not bring it back in.
struct DecimalSum {
  uint64_t low = 0, high = 0;  // An Int128 in two halves, because states are aligned to 8 bytes.
  int64_t count = 0;
  int64_t overflowed = 0;

  Int128 value() const { return static_cast<Int128>((static_cast<UInt128>(high) << 64) | low); }
  void set(Int128 value) {
    low = static_cast<uint64_t>(value);
    high = static_cast<uint64_t>(value >> 64);
  }
  void add(Int128 value, int64_t values) {
    Int128 sum = this->value();
    if (overflowed != 0 || __builtin_add_overflow(sum, value, &sum) || !fits_decimal38(sum)) {
      overflowed = 1;
      sum = 0;
    }
    set(sum);
    count += values;
  }
};

}  // namespace leat
