#include "sql/insert_binder.h"

#include <algorithm>

#include "base/units.h"
#include "columnar/function.h"
#include "plan/rel_builder.h"
#include "sql/binder.h"
#include "sql/error.h"

namespace leat {
namespace {

Result<TablePtr> target_of(const Catalog& catalog, std::string_view script, const ast::Insert& insert) {
  auto found = catalog.tables.find(insert.table);
  if (found == catalog.tables.end()) {
    if (catalog.views.contains(insert.table)) {
      return sql_error(script, insert.position, "'" + insert.table + "' is a view: nothing can be inserted into it");
    }
    return sql_error(script, insert.position,
                     "there is no table '" + insert.table + "'" + did_you_mean(insert.table, catalog.names()));
  }
  if (insert.hints.empty()) return found->second;
  auto hinted = catalog.hinted(*found->second, insert.hints);
  if (!hinted) return sql_error(script, insert.position, hinted.error().message, hinted.error().code);
  return hinted;
}

// Which query column goes into each target column; -1: none.
Result<std::vector<int>> sources_of(std::string_view script, const ast::Insert& insert, const Schema& target) {
  std::vector<int> out(target.size(), -1);
  if (insert.columns.empty()) {
    for (size_t i = 0; i < target.size(); ++i) out[i] = static_cast<int>(i);
    return out;
  }
  std::vector<std::string> names;
  for (const Field& field : target) names.push_back(field.name);
  for (size_t i = 0; i < insert.columns.size(); ++i) {
    auto at = std::find(names.begin(), names.end(), insert.columns[i]);
    if (at == names.end()) {
      return sql_error(script, insert.position,
                       "table '" + insert.table + "' has no column '" + insert.columns[i] + "'" +
                           did_you_mean(insert.columns[i], names));
    }
    int& source = out[static_cast<size_t>(at - names.begin())];
    if (source >= 0) return sql_error(script, insert.position, "column '" + insert.columns[i] + "' stands twice");
    source = static_cast<int>(i);
  }
  return out;
}

}  // namespace

Result<InsertPlan> bind_insert(const Catalog& catalog, std::string_view script, const ast::Insert& insert) {
  TRY_ASSIGN(TablePtr target, target_of(catalog, script, insert));
  TRY_ASSIGN(RelPtr query, QueryBinder(catalog, script).bind(*insert.query));
  Schema schema = target->sink_schema();
  TRY_ASSIGN(std::vector<int> sources, sources_of(script, insert, schema));
  size_t expected = insert.columns.empty() ? schema.size() : insert.columns.size();
  if (query->schema.size() != expected) {
    return sql_error(script, insert.position,
                     "the query has " + std::to_string(query->schema.size()) + " columns, table '" + target->name +
                         "' takes " + std::to_string(expected));
  }
  std::vector<ExprPtr> columns;
  std::vector<std::string> names;
  for (size_t i = 0; i < schema.size(); ++i) {
    const Field& field = schema[i];
    names.push_back(field.name);
    if (sources[i] < 0) {
      if (!field.type.nullable) {
        return sql_error(script, insert.position, "column '" + field.name + "' is NOT NULL and gets no value");
      }
      columns.push_back(Expr::make_literal(Value{}, field.type));
      continue;
    }
    const DataType& have = query->schema[static_cast<size_t>(sources[i])].type;
    ExprPtr column = Expr::make_column(static_cast<uint32_t>(sources[i]), have);
    if (!have.same_kind(field.type) && !can_assign(have, field.type)) {
      return sql_error(script, insert.position,
                       "column '" + field.name + "' of table '" + target->name + "' is " + field.type.to_string() +
                           ", the query's column is " + have.to_string() + ": CAST it");
    }
    columns.push_back(have.same_kind(field.type) ? column
                                                 : Expr::make_cast(column, field.type.with_nullable(have.nullable)));
  }
  query = make_project_rel(std::move(query), std::move(columns), names);
  return InsertPlan{std::move(target), optimize(std::move(query))};
}

}  // namespace leat
