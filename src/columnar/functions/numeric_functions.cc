// Numbers: rounding, which keeps the type of its argument, and the functions of real numbers, which are DOUBLE.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

#include "columnar/decimal.h"
#include "columnar/functions/temporal_rounding.h"
#include "columnar/kernel.h"
#include "columnar/number_text.h"
#include "columnar/registry.h"

namespace leat {
namespace {

enum class Rounding { kHalfUp, kTruncate };

// The number with `digits` fewer decimal digits at the end, as unscaled; half up is away from zero.
template <Rounding R>
Int128 drop(Int128 unscaled, int64_t digits) {
  if (digits <= 0) return unscaled;
  if (digits > kDecimalDigitsMax) return 0;
  const Int128 unit = power_of_ten(static_cast<int>(digits));
  const Int128 rest = unscaled % unit;
  Int128 out = unscaled / unit;
  if (R == Rounding::kHalfUp && (rest < 0 ? -rest : rest) >= unit - (rest < 0 ? -rest : rest)) out += rest < 0 ? -1 : 1;
  return out;
}

template <Rounding R>
int64_t round_integer(Row& row, int64_t value, int64_t places) {
  if (places >= 0) return value;
  if (places < -19) return 0;
  const Int128 rounded = drop<R>(value, -places) * power_of_ten(static_cast<int>(-places));
  switch (row.call.type.kind) {  // Java's byteValue() and so on: it wraps.
    case TypeKind::kTinyint:
      return static_cast<int8_t>(rounded);
    case TypeKind::kSmallint:
      return static_cast<int16_t>(rounded);
    case TypeKind::kInt:
      return static_cast<int32_t>(rounded);
    default:
      return static_cast<int64_t>(rounded);
  }
}

// As BigDecimal.valueOf(double) sees it: by its shortest digits.
template <Rounding R>
std::optional<double> round_double(Row& row, double value, int64_t places) {
  if (!std::isfinite(value)) return row.fail("argument.invalid", "cannot round " + double_to_text(value));
  char text[40];
  const bool narrow = row.argument(0).kind == TypeKind::kFloat;
  // BigDecimal.valueOf(float) widens first, so a FLOAT is rounded by the digits of its double.
  const auto end = std::to_chars(text, text + sizeof(text), value, std::chars_format::scientific).ptr;
  Int128 digits = 0;
  int64_t scale = 0;
  const char* at = text;
  for (bool point = false; at != end && *at != 'e'; ++at) {
    if (*at == '.') {
      point = true;
    } else if (*at != '-') {
      digits = digits * 10 + (*at - '0');
      scale += point;
    }
  }
  int exponent = 0;
  std::from_chars(at + (at[1] == '+' ? 2 : 1), end, exponent);
  scale -= exponent;
  if (places >= scale) return value;
  const auto rounded = static_cast<int64_t>(drop<R>(digits, scale - places));
  const std::string back = std::to_string(rounded) + "e" + std::to_string(-places);
  double out = 0;
  std::from_chars(back.data(), back.data() + back.size(), out);
  if (narrow) out = static_cast<float>(out);
  return std::copysign(out, value);
}

template <Rounding R>
std::optional<Int128> round_decimal(Row& row, Int128 value, int64_t places) {
  const int scale = row.argument(0).scale;
  if (places >= scale) return rescale(value, scale, row.call.type.scale, row.call.type.precision);
  const Int128 rounded = drop<R>(value, scale - places);
  if (rounded == 0) return 0;
  if (places < 0) {
    if (-places > kDecimalDigitsMax) return 0;
    return rescale(rounded * power_of_ten(static_cast<int>(-places)), 0, row.call.type.scale, row.call.type.precision);
  }
  return rescale(rounded, static_cast<int>(places), row.call.type.scale, row.call.type.precision);
}

// Flink's findRoundDecimalType.
DataType rounded_type(const DataType& type, int64_t places) {
  if (type.kind != TypeKind::kDecimal || places >= type.scale) return type;
  const int whole = 1 + type.precision - type.scale;
  if (places < 0) return DataType::decimal(std::min(kDecimalDigitsMax, whole), 0);
  return DataType::decimal(std::min(kDecimalDigitsMax, whole + static_cast<int>(places)), static_cast<int>(places));
}

template <Rounding R>
Result<ExprPtr> make_round(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() == 1) args.push_back(Expr::make_literal({int64_t{0}}, DataType::integer()));
  if (args.size() != 2 || !args[0]->type.is_numeric() || !args[1]->type.is_integer()) {
    return no_overload(name, args, std::string(name) + "(NUMERIC[, INTEGER])");
  }
  DataType result = args[0]->type;
  if (const ExprPtr places = fold_constants(args[1]); is_literal(*places)) {
    result = rounded_type(result, *std::get_if<int64_t>(&places->literal.data));
  }
  Function function;
  function.name = std::string(name);
  switch (result.physical()) {
    case Physical::kInt64:
      function.kernel = row_kernel<&round_integer<R>>;
      break;
    case Physical::kDouble:
      function.kernel = row_kernel<&round_double<R>>;
      break;
    default:
      function.kernel = row_kernel<&round_decimal<R>>;
  }
  result = strict_type(args, result);
  return make_function_call(std::move(function), std::move(args), std::move(result));
}

Int128 floor_decimal(Row& row, Int128 value) {
  const Int128 unit = power_of_ten(row.argument(0).scale);
  return value / unit - (value % unit < 0 ? 1 : 0);
}

Int128 ceil_decimal(Row& row, Int128 value) {
  const Int128 unit = power_of_ten(row.argument(0).scale);
  return value / unit + (value % unit > 0 ? 1 : 0);
}

// FLOOR(x), CEIL(x); with a unit first they round a time.
template <bool Up>
Result<ExprPtr> make_floor(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() == 2) return make_time_rounding(name, std::move(args), Up);
  if (args.size() != 1 || !args[0]->type.is_numeric()) {
    return no_overload(name, args, std::string(name) + "(NUMERIC), " + std::string(name) + "(time TO unit)");
  }
  DataType type = args[0]->type;
  if (type.is_integer()) return args[0];
  Function function;
  function.name = std::string(name);
  if (type.kind == TypeKind::kDecimal) {
    const bool nullable = type.nullable;
    function.kernel = Up ? row_kernel<&ceil_decimal> : row_kernel<&floor_decimal>;
    type = DataType::decimal(type.precision, 0).with_nullable(nullable);
  } else {
    function.kernel = total_kernel<[](double x) { return Up ? std::ceil(x) : std::floor(x); }, double, double>;
    function.total = true;
  }
  return make_function_call(std::move(function), std::move(args), std::move(type));
}

int64_t abs_integer(Row& row, int64_t value) {
  if (value >= 0) return value;
  const auto magnitude = static_cast<int64_t>(-static_cast<uint64_t>(value));
  switch (row.call.type.kind) {  // The least number has no magnitude of its type; it stays, as in Java.
    case TypeKind::kTinyint:
      return static_cast<int8_t>(magnitude);
    case TypeKind::kSmallint:
      return static_cast<int16_t>(magnitude);
    case TypeKind::kInt:
      return static_cast<int32_t>(magnitude);
    default:
      return magnitude;
  }
}

Result<ExprPtr> make_abs(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 1 || !args[0]->type.is_numeric()) return no_overload(name, args, "ABS(NUMERIC)");
  Function function;
  function.name = std::string(name);
  switch (args[0]->type.physical()) {
    case Physical::kInt64:
      function.kernel = row_kernel<&abs_integer>;
      break;
    case Physical::kDouble:
      function.kernel = row_kernel<[](double x) { return std::fabs(x); }>;
      break;
    default:
      function.kernel = row_kernel<[](Int128 x) { return x < 0 ? -x : x; }>;
  }
  DataType type = args[0]->type;
  return make_function_call(std::move(function), std::move(args), std::move(type));
}

Result<ExprPtr> make_sign(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 1 || !args[0]->type.is_numeric()) return no_overload(name, args, "SIGN(NUMERIC)");
  Function function;
  function.name = std::string(name);
  switch (args[0]->type.physical()) {
    case Physical::kInt64:
      function.kernel = row_kernel<[](int64_t x) -> int64_t { return (x > 0) - (x < 0); }>;
      break;
    case Physical::kDouble:
      function.kernel = row_kernel<[](double x) { return std::isnan(x) || x == 0 ? x : std::copysign(1.0, x); }>;
      break;
    default:
      function.kernel = row_kernel<[](Row& row, Int128 x) -> Int128 {
        Int128 one = power_of_ten(row.call.type.scale);
        return (x > Int128{0}) * one - (x < Int128{0}) * one;
      }>;
  }
  DataType type = args[0]->type;
  return make_function_call(std::move(function), std::move(args), std::move(type));
}

template <class T, bool Greatest>
void extreme_kernel(const Expr&, std::span<const ColumnPtr> args, Selection selection, Column& out, EvalContext&) {
  const auto to = out.get<T>();
  if constexpr (std::is_same_v<T, BytesView>) {
    for (const ColumnPtr& arg : args) out.keep_alive(*arg);
  }
  for (uint32_t row : selection) {
    T best = args[0]->get<T>()[row];
    for (const ColumnPtr& arg : args.subspan(1)) {
      const T other = arg->get<T>()[row];
      if (Greatest ? best < other : other < best) best = other;
    }
    to[row] = best;
  }
}

template <bool Greatest>
Result<ExprPtr> make_extreme(std::string_view name, std::vector<ExprPtr> args) {
  if (args.empty()) return no_overload(name, args, std::string(name) + "(value, …)");
  TRY_ASSIGN(DataType type, unify(args));
  if (type.is_nested() || type.kind == TypeKind::kNull)
    return no_overload(name, args, std::string(name) + "(value, …)");
  Function function;
  function.name = std::string(name);
  switch (type.physical()) {
    case Physical::kBool:
      function.kernel = extreme_kernel<uint8_t, Greatest>;
      break;
    case Physical::kInt64:
      function.kernel = extreme_kernel<int64_t, Greatest>;
      break;
    case Physical::kDouble:
      function.kernel = extreme_kernel<double, Greatest>;
      break;
    case Physical::kDecimal:
      function.kernel = extreme_kernel<Int128, Greatest>;
      break;
    case Physical::kBytes:
      function.kernel = extreme_kernel<BytesView, Greatest>;
  }
  return make_function_call(std::move(function), std::move(args), std::move(type));
}

// A sequence that only `settings.random` starts; without one it is always the same.
uint64_t random_bits(const Row& row) {
  if (row.settings().random) return row.settings().random();
  thread_local uint64_t state = 0;
  uint64_t z = state += 0x9E3779B97F4A7C15;  // splitmix64
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

double random_double(Row& row) {
  return static_cast<double>(random_bits(row) >> 11) * 0x1p-53;
}

__extension__ typedef unsigned __int128 UInt128;

std::optional<int64_t> random_integer(Row& row, int64_t bound) {
  if (bound <= 0)
    return row.fail("argument.invalid", "RAND_INTEGER: the bound must be positive, not " + std::to_string(bound));
  return static_cast<int64_t>((static_cast<UInt128>(random_bits(row)) * static_cast<uint64_t>(bound)) >> 64);
}

std::string uuid(Row& row) {
  uint64_t high = random_bits(row), low = random_bits(row);
  high = (high & ~uint64_t{0xF000}) | 0x4000;                // Version 4.
  low = (low & ~(uint64_t{3} << 62)) | (uint64_t{2} << 62);  // Variant 1.
  std::string out;
  for (int digit = 0; digit < 32; ++digit) {
    if (digit == 8 || digit == 12 || digit == 16 || digit == 20) out += '-';
    const uint64_t half = digit < 16 ? high : low;
    out += "0123456789abcdef"[(half >> (60 - 4 * (digit % 16))) & 15];
  }
  return out;
}

double log_to_base(double base, double x) {
  return std::log(x) / std::log(base);
}

constexpr Overload kNumeric[] = {
    {"POWER", "dd", "d", row_kernel<[](double x, double y) { return std::pow(x, y); }>},
    {"SQRT", "d", "d", row_kernel<[](double x) { return std::sqrt(x); }>},
    {"EXP", "d", "d", row_kernel<[](double x) { return std::exp(x); }>},
    {"LN", "d", "d", row_kernel<[](double x) { return std::log(x); }>},
    {"LOG", "d", "d", row_kernel<[](double x) { return std::log(x); }>},
    {"LOG", "dd", "d", row_kernel<&log_to_base>},
    {"LOG2", "d", "d", row_kernel<[](double x) { return log_to_base(2, x); }>},
    {"LOG10", "d", "d", row_kernel<[](double x) { return std::log10(x); }>},
    {"SIN", "d", "d", row_kernel<[](double x) { return std::sin(x); }>},
    {"COS", "d", "d", row_kernel<[](double x) { return std::cos(x); }>},
    {"TAN", "d", "d", row_kernel<[](double x) { return std::tan(x); }>},
    {"COT", "d", "d", row_kernel<[](double x) { return 1 / std::tan(x); }>},
    {"ASIN", "d", "d", row_kernel<[](double x) { return std::asin(x); }>},
    {"ACOS", "d", "d", row_kernel<[](double x) { return std::acos(x); }>},
    {"ATAN", "d", "d", row_kernel<[](double x) { return std::atan(x); }>},
    {"ATAN2", "dd", "d", row_kernel<[](double y, double x) { return std::atan2(y, x); }>},
    {"SINH", "d", "d", row_kernel<[](double x) { return std::sinh(x); }>},
    {"COSH", "d", "d", row_kernel<[](double x) { return std::cosh(x); }>},
    {"TANH", "d", "d", row_kernel<[](double x) { return std::tanh(x); }>},
    {"DEGREES", "d", "d", row_kernel<[](double x) { return x * 57.29577951308232; }>},
    {"RADIANS", "d", "d", row_kernel<[](double x) { return x * 0.017453292519943295; }>},
    {"PI", "", "d", row_kernel<[] { return std::numbers::pi; }>},
    {"E", "", "d", row_kernel<[] { return std::numbers::e; }>},
    {"RAND", "", "d", row_kernel<&random_double>, kVolatile},
    {"RAND_INTEGER", "l", "i", row_kernel<&random_integer>, kVolatile},
    {"UUID", "", "s", row_kernel<&uuid>, kVolatile},
};

constexpr Special kNumericSpecials[] = {
    {"ABS", make_abs, "ABS(NUMERIC)"},
    {"SIGN", make_sign, "SIGN(NUMERIC)"},
    {"FLOOR", make_floor<false>, "FLOOR(NUMERIC), FLOOR(time TO unit)"},
    {"CEIL", make_floor<true>, "CEIL(NUMERIC), CEIL(time TO unit)"},
    {"CEILING", make_floor<true>, "CEILING(NUMERIC), CEILING(time TO unit)"},
    {"ROUND", make_round<Rounding::kHalfUp>, "ROUND(NUMERIC[, INTEGER])"},
    {"TRUNCATE", make_round<Rounding::kTruncate>, "TRUNCATE(NUMERIC[, INTEGER])"},
    {"GREATEST", make_extreme<true>, "GREATEST(value, …)"},
    {"LEAST", make_extreme<false>, "LEAST(value, …)"},
};

}  // namespace

Family numeric_family() {
  return {"Numbers", kNumeric, kNumericSpecials};
}

}  // namespace leat
