#pragma once
// AggregateBinder: expressions over groups. A grouped expression becomes its key, an aggregate call its result.
//
// While it binds, columns are numbered in a space of their own: the keys, then window_start, window_end and
// window_time, then the calls in the order in which they are met. finish() makes the nodes and says where each number
// went.
#include <optional>
#include <set>

#include "sql/binder.h"

namespace leat {

class AggregateBinder final : public ExpressionBinder {
 public:
  AggregateBinder(std::string_view script, std::vector<ScopeColumn> scope)
      : ExpressionBinder(script, scope), rows_(script, std::move(scope)) {}

  // Before the first bind(). Grouping sets index into the keys; none: one set of all keys.
  uint32_t add_key(ExprPtr over_rows);
  void set_window(WindowColumns window) { window_ = window, has_window_ = true; }
  void set_grouping_sets(std::vector<std::set<uint32_t>> sets) { sets_ = std::move(sets); }
  ExpressionBinder& rows() { return rows_; }  // Below the grouping.
  const std::vector<ExprPtr>& keys() const { return keys_; }

  Result<ExprPtr> bind(const ast::Expr&) override;

  struct Finished {
    RelPtr rel;
    std::vector<int> mapping;  // From the binder's numbers to columns of `rel`.
    WindowColumns window;      // In `rel`.
  };
  // `windowed`: how the window is aggregated; its time column or window columns are those of `input`.
  Finished finish(RelPtr input, std::optional<AggregateRel::Windowed> windowed, bool needs_time);
  uint32_t time_number() const { return key_count() + 2; }
  size_t width() const { return key_count() + 3 + calls_.size(); }  // Of the space of numbers.

 protected:
  Result<ExprPtr> bind_call(const ast::Expr&, const ast::Call&) override;

 private:
  uint32_t key_count() const { return static_cast<uint32_t>(keys_.size()); }
  ExprPtr key_ref(uint32_t key) const;
  std::optional<ExprPtr> match(const Expr& over_rows) const;
  Result<ExprPtr> bind_aggregate(const ast::Expr&, const ast::Call&, const std::string& name);
  Result<ExprPtr> bind_grouping(const ast::Expr&, const ast::Call&);
  std::optional<ExprPtr> window_function(const std::string& name) const;
  uint32_t argument(ExprPtr over_rows);
  ExprPtr window_ref(uint32_t which) const;

  ExpressionBinder rows_;
  std::vector<ExprPtr> keys_;       // Over the rows.
  std::vector<ExprPtr> arguments_;  // Of the calls, over the rows.
  std::vector<AggregateCall> calls_;
  std::vector<std::string> call_names_;
  WindowColumns window_;  // Columns of the rows.
  bool has_window_ = false;
  std::vector<std::set<uint32_t>> sets_;
};

}  // namespace leat
