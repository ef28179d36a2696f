#include "plan/rel_builder.h"
#include "plan/rules.h"

namespace leat {
namespace {

void count_uses(const Expr& expr, std::vector<int>& uses) {
  if (expr.kind == Expr::Kind::kColumn) ++uses[expr.column];
  for (const ExprPtr& arg : expr.args) count_uses(*arg, uses);
}

bool computes_once(const ProjectRel& outer, const ProjectRel& inner) {
  std::vector<int> uses(inner.expressions.size(), 0);
  for (const ExprPtr& expr : outer.expressions) count_uses(*expr, uses);
  for (size_t i = 0; i < uses.size(); ++i) {
    if (uses[i] > 1 && !is_plain(*inner.expressions[i])) return false;
  }
  return true;
}

}  // namespace

RelPtr merge_projections(RelPtr rel) {
  RelPtr out = rewrite_inputs(rel, merge_projections);
  const auto* outer = std::get_if<ProjectRel>(&out->node);
  const auto* inner = outer == nullptr ? nullptr : std::get_if<ProjectRel>(&out->inputs[0]->node);
  if (inner == nullptr || !computes_once(*outer, *inner)) return out;
  std::vector<ExprPtr> expressions;
  for (const ExprPtr& expr : outer->expressions) expressions.push_back(substitute(expr, inner->expressions));
  return make_project_rel(out->inputs[0]->inputs[0], std::move(expressions), names_of(*out));
}

}  // namespace leat
