#include "columnar/utf16.h"

#include "columnar/utf8.h"

namespace leat {

std::u16string to_utf16(BytesView text) {
  std::u16string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = next_code_point(text);
    if (point.value >= 0x10000) {
      out += static_cast<char16_t>(0xD800 + ((point.value - 0x10000) >> 10));
      out += static_cast<char16_t>(0xDC00 + (point.value & 0x3FF));
    } else {
      out += static_cast<char16_t>(point.value);
    }
    text.remove_prefix(point.size);
  }
  return out;
}

std::string from_utf16(std::u16string_view units) {
  std::string out;
  out.reserve(units.size());
  for (size_t i = 0; i < units.size(); ++i) {
    const char32_t unit = units[i];
    const bool high = unit >= 0xD800 && unit < 0xDC00;
    if (high && i + 1 < units.size() && units[i + 1] >= 0xDC00 && units[i + 1] < 0xE000) {
      append_code_point(out, 0x10000 + ((unit - 0xD800) << 10) + (units[++i] - 0xDC00u));
    } else {
      append_code_point(out, unit >= 0xD800 && unit < 0xE000 ? U'?' : unit);
    }
  }
  return out;
}

}  // namespace leat
