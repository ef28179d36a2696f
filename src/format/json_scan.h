#pragma once
// The tokens of plain JSON, eight bytes at a time. "Plain" is what can be taken as it stands: strings without escapes,
// integers of an ordinary length. All read up to 16 bytes behind what they take.
#include <optional>

#include "base/types.h"
#include "format/swar.h"

namespace leat {

struct PlainString {
  const char* close = nullptr;  // The closing quote; null: the string is not plain, or does not end.
  bool ascii = true;
};

// `at` is behind the opening quote.
inline PlainString scan_string(const char* at, const char* end) {
  uint64_t high_bits = 0;
  for (; at < end; at += 8) {
    uint64_t word = swar::load(at);
    uint64_t stop = swar::equal(word, '"') | swar::equal(word, '\\') | swar::below(word, 0x20);
    if (stop == 0) {
      high_bits |= word;
      continue;
    }
    int offset = std::countr_zero(stop) / 8;
    high_bits |= word & ((uint64_t{1} << (8 * offset)) - 1);
    at += offset;
    if (at >= end || *at != '"') return {};
    return {at, (high_bits & swar::kHighs) == 0};
  }
  return {};
}

// The integer at `at`, which is moved behind it. Nullopt: it has more than 16 digits, or a leading zero, or is none.
inline std::optional<int64_t> scan_integer(const char*& at) {
  bool negative = *at == '-';
  const char* digits = at + negative;
  uint64_t values = swar::load(digits) ^ swar::kOnes * '0';
  int count = swar::digit_count(values);
  if (count == 0 || (count > 1 && *digits == '0')) return std::nullopt;
  uint64_t number = swar::eight_digits(values << (64 - 8 * count));
  if (count == 8) [[unlikely]] {
    values = swar::load(digits + 8) ^ swar::kOnes * '0';
    int more = swar::digit_count(values);
    if (more == 8) return std::nullopt;
    constexpr uint64_t kPowers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
    if (more > 0) number = number * kPowers[more] + swar::eight_digits(values << (64 - 8 * more));
    count += more;
  }
  at = digits + count;
  auto magnitude = static_cast<int64_t>(number);
  return negative ? -magnitude : magnitude;
}

// Moves `at` behind a JSON number. False: it is none.
inline bool scan_number(const char*& at, const char* end) {
  auto digits = [&at, end] {
    const char* begin = at;
    while (at < end && static_cast<unsigned char>(*at - '0') < 10) ++at;
    return at > begin;
  };
  if (*at == '-') ++at;
  const char* first = at;
  if (!digits() || (*first == '0' && at - first > 1)) return false;
  if (*at == '.' && (++at, !digits())) return false;
  if (*at == 'e' || *at == 'E') {
    ++at;
    if (*at == '+' || *at == '-') ++at;
    return digits();
  }
  return true;
}

}  // namespace leat
