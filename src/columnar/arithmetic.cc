// + - * / % on numbers. Integers wrap, decimals that do not fit are NULL, integer division by zero marks the row.
#include <algorithm>

#include "columnar/decimal.h"
#include "columnar/kernel.h"
#include "columnar/operators.h"

namespace leat {
namespace {

constexpr char kByZero[] = "division.by.zero";

// Unsigned, because wrapping is meant; then cut to the width of the SQL type.
template <class Width>
constexpr auto kAdd = [](int64_t a, int64_t b) -> int64_t {
  return static_cast<Width>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
};
template <class Width>
constexpr auto kSubtract = [](int64_t a, int64_t b) -> int64_t {
  return static_cast<Width>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
};
template <class Width>
constexpr auto kMultiply = [](int64_t a, int64_t b) -> int64_t {
  return static_cast<Width>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
};
template <class Width>
constexpr auto kNegate = [](int64_t a) -> int64_t { return static_cast<Width>(-static_cast<uint64_t>(a)); };

std::optional<int64_t> divide(Row& row, int64_t a, int64_t b) {
  if (b == 0) return row.fail(kByZero, std::to_string(a) + " / 0");
  if (b == -1) return kNegate<int64_t>(a);  // The only quotient that overflows.
  return a / b;
}

template <class Width>
std::optional<int64_t> divide_as(Row& row, int64_t a, int64_t b) {
  const auto quotient = divide(row, a, b);
  return quotient ? std::optional<int64_t>(static_cast<Width>(*quotient)) : std::nullopt;
}

std::optional<int64_t> modulo(Row& row, int64_t a, int64_t b) {
  if (b == 0) return row.fail(kByZero, std::to_string(a) + " % 0");
  return b == -1 ? 0 : a % b;
}

template <class Float>
struct Floating {
  static constexpr auto kPlus = [](double a, double b) -> double {
    return static_cast<Float>(a) + static_cast<Float>(b);
  };
  static constexpr auto kMinus = [](double a, double b) -> double {
    return static_cast<Float>(a) - static_cast<Float>(b);
  };
  static constexpr auto kTimes = [](double a, double b) -> double {
    return static_cast<Float>(a) * static_cast<Float>(b);
  };
  static constexpr auto kOver = [](double a, double b) -> double {
    return static_cast<Float>(a) / static_cast<Float>(b);
  };
};

template <auto F>
std::optional<Int128> decimal_kernel(Row& row, Int128 a, Int128 b) {
  const DataType& left = row.argument(0);
  const DataType& right = row.argument(1);
  return F(a, left.scale, b, right.scale, row.call.type.precision, row.call.type.scale);
}

std::optional<Int128> decimal_difference(Int128 a, int a_scale, Int128 b, int b_scale, int precision, int scale) {
  return decimal_add(a, a_scale, -b, b_scale, precision, scale);
}

template <auto F>
std::optional<Int128> decimal_by(Row& row, Int128 a, Int128 b) {
  if (b == 0) return row.fail(kByZero, decimal_to_text(a, row.argument(0).scale) + " divided by 0");
  return decimal_kernel<F>(row, a, b);
}

template <auto F, class T>
constexpr Kernel kTotal = total_kernel<F, T, T>;

struct Chosen {
  Kernel kernel;
  bool total = true;
};

template <class Width>
Chosen integer_kernel(char symbol) {
  switch (symbol) {
    case '+':
      return {kTotal<kAdd<Width>, int64_t>};
    case '-':
      return {kTotal<kSubtract<Width>, int64_t>};
    case '*':
      return {kTotal<kMultiply<Width>, int64_t>};
    case '/':
      return {row_kernel<&divide_as<Width>>, false};
    default:
      return {row_kernel<&modulo>, false};
  }
}

template <class Float>
Chosen floating_kernel(char symbol) {
  switch (symbol) {
    case '+':
      return {kTotal<Floating<Float>::kPlus, double>};
    case '-':
      return {kTotal<Floating<Float>::kMinus, double>};
    case '*':
      return {kTotal<Floating<Float>::kTimes, double>};
    default:
      return {kTotal<Floating<Float>::kOver, double>};
  }
}

Kernel decimal_kernel_for(char symbol) {
  switch (symbol) {
    case '+':
      return row_kernel<&decimal_kernel<decimal_add>>;
    case '-':
      return row_kernel<&decimal_kernel<decimal_difference>>;
    case '*':
      return row_kernel<&decimal_kernel<decimal_multiply>>;
    case '/':
      return row_kernel<&decimal_by<decimal_divide>>;
    default:
      return row_kernel<&decimal_by<decimal_modulo>>;
  }
}

DataType decimal_of(const DataType& type) {
  if (type.kind == TypeKind::kDecimal) return type;
  constexpr int kDigits[] = {3, 5, 10, 19};
  return DataType::decimal(kDigits[static_cast<int>(type.kind) - static_cast<int>(TypeKind::kTinyint)], 0);
}

// More than 38 digits: the scale gives way, down to 6, so that whole digits are kept.
DataType adjusted(int precision, int scale) {
  if (precision <= kDecimalDigitsMax) return DataType::decimal(precision, scale);
  const int whole = precision - scale;
  const int kept = std::max(kDecimalDigitsMax - whole, std::min(scale, 6));
  return DataType::decimal(kDecimalDigitsMax, kept);
}

// Flink's LogicalTypeMerging, which has it from SQL Server.
DataType decimal_result(char symbol, const DataType& a, const DataType& b) {
  const int p1 = a.precision, s1 = a.scale, p2 = b.precision, s2 = b.scale;
  switch (symbol) {
    case '*':
      return adjusted(p1 + p2 + 1, s1 + s2);
    case '/': {
      const int scale = std::max(6, s1 + p2 + 1);
      return adjusted(p1 - s1 + s2 + scale, scale);
    }
    case '%':
      return adjusted(std::min(p1 - s1, p2 - s2) + std::max(s1, s2), std::max(s1, s2));
    default:
      return adjusted(std::max(p1 - s1, p2 - s2) + std::max(s1, s2) + 1, std::max(s1, s2));
  }
}

Chosen kernel_for(char symbol, TypeKind kind) {
  switch (kind) {
    case TypeKind::kTinyint:
      return integer_kernel<int8_t>(symbol);
    case TypeKind::kSmallint:
      return integer_kernel<int16_t>(symbol);
    case TypeKind::kInt:
      return integer_kernel<int32_t>(symbol);
    case TypeKind::kBigint:
      return integer_kernel<int64_t>(symbol);
    case TypeKind::kFloat:
      return floating_kernel<float>(symbol);
    default:
      return floating_kernel<double>(symbol);
  }
}

Result<ExprPtr> make_numeric(std::string_view name, std::vector<ExprPtr> args) {
  const char symbol = name == "MOD" ? '%' : name[0];
  TRY_ASSIGN(DataType common, common_type(args[0]->type, args[1]->type));
  if (symbol == '%' && common.physical() == Physical::kDouble) {
    return no_overload(name, args, "MOD of integers and decimals");
  }
  Function function;
  function.name = symbol == '%' ? "%" : std::string(name);
  if (common.kind == TypeKind::kDecimal) {
    const DataType second = args[1]->type, left = decimal_of(args[0]->type), right = decimal_of(second);
    args[0] = Expr::make_cast(args[0], left);
    args[1] = Expr::make_cast(args[1], right);
    function.kernel = decimal_kernel_for(symbol);
    if (symbol == '%' && left.scale == 0 && right.scale == 0) {
      // Of whole numbers the rest has the type of the second, which it always fits.
      return Expr::make_cast(make_function_call(std::move(function), std::move(args), right), second);
    }
    // It may not fit, so it may be NULL.
    return make_function_call(std::move(function), std::move(args), decimal_result(symbol, left, right));
  }
  DataType result = strict_type(args, common);
  // MOD has the type of its second argument (Calcite's ARG1).
  if (symbol == '%' && common.is_integer()) result = args[1]->type.with_nullable(result.nullable);
  const Chosen chosen = kernel_for(symbol, common.kind);
  if (common.physical() == Physical::kDouble) {
    for (ExprPtr& arg : args) arg = Expr::make_cast(arg, common);
  }
  function.kernel = chosen.kernel;
  function.total = chosen.total;
  return make_function_call(std::move(function), std::move(args), result);
}

Result<ExprPtr> make_unary(std::string_view name, std::vector<ExprPtr> args) {
  const DataType type = args[0]->type;
  if (!type.is_numeric() && !type.is_interval()) return no_overload(name, args, "-NUMERIC, -INTERVAL");
  if (name == "+") return args[0];
  Function function;
  function.name = "-";
  function.total = true;
  switch (type.kind) {
    case TypeKind::kTinyint:
      function.kernel = kTotal<kNegate<int8_t>, int64_t>;
      break;
    case TypeKind::kSmallint:
      function.kernel = kTotal<kNegate<int16_t>, int64_t>;
      break;
    case TypeKind::kInt:
      function.kernel = kTotal<kNegate<int32_t>, int64_t>;
      break;
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      function.kernel = kTotal<[](double a) { return -a; }, double>;
      break;
    case TypeKind::kDecimal:
      function.kernel = kTotal<[](Int128 a) { return -a; }, Int128>;
      break;
    default:
      function.kernel = kTotal<kNegate<int64_t>, int64_t>;
  }
  return make_function_call(std::move(function), std::move(args), type);
}

}  // namespace

Result<ExprPtr> make_arithmetic(std::string_view name, std::vector<ExprPtr> args) {
  const std::string usage = "NUMERIC " + std::string(name) + " NUMERIC";
  if (args.size() == 1 && (name == "+" || name == "-")) return make_unary(name, std::move(args));
  if (args.size() != 2) return no_overload(name, args, usage);
  if (args[0]->type.is_numeric() && args[1]->type.is_numeric()) return make_numeric(name, std::move(args));
  const bool interval = args[0]->type.is_interval() || args[1]->type.is_interval();
  if (interval && (name == "+" || name == "-")) return make_interval_arithmetic(name, std::move(args));
  if (interval && name == "*") return make_interval_multiple(std::move(args));
  return no_overload(name, args, usage);
}

}  // namespace leat
