#pragma once
// Binder: names, types and meaning for a syntax tree; queries become logical plans. Every error stands at its place.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "columnar/expr.h"
#include "sql/ast.h"
#include "sql/catalog.h"
#include "sql/scope.h"

namespace leat {

Result<DataType> bind_type(std::string_view script, const ast::Type&);

// Binds expressions over one scope. Aggregates are for AggregateBinder.
class ExpressionBinder {
 public:
  ExpressionBinder(std::string_view script, std::vector<ScopeColumn> scope)
      : script_(script), scope_(std::move(scope)) {}
  virtual ~ExpressionBinder() = default;

  virtual Result<ExprPtr> bind(const ast::Expr&);
  const std::vector<ScopeColumn>& scope() const { return scope_; }
  std::string_view script() const { return script_; }

 protected:
  // The columns that a name means: (index, how many parts of the name it used up).
  Result<std::pair<uint32_t, size_t>> resolve(const ast::Expr& at, const ast::Name&) const;
  Result<ExprPtr> call(const ast::Expr& at, const std::string& function, std::vector<ExprPtr> args) const;
  virtual Result<ExprPtr> bind_call(const ast::Expr&, const ast::Call&);

 private:
  template <class Node>
  Result<ExprPtr> visit(const ast::Expr&, const Node&);
  Result<std::vector<ExprPtr>> bind_all(const std::vector<ast::ExprPtr>&);

  std::string_view script_;
  std::vector<ScopeColumn> scope_;
};

class QueryBinder {
 public:
  QueryBinder(const Catalog& catalog, std::string_view script) : catalog_(catalog), script_(script) {}

  // The plan, not yet optimised; its schema has the query's column names.
  Result<RelPtr> bind(const ast::Query&);

 private:
  Result<BoundRelation> bind_query(const ast::Query&);
  Result<BoundRelation> bind_select(const ast::Select&, const ast::Query& whole, ast::Position);
  Result<BoundRelation> bind_values(const ast::Values&, ast::Position);
  Result<BoundRelation> bind_set(const ast::SetOperation&);
  Result<BoundRelation> bind_from(const ast::Select&);
  Result<BoundRelation> bind_table(const ast::TableRef&);
  Result<BoundRelation> bind_named(const ast::TableRef&, const ast::NamedTable&);
  Result<BoundRelation> bind_function(const ast::TableRef&, const ast::FunctionTable&);
  Result<BoundRelation> bind_view(const View&, ast::Position);
  // The constant length of a window in milliseconds; `name` is what it is called in errors.
  Result<int64_t> window_length(const ExprPtr& bound, ast::Position, const std::string& name) const;
  Status check_window(const WindowSpec&, ast::Position) const;
  Status filter(BoundRelation&, const ast::Expr& condition);
  Result<BoundRelation> order_and_limit(BoundRelation, const ast::Query&);
  Result<BoundRelation> bind_ordered(BoundRelation, const ast::Select& all, const ast::Query&);
  Error error(ast::Position at, const std::string& message) const;

  const Catalog& catalog_;
  std::string_view script_;
  std::vector<std::pair<std::string, const ast::CommonTable*>> with_;  // In scope; inner ones last.
  size_t with_visible_ = 0;
  int depth_ = 0;
  friend class SelectBinder;
};

// Whether an aggregate function stands in the expression (not inside a subquery).
bool contains_aggregate(const ast::Expr&);
// The name that a select item without an alias gets.
std::string default_name(const ast::Expr&, size_t index);
// Interval literals as constants.
Result<ExprPtr> bind_interval(std::string_view script, const ast::Expr& at, const ast::IntervalLiteral&);
Result<ExprPtr> bind_number(std::string_view script, const ast::Expr& at, const std::string& text);
Result<ExprPtr> bind_time(std::string_view script, const ast::Expr& at, const ast::TimeLiteral&);

}  // namespace leat
