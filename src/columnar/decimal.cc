#include "columnar/decimal.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/check.h"
#include "columnar/number_text.h"

namespace leat {
namespace {

__extension__ typedef unsigned __int128 Uint128;

constexpr auto kPowers = [] {
  std::array<Int128, kDecimalDigitsMax + 1> powers{};
  powers[0] = 1;
  for (int i = 1; i <= kDecimalDigitsMax; ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

Uint128 magnitude(Int128 value) {
  return value < 0 ? -static_cast<Uint128>(value) : static_cast<Uint128>(value);
}

std::optional<Int128> with_sign(Uint128 value, bool negative, int precision) {
  if (value >= static_cast<Uint128>(kPowers[precision])) return std::nullopt;
  return negative ? -static_cast<Int128>(value) : static_cast<Int128>(value);
}

// Half up on a magnitude. 10^digits may be beyond 128 bits: then nothing is left.
Uint128 drop_digits(Uint128 value, int digits) {
  if (digits > kDecimalDigitsMax) return 0;
  const auto divisor = static_cast<Uint128>(kPowers[digits]);
  const Uint128 rest = value % divisor;
  return value / divisor + (rest >= divisor - rest ? 1 : 0);
}

struct Wide {
  Uint128 high, low;
};

Wide multiply_wide(Uint128 a, Uint128 b) {
  constexpr Uint128 kMask = ~uint64_t{0};
  const Uint128 a0 = a & kMask, a1 = a >> 64, b0 = b & kMask, b1 = b >> 64;
  const Uint128 low = a0 * b0;
  const Uint128 middle = a1 * b0 + (low >> 64);
  const Uint128 cross = a0 * b1 + (middle & kMask);
  return {a1 * b1 + (middle >> 64) + (cross >> 64), (cross << 64) | (low & kMask)};
}

struct Quotient {
  Wide quotient;
  Uint128 rest;
};

// Bit by bit: only products beyond 128 bits come here. divisor < 2^127.
Quotient divide_wide(Wide value, Uint128 divisor) {
  Quotient out{};
  for (int bit = 255; bit >= 0; --bit) {
    const Uint128 half = bit >= 128 ? value.high : value.low;
    out.rest = (out.rest << 1) | ((half >> (bit % 128)) & 1);
    Uint128& to = bit >= 128 ? out.quotient.high : out.quotient.low;
    to <<= 1;
    if (out.rest >= divisor) {
      out.rest -= divisor;
      to |= 1;
    }
  }
  return out;
}

// The next decimal digit of rest / divisor; rest < divisor < 2^127, so that a doubling never overflows.
int next_digit(Uint128& rest, Uint128 divisor) {
  const Uint128 unit = rest;
  int digit = 0;
  const auto reduce = [&](int grown) {
    digit = grown;
    while (rest >= divisor) {
      rest -= divisor;
      ++digit;
    }
  };
  rest <<= 1;  // 10 = ((1 * 2) * 2 + 1) * 2
  reduce(0);
  rest <<= 1;
  reduce(digit * 2);
  rest += unit;
  reduce(digit);
  rest <<= 1;
  reduce(digit * 2);
  return digit;
}

}  // namespace

Int128 power_of_ten(int exponent) {
  CHECK(exponent >= 0 && exponent <= kDecimalDigitsMax);
  return kPowers[exponent];
}

bool fits_digits(Int128 unscaled, int precision) {
  return magnitude(unscaled) < static_cast<Uint128>(power_of_ten(precision));
}

std::optional<Int128> rescale(Int128 value, int from_scale, int to_scale, int precision) {
  if (to_scale <= from_scale) {
    return with_sign(drop_digits(magnitude(value), from_scale - to_scale), value < 0, precision);
  }
  if (value == 0) return value;
  Int128 scaled;
  const int digits = to_scale - from_scale;
  if (digits > kDecimalDigitsMax || __builtin_mul_overflow(value, kPowers[digits], &scaled)) return std::nullopt;
  if (!fits_digits(scaled, precision)) return std::nullopt;
  return scaled;
}

std::optional<Int128> decimal_add(Int128 a, int a_scale, Int128 b, int b_scale, int precision, int scale) {
  const int common = std::max(a_scale, b_scale);
  Int128 sum;
  const auto wide_a = rescale(a, a_scale, common, kDecimalDigitsMax);
  const auto wide_b = rescale(b, b_scale, common, kDecimalDigitsMax);
  if (wide_a && wide_b && !__builtin_add_overflow(*wide_a, *wide_b, &sum)) {
    return rescale(sum, common, scale, precision);
  }
  // So large that only the result's scale has room for it.
  const auto near_a = rescale(a, a_scale, scale, kDecimalDigitsMax);
  const auto near_b = rescale(b, b_scale, scale, kDecimalDigitsMax);
  if (!near_a || !near_b || !fits_digits(*near_a + *near_b, precision)) return std::nullopt;
  return *near_a + *near_b;
}

std::optional<Int128> decimal_multiply(Int128 a, int a_scale, Int128 b, int b_scale, int precision, int scale) {
  Int128 product;
  const int exact_scale = a_scale + b_scale;
  if (!__builtin_mul_overflow(a, b, &product)) return rescale(product, exact_scale, scale, precision);
  const int dropped = exact_scale - scale;
  if (dropped < 0) return std::nullopt;
  const bool negative = (a < 0) != (b < 0);
  Wide wide = multiply_wide(magnitude(a), magnitude(b));
  // In two steps where 10^dropped is too large; the first one only cuts, so that rounding happens once.
  if (dropped > kDecimalDigitsMax) {
    wide = divide_wide(wide, static_cast<Uint128>(kPowers[dropped - kDecimalDigitsMax])).quotient;
  }
  const auto divisor = static_cast<Uint128>(kPowers[std::min(dropped, kDecimalDigitsMax)]);
  const auto [quotient, rest] = divide_wide(wide, divisor);
  if (quotient.high != 0) return std::nullopt;
  const bool round_up = rest >= divisor - rest;
  return with_sign(quotient.low + (round_up ? 1 : 0), negative, precision);
}

std::optional<Int128> decimal_divide(Int128 a, int a_scale, Int128 b, int b_scale, int precision, int scale) {
  CHECK(b != 0);
  const bool negative = (a < 0) != (b < 0);
  const Uint128 divisor = magnitude(b);
  const int digits = scale + b_scale - a_scale;
  Uint128 quotient = magnitude(a) / divisor;
  Uint128 rest = magnitude(a) % divisor;
  if (digits < 0) return with_sign(drop_digits(quotient, -digits), negative, precision);
  Int128 numerator;
  if (digits <= kDecimalDigitsMax &&
      !__builtin_mul_overflow(static_cast<Int128>(magnitude(a)), kPowers[digits], &numerator)) {
    quotient = static_cast<Uint128>(numerator) / divisor;
    rest = static_cast<Uint128>(numerator) % divisor;
  } else {
    for (int i = 0; i < digits; ++i) {
      if (quotient >= static_cast<Uint128>(kPowers[kDecimalDigitsMax - 1])) return std::nullopt;
      quotient = quotient * 10 + static_cast<Uint128>(next_digit(rest, divisor));
    }
  }
  return with_sign(quotient + (rest >= divisor - rest ? 1 : 0), negative, precision);
}

std::optional<Int128> decimal_modulo(Int128 a, int a_scale, Int128 b, int b_scale, int precision, int scale) {
  CHECK(b != 0);
  const int common = std::max(a_scale, b_scale);
  const auto wide_b = rescale(b, b_scale, common, kDecimalDigitsMax);
  if (!wide_b) {  // b is larger than any a of 38 digits.
    return rescale(a, a_scale, scale, precision);
  }
  const Uint128 divisor = magnitude(*wide_b);
  Uint128 rest = magnitude(a) % divisor;
  // a * 10^k mod b, a digit at a time, because a * 10^k may be beyond 128 bits.
  for (int i = a_scale; i < common; ++i) next_digit(rest, divisor);
  return rescale(a < 0 ? -static_cast<Int128>(rest) : static_cast<Int128>(rest), common, scale, precision);
}

int decimal_compare(Int128 a, int a_scale, Int128 b, int b_scale) {
  if (a_scale == b_scale || (a < 0) != (b < 0)) return a < b ? -1 : a > b;
  const bool widen_a = a_scale < b_scale;
  Int128 scaled;
  const int digits = widen_a ? b_scale - a_scale : a_scale - b_scale;
  // What overflows is further from zero than anything of 38 digits.
  if (__builtin_mul_overflow(widen_a ? a : b, kPowers[digits], &scaled)) return (a < 0) == widen_a ? -1 : 1;
  if (widen_a) return scaled < b ? -1 : scaled > b;
  return a < scaled ? -1 : a > scaled;
}

int64_t decimal_to_int64(Int128 value, int scale) {
  return static_cast<int64_t>(value / kPowers[scale]);
}

double decimal_to_double(Int128 value, int scale) {
  constexpr int64_t kExact = int64_t{1} << 53;
  if (value > -kExact && value < kExact && scale <= 22) {
    // Both are exact doubles, so that the division rounds once.
    return static_cast<double>(static_cast<int64_t>(value)) / static_cast<double>(kPowers[scale]);
  }
  const std::string text = decimal_to_text(value, scale);
  double out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

std::optional<Int128> decimal_from_double(double value, int precision, int scale) {
  if (!std::isfinite(value)) return std::nullopt;
  return decimal_from_text(double_to_text(value), precision, scale).value;
}

std::string decimal_to_text(Int128 value, int scale) {
  char digits[48];
  int at = sizeof(digits);
  Uint128 rest = magnitude(value);
  int written = 0;
  while (rest != 0 || written <= scale) {
    digits[--at] = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
    if (++written == scale) digits[--at] = '.';
  }
  if (value < 0) digits[--at] = '-';
  return {digits + at, sizeof(digits) - at};
}

std::string decimal_to_shortest(Int128 value, int scale) {
  constexpr int kPlainFrom = -6;
  if (value == 0) return "0";
  for (; value % 10 == 0; value /= 10) --scale;
  std::string digits = decimal_to_text(value, 0);
  const size_t sign = digits.starts_with('-');
  const int exponent = static_cast<int>(digits.size() - sign) - 1 - scale;
  if (scale >= 0 && exponent >= kPlainFrom) return decimal_to_text(value, scale);
  if (digits.size() > sign + 1) digits.insert(sign + 1, ".");
  return digits + (exponent < 0 ? "E" : "E+") + std::to_string(exponent);
}

DecimalText decimal_from_text(BytesView text, int precision, int scale) {
  DecimalText out;
  size_t i = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) ++i;
  // Up to 38 significant digits, and what is cut off beyond them only moves the scale.
  Uint128 digits = 0;
  int64_t number_scale = 0;
  bool any = false, point = false, round_up = false, cut = false;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    any = true;
    if (digits < static_cast<Uint128>(kPowers[kDecimalDigitsMax - 1])) {
      digits = digits * 10 + static_cast<unsigned>(c - '0');
      number_scale += point;
    } else {
      if (!cut) round_up = c >= '5';
      cut = true;
      number_scale -= !point;
    }
  }
  int exponent = 0;
  if (any && i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    size_t from = i + 1;
    if (from < text.size() && text[from] == '+') ++from;
    const auto [end, error] = std::from_chars(text.data() + from, text.data() + text.size(), exponent);
    if (error != std::errc() || (from > i + 1 && text[from] == '-')) return out;
    i = static_cast<size_t>(end - text.data());
  }
  if (!any || i != text.size()) return out;
  out.well_formed = true;
  number_scale -= exponent;
  if (digits == 0) {
    out.value = 0;
  } else if (number_scale >= 2 * kDecimalDigitsMax + scale) {
    out.value = 0;
  } else if (number_scale > -2 * kDecimalDigitsMax) {
    const bool kept_whole = number_scale <= scale;
    const auto value = static_cast<Int128>(digits + (cut && round_up && kept_whole ? 1 : 0));
    out.value = rescale(negative ? -value : value, static_cast<int>(number_scale), scale, precision);
  }
  return out;
}

}  // namespace leat
