#pragma once
// Numbers as the explanation says them.
#include <cstdint>
#include <string>
#include <vector>

#include "base/types.h"

namespace leat {

std::string seconds_text(int64_t ms);                                      // 80 ms, 8.2 s, 412 s, 1 h 12 min
std::string number_text(int64_t);                                          // 12,400
std::string clock_text(WallTime);                                          // 2026-11-26 04:12:33, in UTC
std::string times_text(int64_t count);                                     // once, twice, 3 times
std::string plural(int64_t count, const std::string& noun);                // 1 record, 12,400 records
std::string list_text(const std::vector<std::string>&, size_t shown = 5);  // a, b and 3 more; '-' if empty
// Text of a client as one short line that is safe to show.
std::string client_text(const std::string&);

// Two digits that count: 364 -> 360, and 618 -> 620.
int64_t round_down(int64_t);
int64_t round_up(int64_t);

}  // namespace leat
