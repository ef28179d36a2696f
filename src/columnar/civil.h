#pragma once
// The proleptic Gregorian calendar, and the units of time in microseconds.
#include <cstdint>

namespace leat {

inline constexpr int64_t kMicrosPerMilli = 1000;
inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
inline constexpr int64_t kMicrosPerHour = 60 * kMicrosPerMinute;
inline constexpr int64_t kMicrosPerDay = 24 * kMicrosPerHour;

constexpr int64_t floor_div(int64_t a, int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}
constexpr int64_t floor_mod(int64_t a, int64_t b) {
  return a - floor_div(a, b) * b;
}

struct CivilDate {
  int64_t year;
  int month, day;  // From 1.
};

// Days since 1970-01-01 to a date and back (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
constexpr int64_t days_from_civil(int64_t year, int month, int day) {
  year -= month <= 2;
  const int64_t era = floor_div(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

constexpr CivilDate civil_from_days(int64_t days) {
  days += 719468;
  const int64_t era = floor_div(days, 146097);
  const int64_t day_of_era = days - era * 146097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  const int month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  return {year_of_era + era * 400 + (month <= 2), month, day};
}

// The Julian calendar before 1582-10-15, the Gregorian one from then on: java.util.GregorianCalendar's reckoning.
inline constexpr int64_t kFirstGregorianDay = -141427;
constexpr int64_t days_from_julian(int64_t year, int month, int day) {
  year -= month <= 2;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return year * 365 + floor_div(year, 4) + day_of_year - 719470;
}
constexpr CivilDate hybrid_civil_from_days(int64_t days) {
  if (days >= kFirstGregorianDay) return civil_from_days(days);
  days += 719470;
  const int64_t year = floor_div(4 * days + 3, 1461);
  const int64_t day_of_year = days - (year * 365 + floor_div(year, 4));
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  const int month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  return {year + (month <= 2), month, day};
}
// From fields that may lie beyond their ranges: the 13th month is the next year's first.
constexpr int64_t hybrid_days_from_civil(int64_t year, int64_t month, int64_t day) {
  year += floor_div(month - 1, 12);
  const int within = static_cast<int>(floor_mod(month - 1, 12)) + 1;
  const int64_t gregorian = days_from_civil(year, within, 1) + day - 1;
  return gregorian >= kFirstGregorianDay ? gregorian : days_from_julian(year, within, 1) + day - 1;
}

constexpr bool is_leap(int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr int days_in_month(int64_t year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[month - 1];
}

// 0: Sunday.
constexpr int weekday(int64_t days) {
  return static_cast<int>(floor_mod(days + 4, 7));
}

constexpr int day_of_year(const CivilDate& date) {
  return static_cast<int>(days_from_civil(date.year, date.month, date.day) - days_from_civil(date.year, 1, 1)) + 1;
}

// ISO 8601: weeks start on Monday, week 1 has the year's first Thursday.
struct IsoWeek {
  int64_t year;
  int week;
};
constexpr IsoWeek iso_week(int64_t days) {
  const int64_t thursday = days + 3 - floor_mod(days + 3, 7);
  const int64_t year = civil_from_days(thursday).year;
  return {year, static_cast<int>((thursday - days_from_civil(year, 1, 1)) / 7) + 1};
}

// The same day of a month further on, or that month's last.
constexpr int64_t add_months(int64_t days, int64_t months) {
  const CivilDate date = civil_from_days(days);
  const int64_t index = date.year * 12 + date.month - 1 + months;
  const int64_t year = floor_div(index, 12);
  const int month = static_cast<int>(index - year * 12) + 1;
  const int last = days_in_month(year, month);
  return days_from_civil(year, month, date.day < last ? date.day : last);
}

}  // namespace leat
