#pragma once
// Exact decimal arithmetic on unscaled 128-bit values of at most 38 digits, with Flink's rules: rounding is half up
// (away from zero), and a result that needs more digits than it has is no value.
#include <optional>
#include <string>

#include "base/types.h"
#include "columnar/type.h"

namespace leat {

inline constexpr int kDecimalDigitsMax = 38;

Int128 power_of_ten(int exponent);  // 0..38.
bool fits_digits(Int128 unscaled, int precision);

// The same number at another scale, if it then fits `precision` digits.
std::optional<Int128> rescale(Int128, int from_scale, int to_scale, int precision);
// `a` op `b` as DECIMAL(precision, scale).
std::optional<Int128> decimal_add(Int128 a, int a_scale, Int128 b, int b_scale, int precision, int scale);
std::optional<Int128> decimal_multiply(Int128 a, int a_scale, Int128 b, int b_scale, int precision, int scale);
std::optional<Int128> decimal_divide(Int128 a, int a_scale, Int128 b, int b_scale, int precision, int scale);  // b != 0
std::optional<Int128> decimal_modulo(Int128 a, int a_scale, Int128 b, int b_scale, int precision, int scale);  // b != 0
// -1, 0, 1; exact at any pair of scales.
int decimal_compare(Int128 a, int a_scale, Int128 b, int b_scale);

// Towards zero, then the low 64 bits, as Java's BigDecimal.longValue.
int64_t decimal_to_int64(Int128, int scale);
double decimal_to_double(Int128, int scale);  // Correctly rounded.
std::optional<Int128> decimal_from_double(double, int precision, int scale);

std::string decimal_to_text(Int128, int scale);  // Never with an exponent.
// As BigDecimal.stripTrailingZeros().toString(): 1.5, 1E+2, 1E-7.
std::string decimal_to_shortest(Int128, int scale);
struct DecimalText {
  bool well_formed = false;
  std::optional<Int128> value;  // Empty also where the number does not fit.
};
// Digits with an optional sign, point and exponent.
DecimalText decimal_from_text(BytesView, int precision, int scale);
// What Flink's CAST makes of a text: blanks, tabs and line ends around the number are skipped. Flink reads a short text
// for a short type by a way of its own, which counts leading zeros as digits and lets the character after the number
// pass: '007' is no DECIMAL(2, 0), '1x' is 1.
std::optional<Int128> decimal_cast_text(BytesView, int precision, int scale);

}  // namespace leat
