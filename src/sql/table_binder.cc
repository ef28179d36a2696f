#include "sql/table_binder.h"

#include <algorithm>

#include "base/units.h"
#include "columnar/function.h"
#include "sql/binder.h"
#include "sql/error.h"

namespace leat {
namespace {

std::vector<ScopeColumn> scope_of(const Table& table) {
  std::vector<ScopeColumn> out;
  for (const TableColumn& column : table.columns) out.push_back({table.name, column.field});
  return out;
}

const TableColumn* find(const Table& table, const std::string& name) {
  for (const TableColumn& column : table.columns) {
    if (column.field.name == name) return &column;
  }
  return nullptr;
}

Result<TableColumn> bind_column(std::string_view script, const ast::ColumnDefinition& definition) {
  TableColumn out;
  out.field.name = definition.name;
  out.comment = definition.comment;
  out.is_virtual = definition.is_virtual;
  if (definition.computed) {
    out.kind = TableColumn::Kind::kComputed;
    return out;
  }
  TRY_ASSIGN(out.field.type, bind_type(script, *definition.type));
  if (definition.metadata) {
    out.kind = TableColumn::Kind::kMetadata;
    out.metadata_key = definition.metadata_key.empty() ? definition.name : definition.metadata_key;
  }
  return out;
}

// Computed columns are over the physical and metadata columns, as in Flink; their own names are not known yet.
Status bind_computed(std::string_view script, const ast::CreateTable& create, Table& table) {
  std::vector<ScopeColumn> scope = scope_of(table);
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].kind == TableColumn::Kind::kComputed) scope[i].field.name.clear();
  }
  for (size_t i = 0; i < create.columns.size(); ++i) {
    const ast::ColumnDefinition& definition = create.columns[i];
    if (!definition.computed) continue;
    if (contains_aggregate(*definition.computed)) {
      return sql_error(script, definition.computed->position, "a computed column takes no aggregates");
    }
    ExpressionBinder binder(script, scope);
    TRY_ASSIGN(ExprPtr bound, binder.bind(*definition.computed));
    if (bound->type.kind == TypeKind::kNull) {
      return sql_error(script, definition.position, "NULL has no type here: CAST it");
    }
    table.columns[i].computed = fold_constants(bound);
    table.columns[i].field.type = bound->type;
  }
  return {};
}

Status check_names(std::string_view script, const ast::CreateTable& create, const Table& table, ast::Position at) {
  for (size_t i = 0; i < create.columns.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (create.columns[i].name == create.columns[j].name) {
        return sql_error(script, create.columns[i].position, "two columns are named '" + create.columns[i].name + "'");
      }
    }
  }
  std::vector<std::string> known;
  for (const TableColumn& column : table.columns) known.push_back(column.field.name);
  for (const auto* list : {&create.primary_key, &create.partitioned_by}) {
    const char* what = list == &create.primary_key ? "PRIMARY KEY" : "PARTITIONED BY";
    for (const std::string& name : *list) {
      const TableColumn* column = find(table, name);
      if (column == nullptr) {
        return sql_error(script, at,
                         std::string(what) + ": there is no column '" + name + "'" + did_you_mean(name, known));
      }
      if (column->kind != TableColumn::Kind::kPhysical) {
        return sql_error(script, at, std::string(what) + ": '" + name + "' is no physical column");
      }
    }
  }
  return {};
}

}  // namespace

Result<Watermark> bind_watermark(std::string_view script, const Table& table,
                                 const ast::WatermarkDefinition& definition) {
  ExpressionBinder binder(script, scope_of(table));
  ast::Expr name{definition.position, ast::Name{definition.column}};
  TRY_ASSIGN(ExprPtr column, binder.bind(name));
  if (column->kind != Expr::Kind::kColumn) {
    return unsupported(script, definition.position, "a WATERMARK on a field of a ROW; make it a computed column");
  }
  const DataType& type = column->type;
  if (!type.is_timestamp() || type.precision > 3) {
    return sql_error(script, definition.position,
                     "'" + definition.column.back() + "' is " + type.to_string() +
                         ": an event time is TIMESTAMP(p) or TIMESTAMP_LTZ(p) with p from 0 to 3");
  }
  TRY_ASSIGN(ExprPtr expr, binder.bind(*definition.expr));
  if (expr->type.kind != type.kind) {
    return sql_error(script, definition.expr->position,
                     "the watermark is " + expr->type.to_string() + ", its column " + type.to_string());
  }
  return Watermark{column->column, fold_constants(std::move(expr))};
}

Result<TablePtr> bind_table_definition(std::string_view script, const ast::CreateTable& create, ast::Position at) {
  auto table = std::make_shared<Table>();
  table->name = create.name;
  table->comment = create.comment;
  for (const ast::ColumnDefinition& definition : create.columns) {
    TRY_ASSIGN(TableColumn column, bind_column(script, definition));
    table->columns.push_back(std::move(column));
  }
  if (table->columns.empty()) return sql_error(script, at, "table '" + create.name + "' has no columns");
  TRY(check_names(script, create, *table, at));
  TRY(bind_computed(script, create, *table));
  table->primary_key = create.primary_key;
  table->partitioned_by = create.partitioned_by;
  for (TableColumn& column : table->columns) {
    const auto& key = table->primary_key;
    if (std::find(key.begin(), key.end(), column.field.name) != key.end()) column.field.type.nullable = false;
  }
  for (const auto& [key, value] : create.options) {
    if (!table->options.emplace(key, value).second) return sql_error(script, at, "option '" + key + "' stands twice");
  }
  if (create.watermarks.size() > 1) {
    return sql_error(script, create.watermarks[1].position, "a table has one WATERMARK");
  }
  if (!create.watermarks.empty()) {
    TRY_ASSIGN(Watermark watermark, bind_watermark(script, *table, create.watermarks[0]));
    table->watermark.push_back(std::move(watermark));
  }
  return TablePtr(std::move(table));
}

}  // namespace leat
