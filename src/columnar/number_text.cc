#include "columnar/number_text.h"

#include <charconv>
#include <cmath>
#include <cstdlib>

namespace leat {
namespace {

template <class T>
std::string floating_text(T value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  if (value == 0) return std::signbit(value) ? "-0.0" : "0.0";
  char buffer[40];
  // d[.ddd]e[+-]dd
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::scientific).ptr;
  BytesView text(buffer, static_cast<size_t>(end - buffer));
  std::string out;
  if (text[0] == '-') {
    out = "-";
    text.remove_prefix(1);
  }
  const size_t e = text.find('e');
  const int exponent = std::atoi(std::string(text.substr(e + 1)).c_str());
  std::string digits(text.substr(0, 1));
  if (e > 2) digits += text.substr(2, e - 2);
  if (exponent < -3 || exponent >= 7) {
    out += digits.substr(0, 1) + "." + (digits.size() > 1 ? digits.substr(1) : "0");
    return out + "E" + std::to_string(exponent);
  }
  if (exponent < 0) return out + "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + digits;
  const auto whole = static_cast<size_t>(exponent) + 1;
  if (digits.size() <= whole) return out + digits + std::string(whole - digits.size(), '0') + ".0";
  return out + digits.substr(0, whole) + "." + digits.substr(whole);
}

template <class T>
std::optional<T> floating_from_text(BytesView text) {
  if (text.empty()) return std::nullopt;
  BytesView digits = text;
  bool negative = false;
  if (digits[0] == '+' || digits[0] == '-') {
    negative = digits[0] == '-';
    digits.remove_prefix(1);
  }
  if (digits == "NaN") return std::numeric_limits<T>::quiet_NaN();
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  if (digits == "Infinity") return negative ? -kInfinity : kInfinity;
  if (digits.empty() || !((digits[0] >= '0' && digits[0] <= '9') || digits[0] == '.')) return std::nullopt;
  if (BytesView("fFdD").find(digits.back()) != BytesView::npos) digits.remove_suffix(1);
  T value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end != digits.data() + digits.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    // from_chars does not say which; strtod does. Java gives infinity or zero.
    value = static_cast<T>(std::strtod(std::string(digits).c_str(), nullptr));
  } else if (error != std::errc()) {
    return std::nullopt;
  }
  return negative ? -value : value;
}

}  // namespace

std::string double_to_text(double value) {
  return floating_text(value);
}
std::string float_to_text(float value) {
  return floating_text(value);
}

std::optional<int64_t> int_from_text(BytesView text, int64_t min, int64_t max) {
  if (!text.empty() && text[0] == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text[0] == '-') return std::nullopt;
  }
  int64_t value = 0;
  const char* last = text.data() + text.size();
  const size_t sign = text.starts_with('-');
  const bool no_whole = text.size() > sign && text[sign] == '.';
  auto [end, error] =
      no_whole ? std::from_chars_result{text.data() + sign, std::errc()} : std::from_chars(text.data(), last, value);
  if (error != std::errc() || value < min || value > max) return std::nullopt;
  if (end != last) {
    if (*end != '.') return std::nullopt;
    while (++end != last) {
      if (*end < '0' || *end > '9') return std::nullopt;
    }
  }
  return value;
}

std::optional<double> double_from_text(BytesView text) {
  return floating_from_text<double>(text);
}
std::optional<float> float_from_text(BytesView text) {
  return floating_from_text<float>(text);
}

BytesView without_blanks(BytesView text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

BytesView trimmed(BytesView text) {
  while (!text.empty() && static_cast<uint8_t>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<uint8_t>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

}  // namespace leat
