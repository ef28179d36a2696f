#include "columnar/functions/temporal_rounding.h"

#include "columnar/civil.h"
#include "columnar/functions/time_unit.h"
#include "columnar/kernel.h"
#include "columnar/session_zone.h"

namespace leat {
namespace {

constexpr int64_t length_of(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kDay:
      return kMicrosPerDay;
    case TimeUnit::kHour:
      return kMicrosPerHour;
    case TimeUnit::kMinute:
      return kMicrosPerMinute;
    case TimeUnit::kSecond:
      return kMicrosPerSecond;
    default:
      return kMicrosPerMilli;
  }
}

constexpr int64_t start_of_span(int64_t year, int64_t span) {
  return (year + span - 1) / span * span - (span - 1);
}

// The first day of a year, quarter, month or week. Calcite's rules, which Flink has: weeks start on Sunday; the
// calendar before 1582-10-15 is the Julian one; every day but the first of January lies beyond its quarter's start.
template <TimeUnit U, bool Up>
int64_t round_days(int64_t days) {
  if constexpr (U == TimeUnit::kWeek) {
    const int past_sunday = weekday(days);
    return days - past_sunday + (Up && past_sunday > 0 ? 7 : 0);
  }
  const CivilDate date = hybrid_civil_from_days(days);
  if constexpr (U == TimeUnit::kMillennium) return days_from_civil(start_of_span(date.year, 1000) + Up * 1000, 1, 1);
  if constexpr (U == TimeUnit::kCentury) return days_from_civil(start_of_span(date.year, 100) + Up * 100, 1, 1);
  if constexpr (U == TimeUnit::kDecade) return days_from_civil(date.year / 10 * 10 + Up * 10, 1, 1);
  const bool past_first = Up && date.day > 1;
  const bool past_january = Up && (date.month > 1 || date.day > 1);
  if constexpr (U == TimeUnit::kYear) return days_from_civil(date.year + past_january, 1, 1);
  if constexpr (U == TimeUnit::kMonth) return add_months(days_from_civil(date.year, date.month, 1), past_first);
  if constexpr (U == TimeUnit::kQuarter) {
    const int first = (date.month - 1) / 3 * 3 + 1;
    return add_months(days_from_civil(date.year, first, 1), past_january * 3);
  }
  return days + (U == TimeUnit::kDay && Up);
}

template <TimeUnit U, bool Up>
int64_t round_micros(int64_t micros) {
  if constexpr (U < TimeUnit::kDay) return round_days<U, Up>(micros / kMicrosPerDay) * kMicrosPerDay;
  const int64_t length = length_of(U);
  // Flink sees milliseconds, so what is less than one is lost before it rounds up.
  if constexpr (Up && U != TimeUnit::kMillisecond) micros = floor_div(micros, kMicrosPerMilli) * kMicrosPerMilli;
  const int64_t down = floor_div(micros, length) * length;
  return Up && down != micros ? down + length : down;
}

// By the clocks of the session, with the offset that holds at the time itself.
template <TimeUnit U, bool Up>
void zoned_kernel(const Expr&, std::span<const ColumnPtr> args, Selection selection, Column& out,
                  EvalContext& context) {
  const auto zone = session_zone(context.settings);
  const auto from = args[0]->ints();
  const auto to = out.ints();
  for (uint32_t row : selection) {
    const int64_t offset = zone->utc_to_local_micros(from[row]) - from[row];
    to[row] = round_micros<U, Up>(from[row] + offset) - offset;
  }
}

template <TimeUnit U, bool Up>
std::optional<int64_t> round_time(Row& row, int64_t micros) {
  const int64_t rounded = round_micros<U, Up>(micros);
  if (rounded >= kMicrosPerDay) return row.fail("time.out.of.range", "CEIL: the time would be 24:00:00");
  return rounded;
}

template <TimeUnit U, bool Up>
Kernel kernel_of(TypeKind kind) {
  if (kind == TypeKind::kDate) return total_kernel<&round_days<U, Up>, int64_t, int64_t>;
  if (kind == TypeKind::kTime) return row_kernel<&round_time<U, Up>>;
  if (kind == TypeKind::kTimestampLtz) return zoned_kernel<U, Up>;
  return total_kernel<&round_micros<U, Up>, int64_t, int64_t>;
}

template <bool Up>
Kernel kernel_for(TypeKind kind, TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kMillennium:
      return kernel_of<TimeUnit::kMillennium, Up>(kind);
    case TimeUnit::kCentury:
      return kernel_of<TimeUnit::kCentury, Up>(kind);
    case TimeUnit::kDecade:
      return kernel_of<TimeUnit::kDecade, Up>(kind);
    case TimeUnit::kYear:
      return kernel_of<TimeUnit::kYear, Up>(kind);
    case TimeUnit::kQuarter:
      return kernel_of<TimeUnit::kQuarter, Up>(kind);
    case TimeUnit::kMonth:
      return kernel_of<TimeUnit::kMonth, Up>(kind);
    case TimeUnit::kWeek:
      return kernel_of<TimeUnit::kWeek, Up>(kind);
    case TimeUnit::kDay:
      return kernel_of<TimeUnit::kDay, Up>(kind);
    case TimeUnit::kHour:
      return kernel_of<TimeUnit::kHour, Up>(kind);
    case TimeUnit::kMinute:
      return kernel_of<TimeUnit::kMinute, Up>(kind);
    case TimeUnit::kSecond:
      return kernel_of<TimeUnit::kSecond, Up>(kind);
    case TimeUnit::kMillisecond:
      return kernel_of<TimeUnit::kMillisecond, Up>(kind);
    default:
      return nullptr;
  }
}

bool has_unit(const DataType& type, TimeUnit unit) {
  if (type.kind == TypeKind::kTime) return unit >= TimeUnit::kHour && unit <= TimeUnit::kMillisecond;
  return unit <= TimeUnit::kMillisecond;
}

}  // namespace

Result<ExprPtr> make_time_rounding(std::string_view name, std::vector<ExprPtr> args, bool up) {
  const DataType type = args[1]->type;
  const auto unit = time_unit_of(*args[0]);
  if (!unit || type.kind < TypeKind::kDate || type.kind > TypeKind::kTimestampLtz) {
    return no_overload(name, args, std::string(name) + "(DATE|TIME|TIMESTAMP TO unit)");
  }
  if (!has_unit(type, *unit)) return no_such_unit(name, *unit, type);
  Function function;
  function.name = std::string(name) + " " + std::string(name_of(*unit));
  function.kernel = up ? kernel_for<true>(type.kind, *unit) : kernel_for<false>(type.kind, *unit);
  function.zoned = type.kind == TypeKind::kTimestampLtz;
  function.total = !function.zoned && type.kind != TypeKind::kTime;
  return make_function_call(std::move(function), {args[1]}, type);
}

}  // namespace leat
