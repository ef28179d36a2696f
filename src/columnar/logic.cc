// Logic, tests for NULL and truth, and the conditional functions that are other kinds of expression.
#include <algorithm>

#include "columnar/kernel.h"
#include "columnar/operators.h"

namespace leat {
namespace {

constexpr Kernel kNot = total_kernel<[](uint8_t a) { return a == 0; }, uint8_t, uint8_t>;

template <bool Null>
void null_kernel(const Expr&, std::span<const ColumnPtr> args, Selection, Column& out, EvalContext&) {
  const auto to = out.bools();
  const auto valid = args[0]->validity();
  if (valid.empty()) {
    std::fill(to.begin(), to.end(), uint8_t{!Null});
    return;
  }
  for (size_t row = 0; row < to.size(); ++row) to[row] = (valid[row] == 0) == Null;
}

// IS [NOT] TRUE, IS [NOT] FALSE.
template <bool Wanted, bool Negated>
void truth_kernel(const Expr&, std::span<const ColumnPtr> args, Selection selection, Column& out, EvalContext&) {
  const auto to = out.bools();
  const auto from = args[0]->bools();
  for (uint32_t row : selection) {
    const bool is = args[0]->valid(row) && (from[row] != 0) == Wanted;
    to[row] = is != Negated;
  }
}

Error wrong_logic(std::string_view name, const std::vector<ExprPtr>& args) {
  return no_overload(name, args, "BOOLEAN " + std::string(name));
}

// A bare NULL is an unknown truth here.
bool make_boolean(ExprPtr& arg) {
  if (arg->type.kind == TypeKind::kNull) arg = Expr::make_literal({}, DataType::boolean());
  return arg->type.kind == TypeKind::kBoolean;
}

Result<ExprPtr> make_connective(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() < 2) return wrong_logic(name, args);
  for (ExprPtr& arg : args) {
    if (!make_boolean(arg)) return wrong_logic(name, args);
  }
  auto expr = std::make_shared<Expr>();
  expr->kind = name == "AND" ? Expr::Kind::kAnd : Expr::Kind::kOr;
  expr->type = strict_type(args, DataType::boolean());
  expr->line = args[0]->line;
  expr->character = args[0]->character;
  // AND of ANDs is one.
  for (ExprPtr& arg : args) {
    if (arg->kind == expr->kind) {
      expr->args.insert(expr->args.end(), arg->args.begin(), arg->args.end());
    } else {
      expr->args.push_back(std::move(arg));
    }
  }
  return ExprPtr(std::move(expr));
}

Result<ExprPtr> make_truth(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 1 || !make_boolean(args[0])) return wrong_logic(name, args);
  Function function;
  function.name = std::string(name);
  if (name == "NOT") {
    function.kernel = kNot;
    function.total = true;
    DataType result = args[0]->type;
    return make_function_call(std::move(function), std::move(args), std::move(result));
  }
  function.handles_nulls = true;
  if (name == "IS TRUE") {
    function.kernel = truth_kernel<true, false>;
  } else if (name == "IS NOT TRUE") {
    function.kernel = truth_kernel<true, true>;
  } else if (name == "IS FALSE") {
    function.kernel = truth_kernel<false, false>;
  } else {
    function.kernel = truth_kernel<false, true>;
  }
  return make_function_call(std::move(function), std::move(args), DataType::boolean().with_nullable(false));
}

Result<ExprPtr> make_null_test(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 1) return no_overload(name, args, "value " + std::string(name));
  Function function;
  function.name = std::string(name);
  function.kernel = name == "IS NULL" || name == "IS UNKNOWN" ? null_kernel<true> : null_kernel<false>;
  function.handles_nulls = true;
  return make_function_call(std::move(function), std::move(args), DataType::boolean().with_nullable(false));
}

// args: when, then, …, [else].
Result<ExprPtr> make_case(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() < 2) return no_overload(name, args, "CASE WHEN BOOLEAN THEN value … ELSE value END");
  const bool has_else = args.size() % 2 != 0;
  std::vector<size_t> results;
  for (size_t i = 0; i + 1 < args.size(); i += 2) {
    if (!make_boolean(args[i])) return no_overload(name, {args[i]}, "CASE WHEN BOOLEAN");
    results.push_back(i + 1);
  }
  if (has_else) results.push_back(args.size() - 1);
  DataType type = args[results[0]]->type;
  for (size_t place : results) {
    TRY_ASSIGN(type, common_type(type, args[place]->type));
  }
  if (!has_else) type.nullable = true;
  for (size_t place : results) args[place] = Expr::make_cast(args[place], type);
  auto expr = std::make_shared<Expr>();
  expr->kind = Expr::Kind::kCase;
  expr->type = type;
  expr->line = args[0]->line;
  expr->character = args[0]->character;
  expr->args = std::move(args);
  return ExprPtr(std::move(expr));
}

Result<ExprPtr> make_if(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 3) return no_overload(name, args, "IF(BOOLEAN, value, value)");
  return make_case(name, std::move(args));
}

Result<ExprPtr> make_coalesce(std::string_view name, std::vector<ExprPtr> args) {
  const bool pair = name == "IFNULL";
  if (args.empty() || (pair && args.size() != 2)) return no_overload(name, args, std::string(name) + "(value, …)");
  const bool never_null = std::ranges::any_of(args, [](const ExprPtr& arg) { return !arg->type.nullable; });
  TRY_ASSIGN(DataType type, unify(args));
  if (args.size() == 1) return args[0];
  auto expr = std::make_shared<Expr>();
  expr->kind = Expr::Kind::kCoalesce;
  expr->type = type.with_nullable(!never_null);
  expr->line = args[0]->line;
  expr->character = args[0]->character;
  expr->args = std::move(args);
  return ExprPtr(std::move(expr));
}

// NULLIF(a, b): NULL where a = b, else a.
Result<ExprPtr> make_nullif(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 2) return no_overload(name, args, "NULLIF(value, value)");
  const ExprPtr value = args[0];
  TRY_ASSIGN(ExprPtr equal, make_comparison("=", std::move(args)));
  return make_case(name, {equal, Expr::make_literal({}, value->type), value});
}

constexpr Special kLogic[] = {
    {"AND", make_connective, "BOOLEAN AND BOOLEAN"},
    {"OR", make_connective, "BOOLEAN OR BOOLEAN"},
    {"NOT", make_truth, "NOT BOOLEAN"},
    {"IS TRUE", make_truth, "BOOLEAN IS TRUE"},
    {"IS NOT TRUE", make_truth, "BOOLEAN IS NOT TRUE"},
    {"IS FALSE", make_truth, "BOOLEAN IS FALSE"},
    {"IS NOT FALSE", make_truth, "BOOLEAN IS NOT FALSE"},
    {"IS NULL", make_null_test, "value IS NULL"},
    {"IS NOT NULL", make_null_test, "value IS NOT NULL"},
    {"IS UNKNOWN", make_null_test, "BOOLEAN IS UNKNOWN"},
    {"IS NOT UNKNOWN", make_null_test, "BOOLEAN IS NOT UNKNOWN"},
    {"CASE", make_case, "CASE WHEN BOOLEAN THEN value … ELSE value END"},
    {"IF", make_if, "IF(BOOLEAN, value, value)"},
    {"COALESCE", make_coalesce, "COALESCE(value, …)"},
    {"IFNULL", make_coalesce, "IFNULL(value, value)"},
    {"NULLIF", make_nullif, "NULLIF(value, value)"},
};

}  // namespace

Family logic_family() {
  return {"Conditions", {}, kLogic};
}

}  // namespace leat
