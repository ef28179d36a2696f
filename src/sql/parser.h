#pragma once
// Parser: a script's text to syntax trees. The dialect is Flink SQL; what Flink has and we do not yet is refused by
// name.
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sql/ast.h"

namespace leat {

// All statements, or the first error: line, column, a caret, what was found and what was expected. Linear in the text;
// nesting is limited, so hostile text gives an error.
Result<std::vector<ast::Statement>> parse_script(std::string_view script);
// One query without a semicolon; one expression. For the C++ API.
Result<ast::QueryPtr> parse_query(std::string_view text);

// Whether a prompt should run the text: it ends with a semicolon that ends a statement (not inside quotes, comments or
// a statement set). Text that cannot be tokenized for another reason than an open quote is complete, to show its error.
bool is_complete(std::string_view text);

}  // namespace leat
