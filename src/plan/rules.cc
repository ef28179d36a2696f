#include "plan/rules.h"

namespace leat {

ExprPtr substitute(const ExprPtr& expr, const std::vector<ExprPtr>& columns) {
  if (expr->kind == Expr::Kind::kColumn) return columns[expr->column];
  if (expr->args.empty()) return expr;
  auto out = std::make_shared<Expr>(*expr);
  for (ExprPtr& arg : out->args) arg = substitute(arg, columns);
  return out;
}

bool is_plain(const Expr& expr) {
  return expr.kind == Expr::Kind::kColumn || expr.kind == Expr::Kind::kLiteral;
}

std::vector<std::string> names_of(const Rel& rel) {
  std::vector<std::string> out;
  for (const Field& field : rel.schema) out.push_back(field.name);
  return out;
}

}  // namespace leat
