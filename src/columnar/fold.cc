// Constant folding.
#include <algorithm>

#include "columnar/expr.h"
#include "columnar/function.h"

namespace leat {
namespace {

bool holds_zoned(const DataType& type) {
  if (type.kind == TypeKind::kTimestampLtz) return true;
  return type.is_nested() &&
         std::ranges::any_of(*type.children, [](const Field& field) { return holds_zoned(field.type); });
}

// The session's time zone is not known yet when an expression is folded.
bool depends_on_zone(const Expr& expr) {
  if (expr.function && expr.function->zoned) return true;
  if (expr.kind == Expr::Kind::kCast && holds_zoned(expr.type) != holds_zoned(expr.args[0]->type)) return true;
  return std::ranges::any_of(expr.args, [](const ExprPtr& arg) { return depends_on_zone(*arg); });
}

}  // namespace

ExprPtr fold_constants(ExprPtr expr) {
  if (expr->kind == Expr::Kind::kColumn || expr->kind == Expr::Kind::kLiteral) return expr;
  if (!is_constant(*expr) || depends_on_zone(*expr)) {
    auto copy = std::make_shared<Expr>(*expr);
    for (ExprPtr& arg : copy->args) arg = fold_constants(std::move(arg));
    return copy;
  }
  const EvalSettings settings;
  RowErrors errors;
  EvalContext context{settings, errors};
  Batch one;
  one.rows = 1;
  const uint32_t row = 0;
  const ColumnPtr result = evaluate(*expr, one, {&row, 1}, context);
  if (!errors.empty()) return expr;
  auto literal = std::make_shared<Expr>(*Expr::make_literal(result->value(0), expr->type));
  literal->line = expr->line;
  literal->character = expr->character;
  return literal;
}

}  // namespace leat
