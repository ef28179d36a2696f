#include "columnar/java_time_resolve.h"

#include "columnar/civil.h"

namespace leat {
namespace {

using Format = JavaTimeFormat;
using Values = JavaTimeFormat::Values;

// The Sunday that starts the week of January 1st.
int64_t first_week_of(int64_t year) {
  const int64_t january = days_from_civil(year, 1, 1);
  return january - weekday(january);
}

int64_t week_year(int64_t days) {
  const int64_t year = civil_from_days(days).year;
  return days >= first_week_of(year + 1) ? year + 1 : year;
}

bool in_range(const std::optional<int64_t>& value, int64_t low, int64_t high) {
  return !value || (*value >= low && *value <= high);
}

// Sets a field from another; false if it was something else.
bool derive(std::optional<int64_t>& field, int64_t value) {
  if (field && *field != value) return false;
  field = value;
  return true;
}

bool ranges_hold(const Values& v) {
  constexpr int64_t kYearMax = 999'999'999;
  return in_range(v[Format::kYear], -kYearMax, kYearMax) && in_range(v[Format::kYearOfEra], 1, kYearMax) &&
         in_range(v[Format::kWeekYear], -kYearMax, kYearMax) && in_range(v[Format::kMonth], 1, 12) &&
         in_range(v[Format::kDay], 1, 31) && in_range(v[Format::kDayOfYear], 1, 366) &&
         in_range(v[Format::kWeekDay], 1, 7) && in_range(v[Format::kWeekOfYear], 1, 53) &&
         in_range(v[Format::kQuarter], 1, 4) && in_range(v[Format::kHour], 0, 24) &&
         in_range(v[Format::kClockHour], 0, 24) && in_range(v[Format::kHalfDayHour], 0, 11) &&
         in_range(v[Format::kHalfDayClockHour], 0, 12) && in_range(v[Format::kMinute], 0, 59) &&
         in_range(v[Format::kSecond], 0, 59) && in_range(v[Format::kNano], 0, 999'999'999) &&
         in_range(v[Format::kMilliOfDay], 0, kMicrosPerDay / 1000 - 1) &&
         in_range(v[Format::kNanoOfDay], 0, kMicrosPerDay * 1000 - 1);
}

bool resolve_hours(Values& v) {
  if (v[Format::kClockHour] && !derive(v[Format::kHour], *v[Format::kClockHour] % 24)) return false;
  if (v[Format::kHalfDayClockHour] && !derive(v[Format::kHalfDayHour], *v[Format::kHalfDayClockHour] % 12)) {
    return false;
  }
  if (v[Format::kHalfDay] && v[Format::kHalfDayHour] &&
      !derive(v[Format::kHour], *v[Format::kHalfDay] * 12 + *v[Format::kHalfDayHour])) {
    return false;
  }
  int64_t nanos = -1;
  if (v[Format::kNanoOfDay]) nanos = *v[Format::kNanoOfDay];
  if (v[Format::kMilliOfDay]) nanos = *v[Format::kMilliOfDay] * 1'000'000;
  if (nanos < 0) return true;
  const int64_t seconds = nanos / 1'000'000'000;
  return derive(v[Format::kHour], seconds / 3600) && derive(v[Format::kMinute], seconds / 60 % 60) &&
         derive(v[Format::kSecond], seconds % 60) && derive(v[Format::kNano], nanos % 1'000'000'000);
}

// False: contradiction. `days` is set if the fields give a whole date.
bool resolve_days(Values& v, std::optional<int64_t>& days) {
  if (v[Format::kYearOfEra]) {
    const int64_t of_era = *v[Format::kYearOfEra];
    const bool before_christ = v[Format::kEra] == 0 || (!v[Format::kEra] && v[Format::kYear] && *v[Format::kYear] <= 0);
    if (!derive(v[Format::kYear], before_christ ? 1 - of_era : of_era)) return false;
  }
  const auto year = v[Format::kYear];
  if (year && v[Format::kMonth] && v[Format::kDay]) {
    const int month = static_cast<int>(*v[Format::kMonth]), last = days_in_month(*year, month);
    // 31 days are the most a month has; Java cuts only from there.
    days = days_from_civil(*year, month, std::min(static_cast<int>(*v[Format::kDay]), last));
  } else if (year && v[Format::kDayOfYear]) {
    if (*v[Format::kDayOfYear] == 366 && !is_leap(*year)) return false;
    days = days_from_civil(*year, 1, 1) + *v[Format::kDayOfYear] - 1;
  } else if (v[Format::kWeekYear] && v[Format::kWeekOfYear] && (v[Format::kWeekDay] || v[Format::kDayOfWeek])) {
    const int64_t day = v[Format::kWeekDay] ? *v[Format::kWeekDay] - 1 : *v[Format::kDayOfWeek] % 7;
    days = first_week_of(*v[Format::kWeekYear]) + (*v[Format::kWeekOfYear] - 1) * 7 + day;
  }
  if (!days) return true;
  const CivilDate date = civil_from_days(*days);
  v[Format::kYear] = date.year;
  v[Format::kMonth] = date.month;
  v[Format::kDay] = date.day;
  return derive(v[Format::kDayOfWeek], (weekday(*days) + 6) % 7 + 1) &&
         derive(v[Format::kWeekDay], weekday(*days) + 1) && derive(v[Format::kQuarter], (date.month + 2) / 3) &&
         derive(v[Format::kDayOfYear], day_of_year(date)) && derive(v[Format::kWeekYear], week_year(*days));
}

}  // namespace

Values java_time_values(int64_t local_micros) {
  const int64_t days = floor_div(local_micros, kMicrosPerDay);
  const int64_t micros = local_micros - days * kMicrosPerDay;
  const CivilDate date = civil_from_days(days);
  const int64_t hour = micros / kMicrosPerHour;
  Values v;
  v[Format::kEra] = date.year > 0;
  v[Format::kYear] = date.year;
  v[Format::kYearOfEra] = date.year > 0 ? date.year : 1 - date.year;
  v[Format::kQuarter] = (date.month + 2) / 3;
  v[Format::kMonth] = date.month;
  v[Format::kDay] = date.day;
  v[Format::kDayOfYear] = day_of_year(date);
  v[Format::kDayOfWeek] = (weekday(days) + 6) % 7 + 1;
  v[Format::kWeekDay] = weekday(days) + 1;
  v[Format::kWeekYear] = week_year(days);
  v[Format::kWeekOfYear] = (days - first_week_of(*v[Format::kWeekYear])) / 7 + 1;
  v[Format::kHalfDay] = hour / 12;
  v[Format::kHour] = hour;
  v[Format::kClockHour] = hour == 0 ? 24 : hour;
  v[Format::kHalfDayHour] = hour % 12;
  v[Format::kHalfDayClockHour] = hour % 12 == 0 ? 12 : hour % 12;
  v[Format::kMinute] = micros / kMicrosPerMinute % 60;
  v[Format::kSecond] = micros / kMicrosPerSecond % 60;
  v[Format::kNano] = micros % kMicrosPerSecond * 1000;
  v[Format::kMilliOfDay] = micros / 1000;
  v[Format::kNanoOfDay] = micros * 1000;
  return v;
}

std::optional<int64_t> java_time_resolve(const Values& values) {
  Values v = values;
  std::optional<int64_t> days;
  if (!ranges_hold(v) || !resolve_hours(v) || !resolve_days(v, days)) return std::nullopt;
  const int64_t hour = v[Format::kHour].value_or(0), minute = v[Format::kMinute].value_or(0);
  const int64_t second = v[Format::kSecond].value_or(0), nano = v[Format::kNano].value_or(0);
  if (hour == 24 && (minute != 0 || second != 0 || nano != 0)) return std::nullopt;
  if (!days) {
    const int64_t year = v[Format::kYear].value_or(1970);
    const int month = static_cast<int>(v[Format::kMonth].value_or(1)),
              day = static_cast<int>(v[Format::kDay].value_or(1));
    if (day > days_in_month(year, month)) return std::nullopt;
    days = days_from_civil(year, month, day);
  }
  // Years of more digits than 64 bits of microseconds hold.
  constexpr int64_t kDaysMax = 290'000 * int64_t{365};
  if (*days > kDaysMax || *days < -kDaysMax) return std::nullopt;
  return *days * kMicrosPerDay + hour * kMicrosPerHour + minute * kMicrosPerMinute + second * kMicrosPerSecond +
         nano / 1000;
}

}  // namespace leat
