#pragma once
// Numbers, sizes, spans of time and text as people read them.
#include <cstdint>
#include <string>

#include "base/types.h"

namespace leat {

std::string human_count(int64_t);        // 1,234,567
std::string human_bytes(uint64_t);       // 17 B, 1.2 MB
std::string human_duration(int64_t ms);  // 8 ms, 1.23 s, 3 min 20 s, 2 h 5 min, 12 d 3 h, 24 y 130 d
std::string human_time(int64_t ms);      // 2001-03-04 05:06:07[.890] UTC without the "UTC"; -infinity, +infinity

// Bytes as one line that is safe to show: control characters as \n, \t, \x1b; what is not UTF-8 as \xff. Other text is
// left as it is.
std::string printable_line(BytesView);
// The same, but line ends and tabs stay.
std::string printable_text(BytesView);
// How many columns of a terminal a line takes: 0 for combining characters, 2 for wide ones.
size_t display_width(BytesView utf8);
// The longest beginning of the line that takes at most `width` columns.
std::string fit_width(const std::string& utf8, size_t width);

}  // namespace leat
