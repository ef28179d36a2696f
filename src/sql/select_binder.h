#pragma once
// SelectBinder: one SELECT, from its bound FROM and WHERE to its rows.
#include <memory>
#include <set>

#include "sql/aggregate_binder.h"
#include "sql/binder.h"

namespace leat {

class SelectBinder {
 public:
  SelectBinder(QueryBinder& queries, BoundRelation input, const ast::Select& select, const ast::Query& whole,
               ast::Position at)
      : queries_(queries), input_(std::move(input)), select_(select), whole_(whole), at_(at) {}

  Result<BoundRelation> run(bool aggregates);

 private:
  Status aggregate();  // bind_group.cc: sets binder_ to one over groups.
  Status bind_group_items(AggregateBinder&);
  Status take_legacy_window(const ast::Expr&);
  Result<RelPtr> finish_source();  // What the outputs are expressions over.
  Status bind_items();
  Status bind_order();
  size_t alias_index(const std::string& name) const;
  Result<BoundRelation> finish(RelPtr);

  QueryBinder& queries_;
  BoundRelation input_;
  const ast::Select& select_;
  const ast::Query& whole_;
  ast::Position at_;
  std::vector<ast::SelectItem> items_;
  std::unique_ptr<ExpressionBinder> binder_;
  AggregateBinder* grouped_ = nullptr;  // The same, when it groups.
  std::vector<ExprPtr> outputs_;        // The visible ones first, then what only ORDER BY needs.
  std::vector<std::string> names_;
  size_t visible_ = 0;
  SortRel sort_;
  ExprPtr having_;
  bool windowed_ = false;                       // Grouped by a whole window.
  std::optional<WindowFunctionRel> legacy_;     // A window that is said in GROUP BY itself.
  std::optional<WindowColumns> window_source_;  // In what the outputs are over.
};

}  // namespace leat
