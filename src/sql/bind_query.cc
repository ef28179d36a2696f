// Queries: CTEs, VALUES, UNION, ORDER BY and LIMIT.
#include "columnar/function.h"
#include "plan/rel_builder.h"
#include "sql/binder.h"
#include "sql/error.h"

namespace leat {

Error QueryBinder::error(ast::Position at, const std::string& message) const {
  return sql_error(script_, at, message);
}

Result<RelPtr> QueryBinder::bind(const ast::Query& query) {
  TRY_ASSIGN(BoundRelation out, bind_query(query));
  return out.rel;
}

Result<BoundRelation> QueryBinder::bind_query(const ast::Query& query) {
  // What an inner query defines comes behind what it can see; both are as before when it is bound.
  auto saved = with_;
  size_t saved_visible = with_visible_;
  with_.resize(with_visible_);
  for (const ast::CommonTable& table : query.with) {
    with_.emplace_back(table.name, &table);
  }
  with_visible_ = with_.size();
  auto run = [&]() -> Result<BoundRelation> {
    if (const auto* select = std::get_if<ast::Select>(&query.body)) return bind_select(*select, query, query.position);
    BoundRelation out;
    if (const auto* values = std::get_if<ast::Values>(&query.body)) {
      TRY_ASSIGN(out, bind_values(*values, query.position));
    } else {
      TRY_ASSIGN(out, bind_set(std::get<ast::SetOperation>(query.body)));
    }
    return order_and_limit(std::move(out), query);
  };
  auto out = run();
  with_ = std::move(saved);
  with_visible_ = saved_visible;
  return out;
}

Result<BoundRelation> QueryBinder::bind_values(const ast::Values& values, ast::Position at) {
  ExpressionBinder binder(script_, {});
  ValuesRel rel;
  Schema schema;
  for (const auto& row : values.rows) {
    if (!rel.rows.empty() && row.size() != rel.rows[0].size()) return error(at, "VALUES: rows of different lengths");
    rel.rows.emplace_back();
    for (size_t i = 0; i < row.size(); ++i) {
      TRY_ASSIGN(ExprPtr value, binder.bind(*row[i]));
      if (schema.size() <= i) schema.push_back({"EXPR$" + std::to_string(i), value->type});
      auto type = common_type(schema[i].type, value->type);
      if (!type) return error(row[i]->position, type.error().message);
      schema[i].type = type->with_nullable(schema[i].type.nullable || value->type.nullable);
      rel.rows.back().push_back(std::move(value));
    }
  }
  for (auto& row : rel.rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (schema[i].type.kind == TypeKind::kNull) return error(at, "NULL has no type here: CAST it");
      row[i] = Expr::make_cast(row[i], schema[i].type);
    }
  }
  BoundRelation out;
  out.aliases.assign(schema.size(), "");
  out.rel = make_values(std::move(rel), std::move(schema));
  return out;
}

Result<BoundRelation> QueryBinder::bind_set(const ast::SetOperation& operation) {
  ast::Position at = operation.position;
  if (operation.op != "UNION") return unsupported(script_, at, operation.op);
  TRY_ASSIGN(BoundRelation left, bind_query(*operation.left));
  TRY_ASSIGN(BoundRelation right, bind_query(*operation.right));
  size_t columns = left.rel->schema.size();
  if (right.rel->schema.size() != columns) {
    return error(
        at, "UNION of " + std::to_string(columns) + " and " + std::to_string(right.rel->schema.size()) + " columns");
  }
  std::vector<RelPtr> inputs{left.rel, right.rel};
  std::vector<std::string> names;
  std::vector<DataType> types;
  for (size_t i = 0; i < columns; ++i) {
    auto type = common_type(left.rel->schema[i].type, right.rel->schema[i].type);
    if (!type) return error(at, "UNION, column " + std::to_string(i + 1) + ": " + type.error().message);
    types.push_back(*type);
    names.push_back(left.rel->schema[i].name);
  }
  for (RelPtr& input : inputs) {
    std::vector<ExprPtr> cast;
    bool same = true;
    for (uint32_t i = 0; i < columns; ++i) {
      const DataType& have = input->schema[i].type;
      same = same && have.same_kind(types[i]) && input->schema[i].name == names[i];
      ExprPtr column = Expr::make_column(i, have);
      cast.push_back(have.same_kind(types[i]) ? column
                                              : Expr::make_cast(column, types[i].with_nullable(have.nullable)));
    }
    if (!same) input = make_project_rel(input, std::move(cast), names);
  }
  BoundRelation out;
  out.rel = make_union_rel(std::move(inputs));
  if (!operation.all) {
    AggregateRel distinct;
    for (uint32_t i = 0; i < columns; ++i) distinct.keys.push_back(i);
    out.rel = make_aggregate_rel(out.rel, std::move(distinct), names);
  }
  out.aliases.assign(columns, "");
  return out;
}

Result<BoundRelation> QueryBinder::order_and_limit(BoundRelation input, const ast::Query& query) {
  if (query.order_by.empty() && !query.limit && !query.offset) return input;
  // The same as SELECT * FROM (…) ORDER BY …, whose items are the columns themselves.
  ast::Select all;
  all.items.push_back({std::make_shared<ast::Expr>(ast::Expr{query.position, ast::Star{}}), ""});
  return bind_ordered(std::move(input), all, query);
}

}  // namespace leat
