// EXTRACT and its short forms (YEAR, HOUR, …). Flink divides the milliseconds since 1970 towards zero, so the parts of
// times before 1970 are what that gives: the hour of 1969-12-31 23:00 is -1. They are BIGINT.
#include "columnar/civil.h"
#include "columnar/functions/time_unit.h"
#include "columnar/kernel.h"

namespace leat {
namespace {

constexpr int64_t kMillisPerDay = kMicrosPerDay / kMicrosPerMilli;
constexpr int64_t kMillisPerHour = kMicrosPerHour / kMicrosPerMilli;
constexpr int64_t kMillisPerMinute = kMicrosPerMinute / kMicrosPerMilli;

// Rounded away from year 0: the year 2000 is in century 20, 2001 in century 21.
constexpr int64_t count_from_one(int64_t year, int64_t span) {
  return year > 0 ? (year + span - 1) / span : (year - span + 1) / span;
}

template <TimeUnit U>
int64_t of_days(int64_t days) {
  if constexpr (U == TimeUnit::kEpoch) return days * (kMicrosPerDay / kMicrosPerSecond);
  if constexpr (U == TimeUnit::kDow) return weekday(days) + 1;
  if constexpr (U == TimeUnit::kIsoDow) return (weekday(days) + 6) % 7 + 1;
  if constexpr (U == TimeUnit::kWeek) return iso_week(days).week;
  if constexpr (U == TimeUnit::kIsoYear) return iso_week(days).year;
  const CivilDate date = civil_from_days(days);
  if constexpr (U == TimeUnit::kMillennium) return count_from_one(date.year, 1000);
  if constexpr (U == TimeUnit::kCentury) return count_from_one(date.year, 100);
  if constexpr (U == TimeUnit::kDecade) return date.year / 10;
  if constexpr (U == TimeUnit::kYear) return date.year;
  if constexpr (U == TimeUnit::kQuarter) return (date.month + 2) / 3;
  if constexpr (U == TimeUnit::kMonth) return date.month;
  if constexpr (U == TimeUnit::kDay) return date.day;
  if constexpr (U == TimeUnit::kDoy) return day_of_year(date);
  return 0;  // A day's hours and less.
}

constexpr bool within_day(TimeUnit unit) {
  return unit >= TimeUnit::kHour && unit <= TimeUnit::kNanosecond;
}

template <TimeUnit U>
int64_t of_millis(int64_t millis) {
  if constexpr (U == TimeUnit::kHour) return millis % kMillisPerDay / kMillisPerHour;
  if constexpr (U == TimeUnit::kMinute) return millis % kMillisPerHour / kMillisPerMinute;
  if constexpr (U == TimeUnit::kSecond) return millis % kMillisPerMinute / 1000;
  if constexpr (U == TimeUnit::kMillisecond) return millis % 1000;
  if constexpr (U == TimeUnit::kEpoch) return millis / 1000;
  return of_days<U>(millis / kMillisPerDay);
}

template <TimeUnit U>
int64_t of_timestamp(int64_t micros) {
  const int64_t millis = floor_div(micros, kMicrosPerMilli), rest = micros - millis * kMicrosPerMilli;
  if constexpr (U == TimeUnit::kMicrosecond) return millis % 1000 * 1000 + rest;
  if constexpr (U == TimeUnit::kNanosecond) return (millis % 1000 * 1000 + rest) * 1000;
  return of_millis<U>(millis);
}

// An interval's days are not those of a calendar.
template <TimeUnit U>
int64_t of_interval(int64_t micros) {
  if constexpr (U == TimeUnit::kDay) return micros / kMicrosPerDay;
  return of_timestamp<U>(micros);
}

template <TimeUnit U>
int64_t of_months(int64_t months) {
  if constexpr (U == TimeUnit::kYear) return months / 12;
  if constexpr (U == TimeUnit::kQuarter) return months % 12 / 3 + 1;
  return months % 12;
}

template <TimeUnit U>
struct FromDate {
  static constexpr Kernel kernel = total_kernel<&of_days<U>, int64_t, int64_t>;
};
template <TimeUnit U>
struct FromTimestamp {
  static constexpr Kernel kernel = total_kernel<&of_timestamp<U>, int64_t, int64_t>;
};
template <TimeUnit U>
struct FromInterval {
  static constexpr Kernel kernel = total_kernel<&of_interval<U>, int64_t, int64_t>;
};
template <TimeUnit U>
struct FromMonths {
  static constexpr Kernel kernel = total_kernel<&of_months<U>, int64_t, int64_t>;
};

// Null if the type has no such part.
Kernel kernel_for(const DataType& type, TimeUnit unit) {
  switch (type.kind) {
    case TypeKind::kDate:
      return unit == TimeUnit::kMicrosecond || unit == TimeUnit::kNanosecond ? nullptr : UnitTable<FromDate>::at(unit);
    case TypeKind::kTimestamp:
      return UnitTable<FromTimestamp>::at(unit);
    case TypeKind::kTime:
      return within_day(unit) && unit <= TimeUnit::kMillisecond ? UnitTable<FromTimestamp>::at(unit) : nullptr;
    case TypeKind::kIntervalMicros:
      return unit == TimeUnit::kDay || (within_day(unit) && unit <= TimeUnit::kMillisecond)
                 ? UnitTable<FromInterval>::at(unit)
                 : nullptr;
    case TypeKind::kIntervalMonths:
      return unit == TimeUnit::kYear || unit == TimeUnit::kQuarter || unit == TimeUnit::kMonth
                 ? UnitTable<FromMonths>::at(unit)
                 : nullptr;
    default:
      return nullptr;
  }
}

constexpr std::string_view kUsage = "EXTRACT(unit FROM DATE|TIME|TIMESTAMP|INTERVAL)";

Result<ExprPtr> extract(std::string_view name, TimeUnit unit, ExprPtr value) {
  // What the clocks of the session show.
  if (value->type.kind == TypeKind::kTimestampLtz) {
    const int32_t precision = value->type.precision;
    value = Expr::make_cast(std::move(value), DataType::timestamp(precision));
  }
  Function function;
  function.name = std::string(name);
  function.kernel = kernel_for(value->type, unit);
  function.total = true;
  if (function.kernel == nullptr) return no_such_unit(name, unit, value->type);
  DataType result = strict_type({value}, DataType::bigint());
  return make_function_call(std::move(function), {std::move(value)}, std::move(result));
}

bool has_parts(const DataType& type) {
  return (type.kind >= TypeKind::kDate && type.kind <= TypeKind::kTimestampLtz) || type.is_interval();
}

Result<ExprPtr> make_extract(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 2 || !has_parts(args[1]->type)) return no_overload(name, args, kUsage);
  const auto unit = time_unit_of(*args[0]);
  if (!unit) return no_overload(name, args, kUsage);
  // The unit is part of the name, so that two EXTRACTs of one column are not the same expression.
  return extract("EXTRACT " + std::string(name_of(*unit)), *unit, args[1]);
}

template <TimeUnit U>
Result<ExprPtr> make_part(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 1 || !has_parts(args[0]->type)) {
    return no_overload(name, args, std::string(name) + "(DATE|TIME|TIMESTAMP|INTERVAL)");
  }
  return extract(name, U, args[0]);
}

constexpr Special kExtractSpecials[] = {
    {"EXTRACT", make_extract, kUsage},
    {"YEAR", make_part<TimeUnit::kYear>, "YEAR(date)"},
    {"QUARTER", make_part<TimeUnit::kQuarter>, "QUARTER(date)"},
    {"MONTH", make_part<TimeUnit::kMonth>, "MONTH(date)"},
    {"WEEK", make_part<TimeUnit::kWeek>, "WEEK(date)"},
    {"DAYOFYEAR", make_part<TimeUnit::kDoy>, "DAYOFYEAR(date)"},
    {"DAYOFMONTH", make_part<TimeUnit::kDay>, "DAYOFMONTH(date)"},
    {"DAYOFWEEK", make_part<TimeUnit::kDow>, "DAYOFWEEK(date)"},
    {"HOUR", make_part<TimeUnit::kHour>, "HOUR(time)"},
    {"MINUTE", make_part<TimeUnit::kMinute>, "MINUTE(time)"},
    {"SECOND", make_part<TimeUnit::kSecond>, "SECOND(time)"},
};

}  // namespace

Family extract_family() {
  return {"Parts of dates and times", {}, kExtractSpecials};
}

}  // namespace leat
