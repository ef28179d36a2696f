#pragma once
// What Java calls months, days and halves of days in English.
#include <array>
#include <string_view>

namespace leat {

inline constexpr std::array<std::string_view, 12> kMonthNames{"January",   "February", "March",    "April",
                                                              "May",       "June",     "July",     "August",
                                                              "September", "October",  "November", "December"};
inline constexpr std::array<std::string_view, 7> kDayNames{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                           "Thursday", "Friday", "Saturday"};
inline constexpr std::array<std::string_view, 2> kHalfDayNames{"AM", "PM"};
inline constexpr size_t kShortNameLength = 3;  // "Jan", "Sun".

}  // namespace leat
