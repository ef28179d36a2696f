#pragma once
// The operators, a file each for arithmetic, time arithmetic and comparison; operators.cc lists them.
#include "columnar/registry.h"

namespace leat {

// + - * / % between numbers, unary + and -, and what of them touches intervals.
Result<ExprPtr> make_arithmetic(std::string_view name, std::vector<ExprPtr> args);
// Either side an interval. "+" or "-".
Result<ExprPtr> make_interval_arithmetic(std::string_view name, std::vector<ExprPtr> args);
// INTERVAL * INTEGER, in any order.
Result<ExprPtr> make_interval_multiple(std::vector<ExprPtr> args);
// = <> < <= > >=, IS [NOT] DISTINCT FROM.
Result<ExprPtr> make_comparison(std::string_view name, std::vector<ExprPtr> args);
// args[0] in args[1..].
Result<ExprPtr> make_in(std::string_view name, std::vector<ExprPtr> args);
// Casts both sides to what they can be compared as.
Status make_comparable(std::string_view name, ExprPtr& left, ExprPtr& right);

}  // namespace leat
