#pragma once
// The optimiser's rules: each rewrites a plan into one that gives the same rows, in columns of the same order and
// names. optimize.cc applies them.
#include "plan/rel.h"

namespace leat {

// Conditions go below projections, windows and groupings, so that fewer rows are carried and kept. Not below a session
// window: what its rows are decides where sessions end.
RelPtr push_filters(RelPtr);

// A grouping by window_start and window_end of a window function takes the function in: instead of a row for each
// window there is only the state of each window. As in Flink conditions between the two go below the function, and
// sessions are taken in only by a grouping on exactly the columns that they are of.
RelPtr merge_windows(RelPtr);

// A projection of a projection becomes one, unless something would be computed twice.
RelPtr merge_projections(RelPtr);

// ---- For the rules ----

// Applies `rule` to the node whose inputs it has been applied to already.
template <class Rule>
RelPtr rewrite_inputs(const RelPtr& rel, const Rule& rule) {
  auto out = std::make_shared<Rel>(*rel);
  for (RelPtr& input : out->inputs) input = rule(input);
  return out;
}

// The expression with `columns[i]` for its column i.
ExprPtr substitute(const ExprPtr&, const std::vector<ExprPtr>& columns);
// A column or a literal: costs nothing to compute twice.
bool is_plain(const Expr&);
std::vector<std::string> names_of(const Rel&);

}  // namespace leat
