// = <> < <= > >=, IS [NOT] DISTINCT FROM, IN.
#include <algorithm>
#include <unordered_set>

#include "columnar/decimal.h"
#include "columnar/kernel.h"
#include "columnar/operators.h"

namespace leat {
namespace {

enum class Compare { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };

std::optional<Compare> compare_of(std::string_view name) {
  constexpr std::pair<std::string_view, Compare> kNames[] = {{"=", Compare::kEqual},   {"<>", Compare::kNotEqual},
                                                             {"<", Compare::kLess},    {"<=", Compare::kLessEqual},
                                                             {">", Compare::kGreater}, {">=", Compare::kGreaterEqual}};
  for (const auto& [symbol, compare] : kNames) {
    if (symbol == name) return compare;
  }
  return std::nullopt;
}

template <Compare C>
constexpr auto kOf = [](auto a, auto b) -> bool {
  if constexpr (C == Compare::kEqual) return a == b;
  if constexpr (C == Compare::kNotEqual) return a != b;
  if constexpr (C == Compare::kLess) return a < b;
  if constexpr (C == Compare::kLessEqual) return a <= b;
  if constexpr (C == Compare::kGreater) return a > b;
  if constexpr (C == Compare::kGreaterEqual) return a >= b;
};

template <Compare C>
bool compare_bytes(BytesView a, BytesView b) {
  return kOf<C>(a, b);
}

template <Compare C>
bool compare_decimals(Row& row, Int128 a, Int128 b) {
  return kOf<C>(decimal_compare(a, row.argument(0).scale, b, row.argument(1).scale), 0);
}

template <Compare C>
Kernel kernel_for(Physical physical) {
  switch (physical) {
    case Physical::kBool:
      return total_kernel<kOf<C>, uint8_t, uint8_t>;
    case Physical::kInt64:
      return total_kernel<kOf<C>, int64_t, uint8_t>;
    case Physical::kDouble:
      return total_kernel<kOf<C>, double, uint8_t>;
    case Physical::kDecimal:
      return row_kernel<&compare_decimals<C>>;
    case Physical::kBytes:
      return row_kernel<&compare_bytes<C>>;
  }
  return nullptr;
}

Kernel kernel_for(Compare compare, Physical physical) {
  switch (compare) {
    case Compare::kEqual:
      return kernel_for<Compare::kEqual>(physical);
    case Compare::kNotEqual:
      return kernel_for<Compare::kNotEqual>(physical);
    case Compare::kLess:
      return kernel_for<Compare::kLess>(physical);
    case Compare::kLessEqual:
      return kernel_for<Compare::kLessEqual>(physical);
    case Compare::kGreater:
      return kernel_for<Compare::kGreater>(physical);
    case Compare::kGreaterEqual:
      return kernel_for<Compare::kGreaterEqual>(physical);
  }
  return nullptr;
}

bool is_time(const DataType& type) {
  return type.kind >= TypeKind::kDate && type.kind <= TypeKind::kTimestampLtz;
}

// Of two columns after make_comparable.
bool equal_at(const Column& a, const Column& b, uint32_t row) {
  switch (a.type().physical()) {
    case Physical::kBool:
      return a.bools()[row] == b.bools()[row];
    case Physical::kInt64:
      return a.ints()[row] == b.ints()[row];
    case Physical::kDouble:
      return a.doubles()[row] == b.doubles()[row];
    case Physical::kDecimal:
      return decimal_compare(a.decimals()[row], a.type().scale, b.decimals()[row], b.type().scale) == 0;
    case Physical::kBytes:
      return a.bytes()[row] == b.bytes()[row];
  }
  return false;
}

template <bool Distinct>
void distinct_kernel(const Expr&, std::span<const ColumnPtr> args, Selection selection, Column& out, EvalContext&) {
  const auto to = out.bools();
  for (uint32_t row : selection) {
    const bool left = args[0]->valid(row), right = args[1]->valid(row);
    const bool same = left && right ? equal_at(*args[0], *args[1], row) : left == right;
    to[row] = same != Distinct;
  }
}

// The values of IN's list where they are all literals, so that a long list costs one probe.
struct InSet {
  std::unordered_set<int64_t> integers;
  std::unordered_set<Bytes> texts;
  bool has_null = false;
};

void in_set_kernel(const Expr& call, std::span<const ColumnPtr> args, Selection selection, Column& out, EvalContext&) {
  const auto& set = *static_cast<const InSet*>(call.function->prepared.get());
  const Column& value = *args[0];
  const auto to = out.bools();
  const bool integers = value.type().physical() == Physical::kInt64;
  Bytes probe;
  for (uint32_t row : selection) {
    if (!value.valid(row)) {
      out.set_null(row);
      continue;
    }
    bool found = false;
    if (integers) {
      found = set.integers.contains(value.ints()[row]);
    } else {
      probe.assign(value.bytes()[row]);
      found = set.texts.contains(probe);
    }
    to[row] = found;
    if (!found && set.has_null) out.set_null(row);
  }
}

void in_kernel(const Expr&, std::span<const ColumnPtr> args, Selection selection, Column& out, EvalContext&) {
  const auto to = out.bools();
  for (uint32_t row : selection) {
    bool found = false, unknown = !args[0]->valid(row);
    for (size_t i = 1; i < args.size() && !found && args[0]->valid(row); ++i) {
      if (args[i]->valid(row)) {
        found = equal_at(*args[0], *args[i], row);
      } else {
        unknown = true;
      }
    }
    to[row] = found;
    if (!found && unknown) out.set_null(row);
  }
}

std::shared_ptr<const InSet> literal_set(const std::vector<ExprPtr>& args) {
  const Physical physical = args[0]->type.physical();
  if (physical != Physical::kInt64 && physical != Physical::kBytes) return nullptr;
  auto set = std::make_shared<InSet>();
  for (size_t i = 1; i < args.size(); ++i) {
    if (args[i]->kind != Expr::Kind::kLiteral || args[i]->type.physical() != physical) return nullptr;
    const Value& value = args[i]->literal;
    if (value.is_null()) {
      set->has_null = true;
    } else if (physical == Physical::kInt64) {
      set->integers.insert(*std::get_if<int64_t>(&value.data));
    } else {
      set->texts.insert(*std::get_if<std::string>(&value.data));
    }
  }
  return set;
}

}  // namespace

Status make_comparable(std::string_view name, ExprPtr& left, ExprPtr& right) {
  const DataType& a = left->type;
  const DataType& b = right->type;
  // Text beside a time is read as that time.
  if (a.is_text() && is_time(b)) {
    left = fold_constants(Expr::make_cast(left, b));
    return {};
  }
  if (b.is_text() && is_time(a)) {
    right = fold_constants(Expr::make_cast(right, a));
    return {};
  }
  const bool dates_only = (a.kind == TypeKind::kDate) == (b.kind == TypeKind::kDate);
  const auto common = common_type(a, b);
  if (!common || !dates_only || a.kind == TypeKind::kNull || b.kind == TypeKind::kNull) {
    return no_overload(name, {left, right}, "a comparison between values of one type; CAST one of them");
  }
  // Decimals of any scale, lengths and precisions compare as they are.
  const bool exact = common->kind == TypeKind::kDecimal;
  const auto side = [&](ExprPtr& expr) {
    if (exact && expr->type.is_integer()) {
      expr = Expr::make_cast(expr, DataType::decimal(19, 0));
    } else if (!exact && (expr->type.physical() != common->physical() || expr->type.is_nested() ||
                          expr->type.kind == TypeKind::kTimestamp)) {
      // A TIMESTAMP beside a TIMESTAMP_LTZ is one in the session's zone.
      if (expr->type.kind != common->kind || expr->type.is_nested()) expr = Expr::make_cast(expr, *common);
    }
  };
  side(left);
  side(right);
  return {};
}

Result<ExprPtr> make_comparison(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 2) return no_overload(name, args, "value " + std::string(name) + " value");
  for (size_t i = 0; i < 2; ++i) {
    if (args[i]->type.kind == TypeKind::kNull) args[i] = Expr::make_literal({}, args[1 - i]->type);
  }
  // NULL with NULL: of any type they are the same.
  if (args[0]->type.kind == TypeKind::kNull) args.assign(2, Expr::make_literal({}, DataType::boolean()));
  Function function;
  function.name = std::string(name);
  const auto compare = compare_of(name);
  if (!compare) {
    function.kernel = name == "IS DISTINCT FROM" ? distinct_kernel<true> : distinct_kernel<false>;
    function.handles_nulls = true;
    TRY(make_comparable(name, args[0], args[1]));
    return make_function_call(std::move(function), std::move(args), DataType::boolean().with_nullable(false));
  }
  TRY(make_comparable(name, args[0], args[1]));
  const DataType& type = args[0]->type;
  const bool ordered = *compare != Compare::kEqual && *compare != Compare::kNotEqual;
  if (ordered && type.is_nested()) return no_overload(name, args, "an order for values that are not nested");
  function.kernel = kernel_for(*compare, type.physical());
  function.total = type.physical() != Physical::kDecimal && type.physical() != Physical::kBytes;
  DataType result = strict_type(args, DataType::boolean());
  return make_function_call(std::move(function), std::move(args), std::move(result));
}

Result<ExprPtr> make_in(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() < 2) return no_overload(name, args, "value IN (value, …)");
  DataType common = args[0]->type;
  for (size_t i = 1; i < args.size(); ++i) {
    if (args[i]->type.is_text() && is_time(common)) args[i] = Expr::make_cast(args[i], common);
    TRY_ASSIGN(common, common_type(common, args[i]->type));
  }
  // One type for all, so that a literal of the list can be looked up.
  for (ExprPtr& arg : args) {
    if (arg->type.physical() != common.physical() || arg->type.kind == TypeKind::kTimestamp ||
        common.kind == TypeKind::kDecimal || common.is_nested() || arg->type.kind == TypeKind::kNull) {
      arg = fold_constants(Expr::make_cast(arg, common));
    }
  }
  Function function;
  function.name = "IN";
  function.handles_nulls = true;
  function.prepared = literal_set(args);
  function.kernel = function.prepared ? in_set_kernel : in_kernel;
  DataType result = strict_type(args, DataType::boolean());
  return make_function_call(std::move(function), std::move(args), std::move(result));
}

}  // namespace leat
