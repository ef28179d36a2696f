#pragma once
// Errors of SQL: line, column, the line itself with a caret, what is wrong and what would be right.
#include <string>
#include <string_view>

#include "base/result.h"
#include "sql/ast.h"

namespace leat {

// "line 3, column 8: message\n  SELECT a,, b\n           ^"
Error sql_error(std::string_view script, ast::Position at, const std::string& message,
                Errc code = Errc::kInvalidArgument);
// "unsupported: …", for what Flink has and we do not yet.
Error unsupported(std::string_view script, ast::Position at, const std::string& what);

}  // namespace leat
