#pragma once
#include "base/result.h"
#include "plan/table.h"
#include "sql/ast.h"

namespace leat {

// CREATE TABLE as a table: types, computed columns, watermark and keys bound.
Result<TablePtr> bind_table_definition(std::string_view script, const ast::CreateTable&, ast::Position at);

// The table with that watermark on a column; `expr` is over the table's columns.
Result<Watermark> bind_watermark(std::string_view script, const Table&, const ast::WatermarkDefinition&);

}  // namespace leat
