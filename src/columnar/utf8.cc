#include "columnar/utf8.h"

#include <algorithm>
#include <cstring>

namespace leat {

bool is_ascii(BytesView text) {
  uint64_t high = 0;
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    high |= word;
  }
  for (; i < text.size(); ++i) high |= static_cast<uint8_t>(text[i]) & 0x80u;
  return (high & 0x8080808080808080u) == 0;
}

CodePoint next_code_point(BytesView text) {
  const auto first = static_cast<uint8_t>(text[0]);
  if (first < 0x80) return {first, 1};
  const uint8_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < size) return {kReplacement, 1};
  char32_t value = first & (0x7Fu >> size);
  for (uint8_t i = 1; i < size; ++i) {
    if (!is_continuation(text[i])) return {kReplacement, 1};
    value = (value << 6) | (static_cast<uint8_t>(text[i]) & 0x3Fu);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  if (overlong || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return {kReplacement, 1};
  return {value, size};
}

void append_code_point(std::string& out, char32_t value) {
  const auto add = [&](uint32_t byte) { out += static_cast<char>(byte); };
  if (value < 0x80) {
    add(value);
  } else if (value < 0x800) {
    add(0xC0 | (value >> 6));
    add(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    add(0xE0 | (value >> 12));
    add(0x80 | ((value >> 6) & 0x3F));
    add(0x80 | (value & 0x3F));
  } else {
    add(0xF0 | (value >> 18));
    add(0x80 | ((value >> 12) & 0x3F));
    add(0x80 | ((value >> 6) & 0x3F));
    add(0x80 | (value & 0x3F));
  }
}

int64_t count_code_points(BytesView text) {
  if (is_ascii(text)) return static_cast<int64_t>(text.size());
  int64_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(next_code_point(text).size);
  return count;
}

int64_t count_utf16(BytesView text) {
  if (is_ascii(text)) return static_cast<int64_t>(text.size());
  int64_t count = 0;
  while (!text.empty()) {
    const CodePoint point = next_code_point(text);
    count += point.value >= 0x10000 ? 2 : 1;
    text.remove_prefix(point.size);
  }
  return count;
}

size_t prefix_bytes(BytesView text, int64_t count) {
  if (count <= 0) return 0;
  if (static_cast<uint64_t>(count) >= text.size()) return text.size();
  if (is_ascii(text)) return static_cast<size_t>(count);
  size_t at = 0;
  for (; count > 0 && at < text.size(); --count) at += next_code_point(text.substr(at)).size;
  return at;
}

std::string sanitized(BytesView text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = next_code_point(text);
    append_code_point(out, point.value);
    text.remove_prefix(point.size);
  }
  return out;
}

}  // namespace leat
