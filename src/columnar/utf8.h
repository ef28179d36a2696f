#pragma once
// Text as Flink counts it: code points for most functions, UTF-16 units for those that go through java.lang.String.
// Bytes that are not UTF-8 never fail: each counts as one character and is kept as it is.
#include <cstdint>
#include <string>

#include "base/types.h"

namespace leat {

inline bool is_continuation(char byte) {
  return (static_cast<uint8_t>(byte) & 0xC0) == 0x80;
}
bool is_ascii(BytesView);

inline constexpr char32_t kReplacement = 0xFFFD;

struct CodePoint {
  char32_t value;  // kReplacement where the bytes are not UTF-8.
  uint8_t size;    // In bytes; 1 where they are not UTF-8.
};
CodePoint next_code_point(BytesView nonempty);
void append_code_point(std::string& out, char32_t);

int64_t count_code_points(BytesView);
int64_t count_utf16(BytesView);
// Bytes of the first `count` characters; all if there are fewer.
size_t prefix_bytes(BytesView, int64_t count);

// With U+FFFD for what is not UTF-8, as Java decodes it.
std::string sanitized(BytesView);

}  // namespace leat
