#pragma once
#include "plan/rel.h"
#include "sql/ast.h"
#include "sql/catalog.h"

namespace leat {

Result<InsertPlan> bind_insert(const Catalog&, std::string_view script, const ast::Insert&);

}  // namespace leat
