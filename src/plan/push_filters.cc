#include <algorithm>

#include "plan/rel_builder.h"
#include "plan/rules.h"

namespace leat {
namespace {

std::vector<bool> columns_of(const Expr& condition, const Rel& input) {
  std::vector<bool> used(input.schema.size(), false);
  collect_columns(condition, used);
  return used;
}

bool within(const std::vector<bool>& used, size_t first) {
  return std::find(used.begin() + static_cast<ptrdiff_t>(first), used.end(), true) == used.end();
}

ExprPtr all_of(const Expr& conjunction, std::vector<ExprPtr> parts) {
  if (parts.size() == 1) return parts[0];
  auto out = std::make_shared<Expr>(conjunction);
  out->args = std::move(parts);
  return out;
}

RelPtr place(const ExprPtr& condition, const RelPtr& input);

// The node with the condition below it.
RelPtr below(const Rel& node, const ExprPtr& condition) {
  auto out = std::make_shared<Rel>(node);
  out->inputs[0] = place(condition, node.inputs[0]);
  return out;
}

// What a condition on columns that were computed would be on the input's: only if nothing is computed twice.
RelPtr below_project(const Rel& rel, const ProjectRel& project, const ExprPtr& condition) {
  std::vector<bool> used = columns_of(*condition, rel);
  for (size_t i = 0; i < used.size(); ++i) {
    if (used[i] && !is_plain(*project.expressions[i])) return nullptr;
  }
  return below(rel, substitute(condition, project.expressions));
}

// Whole groups pass or fail together if the condition is on keys alone.
RelPtr below_aggregate(const Rel& rel, const AggregateRel& aggregate, const ExprPtr& condition) {
  if (aggregate.keys.empty() || !within(columns_of(*condition, rel), aggregate.keys.size())) return nullptr;
  std::vector<ExprPtr> columns(rel.schema.size());
  for (size_t i = 0; i < aggregate.keys.size(); ++i) {
    columns[i] = Expr::make_column(aggregate.keys[i], rel.inputs[0]->schema[aggregate.keys[i]].type);
  }
  return below(rel, substitute(condition, columns));
}

// Null where it cannot go below.
RelPtr place_below(const ExprPtr& condition, const RelPtr& input) {
  const Rel& rel = *input;
  if (const auto* project = std::get_if<ProjectRel>(&rel.node)) return below_project(rel, *project, condition);
  if (const auto* aggregate = std::get_if<AggregateRel>(&rel.node)) return below_aggregate(rel, *aggregate, condition);
  const auto* window = std::get_if<WindowFunctionRel>(&rel.node);
  if (window == nullptr || window->window.kind == WindowKind::kSession) return nullptr;
  bool on_rows = within(columns_of(*condition, rel), rel.inputs[0]->schema.size());
  return on_rows ? below(rel, condition) : nullptr;
}

// What can go below goes there together and in its order, so that what guards something still does.
RelPtr place(const ExprPtr& condition, const RelPtr& input) {
  if (RelPtr placed = place_below(condition, input)) return placed;
  if (condition->kind != Expr::Kind::kAnd) return make_filter_rel(input, condition);
  std::vector<ExprPtr> goes, stays;
  for (const ExprPtr& part : condition->args) (place_below(part, input) ? goes : stays).push_back(part);
  RelPtr out = goes.empty() ? input : place_below(all_of(*condition, std::move(goes)), input);
  return make_filter_rel(out, all_of(*condition, std::move(stays)));
}

}  // namespace

RelPtr push_filters(RelPtr rel) {
  RelPtr out = rewrite_inputs(rel, push_filters);
  const auto* filter = std::get_if<FilterRel>(&out->node);
  return filter == nullptr ? out : place(filter->condition, out->inputs[0]);
}

}  // namespace leat
