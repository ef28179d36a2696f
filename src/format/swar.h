#pragma once
// Text eight bytes at a time: words in which the first byte is the lowest.
#include <bit>
#include <cstdint>
#include <cstring>

namespace leat {

namespace swar {

static_assert(std::endian::native == std::endian::little);

inline constexpr uint64_t kOnes = 0x0101010101010101, kHighs = kOnes << 7;

inline uint64_t load(const char* at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

// The high bit of every byte below `limit`, a zero byte, one that equals `c`. Bytes above the first such may be wrong.
constexpr uint64_t below(uint64_t word, uint8_t limit) {
  return (word - kOnes * limit) & ~word & kHighs;
}
constexpr uint64_t equal(uint64_t word, char c) {
  return below(word ^ kOnes * static_cast<uint8_t>(c), 1);
}

// How many bytes from the lowest on are digits, given the word exclusive-or "00000000".
constexpr int digit_count(uint64_t values) {
  uint64_t others = (((values & ~kHighs) + kOnes * 0x76) | values) & kHighs;
  return std::countr_zero(others) / 8;
}

// The number that eight digits are, the first in the lowest byte.
constexpr uint64_t eight_digits(uint64_t values) {
  values = (values * 10 + (values >> 8)) & 0x00FF00FF00FF00FF;
  values = (values * 100 + (values >> 16)) & 0x0000FFFF0000FFFF;
  return (values * 10000 + (values >> 32)) & 0xFFFFFFFF;
}

}  // namespace swar

}  // namespace leat
