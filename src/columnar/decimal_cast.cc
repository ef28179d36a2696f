// CAST of a text to a DECIMAL: Flink's BinaryStringDataUtil.toDecimal.
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "columnar/decimal.h"

namespace leat {
namespace {

constexpr int kLongDigitsMax = 18;  // Java's DecimalData keeps up to these in a long.

BytesView without_spaces(BytesView text) {
  constexpr BytesView kSpaces = " \n\t";
  const size_t first = text.find_first_not_of(kSpaces);
  if (first == BytesView::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) + 1 - first);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// What of `text` is an exponent, after its 'e'. No value: a sign stands alone.
std::optional<int> take_exponent(BytesView& text) {
  constexpr int kStop = 40;  // Beyond any that fits.
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  int exponent = 0;
  for (; !text.empty(); text.remove_prefix(1)) {
    if (!is_digit(text[0])) {
      text.remove_prefix(1);
      break;
    }
    if (exponent < kStop) exponent = exponent * 10 + (text[0] - '0');
  }
  return negative ? -exponent : exponent;
}

// At most 18 bytes for at most 18 digits.
std::optional<Int128> short_decimal(BytesView text, int precision, int scale) {
  text.remove_prefix(std::min(text.find_first_not_of(" \n\t"), text.size()));
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  Int128 digits = 0;
  int length = 0, point = -1, exponent = 0;
  char last = 0;
  while (!text.empty()) {
    last = text[0];
    text.remove_prefix(1);
    if (is_digit(last)) {
      digits = digits * 10 + (last - '0');
      ++length;
    } else if (last != '.') {
      break;
    } else if (std::exchange(point, length) >= 0) {
      return std::nullopt;
    }
  }
  if ((last == 'e' || last == 'E') && !text.empty()) {
    const auto taken = take_exponent(text);
    if (!taken) return std::nullopt;
    exponent = *taken;
  }
  if (text.find_first_not_of(" \n\t") != BytesView::npos) return std::nullopt;
  if (point >= 0) exponent -= length - point;
  const int change = exponent + scale;
  if (length + change > precision || std::abs(change) > kLongDigitsMax) return std::nullopt;
  return rescale(negative ? -digits : digits, -exponent, scale, precision);
}

}  // namespace

std::optional<Int128> decimal_cast_text(BytesView text, int precision, int scale) {
  if (precision <= kLongDigitsMax && text.size() <= kLongDigitsMax) return short_decimal(text, precision, scale);
  return decimal_from_text(without_spaces(text), precision, scale).value;
}

}  // namespace leat
