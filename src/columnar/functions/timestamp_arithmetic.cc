// TIMESTAMPADD and TIMESTAMPDIFF.
#include "columnar/civil.h"
#include "columnar/functions/time_unit.h"
#include "columnar/kernel.h"

namespace leat {
namespace {

struct Step {
  int64_t months = 0, micros = 0;  // One of them.
};

std::optional<Step> step_of(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kYear:
      return Step{.months = 12};
    case TimeUnit::kQuarter:
      return Step{.months = 3};
    case TimeUnit::kMonth:
      return Step{.months = 1};
    case TimeUnit::kWeek:
      return Step{.micros = 7 * kMicrosPerDay};
    case TimeUnit::kDay:
      return Step{.micros = kMicrosPerDay};
    case TimeUnit::kHour:
      return Step{.micros = kMicrosPerHour};
    case TimeUnit::kMinute:
      return Step{.micros = kMicrosPerMinute};
    case TimeUnit::kSecond:
      return Step{.micros = kMicrosPerSecond};
    case TimeUnit::kMillisecond:
      return Step{.micros = kMicrosPerMilli};
    case TimeUnit::kMicrosecond:
      return Step{.micros = 1};
    default:
      return std::nullopt;
  }
}

// Travels with the call, so that a kernel serves every unit.
const Step& step_of(const Row& row) {
  return *static_cast<const Step*>(row.call.function->prepared.get());
}

std::nullopt_t out_of_range(Row& row, int64_t count) {
  return row.fail("time.out.of.range",
                  row.call.function->name + ": " + std::to_string(count) + " units lead out of the range of times");
}

// Beyond this no calendar that we can print goes.
constexpr int64_t kMonthsMax = 12 * 290'000;

std::optional<int64_t> add_months_to_days(Row& row, int64_t count, int64_t days) {
  int64_t months = 0;
  if (__builtin_mul_overflow(count, step_of(row).months, &months) || months > kMonthsMax || months < -kMonthsMax) {
    return out_of_range(row, count);
  }
  return add_months(days, months);
}

std::optional<int64_t> add_months_to_micros(Row& row, int64_t count, int64_t micros) {
  const int64_t days = floor_div(micros, kMicrosPerDay);
  const auto moved = add_months_to_days(row, count, days);
  int64_t out = 0;
  if (!moved) return std::nullopt;
  if (__builtin_mul_overflow(*moved, kMicrosPerDay, &out)) return out_of_range(row, count);
  return out + (micros - days * kMicrosPerDay);
}

std::optional<int64_t> add_micros(Row& row, int64_t count, int64_t micros) {
  int64_t out = 0;
  if (__builtin_mul_overflow(count, step_of(row).micros, &out) || __builtin_add_overflow(micros, out, &out)) {
    return out_of_range(row, count);
  }
  return out;
}

std::optional<int64_t> add_micros_to_days(Row& row, int64_t count, int64_t days) {
  const auto micros = add_micros(row, count, 0);
  if (!micros) return std::nullopt;
  return days + *micros / kMicrosPerDay;
}

std::optional<int64_t> add_micros_to_time(Row& row, int64_t count, int64_t time) {
  const auto micros = add_micros(row, count, 0);
  if (!micros) return std::nullopt;
  return floor_mod(time + *micros % kMicrosPerDay, kMicrosPerDay);
}

Kernel adding_kernel(const DataType& type, const Step& step) {
  const bool months = step.months != 0;
  if (type.kind == TypeKind::kDate) {
    return months ? row_kernel<&add_months_to_days> : row_kernel<&add_micros_to_days>;
  }
  if (type.kind == TypeKind::kTime) return months ? nullptr : row_kernel<&add_micros_to_time>;
  return months ? row_kernel<&add_months_to_micros> : row_kernel<&add_micros>;
}

bool is_time_value(const DataType& type) {
  return type.kind >= TypeKind::kDate && type.kind <= TypeKind::kTimestampLtz;
}

Function with_step(std::string_view name, TimeUnit unit, Kernel kernel) {
  Function function;
  function.name = std::string(name) + " " + std::string(name_of(unit));
  function.kernel = kernel;
  function.prepared = std::make_shared<const Step>(*step_of(unit));
  return function;
}

constexpr std::string_view kAddUsage = "TIMESTAMPADD(unit, INTEGER, DATE|TIME|TIMESTAMP)";

Result<ExprPtr> make_add(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 3 || !args[1]->type.is_integer() || !is_time_value(args[2]->type)) {
    return no_overload(name, args, kAddUsage);
  }
  const auto unit = time_unit_of(*args[0]);
  if (!unit) return no_overload(name, args, kAddUsage);
  const auto step = step_of(*unit);
  if (!step || *unit == TimeUnit::kMicrosecond) return no_such_unit(name, *unit, args[2]->type);
  // A date moved by less than a day is a timestamp; milliseconds need their digits.
  DataType type = args[2]->type;
  if (type.kind == TypeKind::kDate && step->months == 0 && step->micros < kMicrosPerDay) {
    type = DataType::timestamp(6).with_nullable(type.nullable);
  }
  if (*unit == TimeUnit::kMillisecond && type.kind != TypeKind::kDate) type.precision = std::max(type.precision, 3);
  args[2] = Expr::make_cast(args[2], type);
  const Kernel kernel = adding_kernel(type, *step);
  if (kernel == nullptr) return no_such_unit(name, *unit, type);
  args.erase(args.begin());
  type = strict_type(args, type);
  return make_function_call(with_step(name, *unit, kernel), std::move(args), std::move(type));
}

// --- Differences, which are INT and wrap

// Whole months from `from` to `to`, as days.
int64_t months_between_days(int64_t from, int64_t to) {
  if (to < from) return -months_between_days(to, from);
  const CivilDate a = civil_from_days(from), b = civil_from_days(to);
  int64_t months = (b.year - a.year) * 12 + b.month - a.month;
  if (add_months(from, months) > to) --months;
  return months;
}

int64_t months_between(int64_t from, int64_t to) {
  const int64_t from_days = floor_div(from, kMicrosPerDay), to_days = floor_div(to, kMicrosPerDay);
  int64_t months = months_between_days(from_days, to_days);
  const bool earlier_in_day = to - to_days * kMicrosPerDay < from - from_days * kMicrosPerDay;
  if (earlier_in_day && add_months(from_days, months) == to_days) --months;
  return months;
}

int64_t difference(Row& row, int64_t from, int64_t to) {
  const Step& step = step_of(row);
  if (step.months != 0) return static_cast<int32_t>(months_between(from, to) / step.months);
  // Flink subtracts milliseconds.
  const int64_t millis = floor_div(to, kMicrosPerMilli) - floor_div(from, kMicrosPerMilli);
  if (step.micros < kMicrosPerMilli) return static_cast<int32_t>(millis * (kMicrosPerMilli / step.micros));
  return static_cast<int32_t>(millis / (step.micros / kMicrosPerMilli));
}

constexpr std::string_view kDiffUsage =
    "TIMESTAMPDIFF(unit, DATE|TIMESTAMP, DATE|TIMESTAMP), TIMESTAMPDIFF(unit, TIMESTAMP_LTZ, TIMESTAMP_LTZ), "
    "TIMESTAMPDIFF(unit, TIME, TIME)";

Result<ExprPtr> make_difference(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 3 || !is_time_value(args[1]->type) || !is_time_value(args[2]->type))
    return no_overload(name, args, kDiffUsage);
  const auto unit = time_unit_of(*args[0]);
  if (!unit) return no_overload(name, args, kDiffUsage);
  if (!step_of(*unit)) return no_such_unit(name, *unit, args[1]->type);
  args.erase(args.begin());
  for (ExprPtr& arg : args) {
    if (arg->type.kind == TypeKind::kDate) arg = Expr::make_cast(arg, DataType::timestamp(0));
  }
  if (args[0]->type.kind != args[1]->type.kind) return no_overload(name, args, kDiffUsage);
  DataType type = strict_type(args, DataType::integer());
  return make_function_call(with_step(name, *unit, row_kernel<&difference>), std::move(args), std::move(type));
}

// --- (a - b) unit: an interval

int64_t months_from(int64_t to, int64_t from) {
  return months_between(from, to);
}

// Of whole milliseconds, as Flink's intervals are.
int64_t micros_from(int64_t to, int64_t from) {
  return (floor_div(to, kMicrosPerMilli) - floor_div(from, kMicrosPerMilli)) * kMicrosPerMilli;
}

constexpr std::string_view kMinusUsage = "(DATE|TIME|TIMESTAMP - the same) unit";

// args: the unit, the later time, the earlier one.
Result<ExprPtr> make_interval_between(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 3 || !is_time_value(args[1]->type) || args[1]->type.kind != args[2]->type.kind) {
    return no_overload(name, args, kMinusUsage);
  }
  const auto unit = time_unit_of(*args[0]);
  const auto step = unit ? step_of(*unit) : std::nullopt;
  if (!step) return no_overload(name, args, kMinusUsage);
  const bool months = step->months != 0;
  if (months && args[1]->type.kind == TypeKind::kTime) return no_such_unit("-", *unit, args[1]->type);
  args.erase(args.begin());
  for (ExprPtr& arg : args) {
    if (arg->type.kind == TypeKind::kDate) arg = Expr::make_cast(arg, DataType::timestamp(0));
  }
  Function function;
  function.name = "-";
  function.kernel = months ? row_kernel<&months_from> : row_kernel<&micros_from>;
  DataType type = strict_type(args, months ? DataType::interval_months() : DataType::interval_micros());
  return make_function_call(std::move(function), std::move(args), std::move(type));
}

// --- OVERLAPS

struct Span {
  ExprPtr low, high;
};

// Its ends in order, as Calcite has it: of two that do not compare the first is the higher one.
Result<Span> span_of(const ExprPtr& start, ExprPtr end) {
  if (end->type.is_interval()) {
    TRY_ASSIGN(end, make_call("+", {start, end}));
  }
  TRY_ASSIGN(ExprPtr ordered, make_call("<=", {start, end}));
  Span out;
  TRY_ASSIGN(out.low, make_call("CASE", {ordered, start, end}));
  TRY_ASSIGN(out.high, make_call("CASE", {ordered, end, start}));
  return out;
}

constexpr std::string_view kOverlapsUsage = "(start, end|INTERVAL) OVERLAPS (start, end|INTERVAL)";

Result<ExprPtr> make_overlaps(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 4 || !is_time_value(args[0]->type) || !is_time_value(args[2]->type)) {
    return no_overload(name, args, kOverlapsUsage);
  }
  TRY_ASSIGN(Span first, span_of(args[0], args[1]));
  TRY_ASSIGN(Span second, span_of(args[2], args[3]));
  TRY_ASSIGN(ExprPtr before_end, make_call(">=", {first.high, second.low}));
  TRY_ASSIGN(ExprPtr after_start, make_call(">=", {second.high, first.low}));
  return make_call("AND", {std::move(before_end), std::move(after_start)});
}

constexpr Special kTimestampArithmeticSpecials[] = {
    {"OVERLAPS", make_overlaps, kOverlapsUsage},
    {"INTERVAL BETWEEN", make_interval_between, kMinusUsage},
    {"TIMESTAMPADD", make_add, kAddUsage},
    {"TIMESTAMPDIFF", make_difference, kDiffUsage},
};

}  // namespace

Family timestamp_arithmetic_family() {
  return {"Time arithmetic", {}, kTimestampArithmeticSpecials};
}

}  // namespace leat
