// + and - with an interval on one side or both.
#include "columnar/civil.h"
#include "columnar/kernel.h"
#include "columnar/operators.h"

namespace leat {
namespace {

// Time near the end of what 64 bits hold wraps, as Flink's does.
constexpr auto kAdd = [](int64_t a, int64_t b) -> int64_t {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
};
constexpr auto kSubtract = [](int64_t a, int64_t b) -> int64_t {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
};
constexpr auto kMultiply = [](int64_t a, int64_t b) -> int64_t {
  return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
};
// A date plus hours is a date: Flink drops what is no whole day.
constexpr auto kDatePlusMicros = [](int64_t days, int64_t micros) { return days + micros / kMicrosPerDay; };
constexpr auto kDateMinusMicros = [](int64_t days, int64_t micros) { return days - micros / kMicrosPerDay; };
constexpr auto kTimePlus = [](int64_t time, int64_t micros) {
  return floor_mod(time + micros % kMicrosPerDay, kMicrosPerDay);
};
constexpr auto kTimeMinus = [](int64_t time, int64_t micros) {
  return floor_mod(time - micros % kMicrosPerDay, kMicrosPerDay);
};

int64_t timestamp_plus_months(int64_t micros, int64_t months) {
  const int64_t days = floor_div(micros, kMicrosPerDay);
  return add_months(days, months) * kMicrosPerDay + (micros - days * kMicrosPerDay);
}

int64_t timestamp_minus_months(int64_t micros, int64_t months) {
  return timestamp_plus_months(micros, -months);
}
int64_t date_minus_months(int64_t days, int64_t months) {
  return add_months(days, -months);
}

template <auto F>
constexpr Kernel kTotal = total_kernel<F, int64_t, int64_t>;

Kernel kernel_for(const DataType& time, const DataType& interval, bool add) {
  const bool months = interval.kind == TypeKind::kIntervalMonths;
  switch (time.kind) {
    case TypeKind::kDate:
      if (months) return add ? row_kernel<&add_months> : row_kernel<&date_minus_months>;
      return add ? kTotal<kDatePlusMicros> : kTotal<kDateMinusMicros>;
    case TypeKind::kTime:
      if (months) return nullptr;
      return add ? kTotal<kTimePlus> : kTotal<kTimeMinus>;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      if (months) return add ? row_kernel<&timestamp_plus_months> : row_kernel<&timestamp_minus_months>;
      return add ? kTotal<kAdd> : kTotal<kSubtract>;
    default:
      if (time.kind != interval.kind) return nullptr;
      return add ? kTotal<kAdd> : kTotal<kSubtract>;
  }
}

}  // namespace

Result<ExprPtr> make_interval_arithmetic(std::string_view name, std::vector<ExprPtr> args) {
  const bool add = name == "+";
  if (add && args[0]->type.is_interval() && !args[1]->type.is_interval()) std::swap(args[0], args[1]);
  const char* usage = "DATE|TIME|TIMESTAMP|INTERVAL + INTERVAL";
  if (!args[1]->type.is_interval()) return no_overload(name, args, usage);
  Function function;
  function.name = std::string(name);
  function.kernel = kernel_for(args[0]->type, args[1]->type, add);
  if (function.kernel == nullptr) return no_overload(name, args, usage);
  function.total = args[1]->type.kind == TypeKind::kIntervalMicros || args[0]->type.is_interval();
  DataType result = strict_type(args, args[0]->type);
  return make_function_call(std::move(function), std::move(args), std::move(result));
}

Result<ExprPtr> make_interval_multiple(std::vector<ExprPtr> args) {
  if (!args[0]->type.is_interval()) std::swap(args[0], args[1]);
  if (!args[1]->type.is_integer()) return no_overload("*", args, "INTERVAL * INTEGER");
  Function function;
  function.name = "*";
  function.kernel = kTotal<kMultiply>;
  function.total = true;
  DataType result = strict_type(args, args[0]->type);
  return make_function_call(std::move(function), std::move(args), std::move(result));
}

}  // namespace leat
