#pragma once
// Scalar functions and operators: how the binder finds one by name and argument types, and what a kernel is.
#include <optional>

#include "columnar/expr.h"

namespace leat {

// A strict or null-aware kernel. `out` has the result type and the batch's row count. Unless `handles_nulls`, rows with
// a NULL argument are taken out of the selection and are NULL in the result before the kernel runs.
using Kernel = void (*)(const Expr& call, std::span<const ColumnPtr> args, Selection, Column& out, EvalContext&);

struct Function {
  std::string name;  // As shown in EXPLAIN; operators by their symbol: "+", "=", "LIKE".
  Kernel kernel;
  bool handles_nulls = false;
  // Never fails and costs next to nothing: runs over every row of the batch, selected or not, NULL or not, so that its
  // loop vectorises. The evaluator marks the NULLs.
  bool total = false;
  bool deterministic = true;
  bool zoned = false;  // Depends on the session's time zone, so it is not folded before that is known.
  // State that is worth making once for constant arguments (a compiled pattern); owned by the call's Function copy.
  std::shared_ptr<const void> prepared;
};

// The call with argument casts inserted and its result type set, following Flink's rules of coercion. Operators go by
// their symbols: + - * / % (binary and unary), ||, = <> < <= > >=, NOT, IS NULL, IS NOT NULL, IS TRUE, IS NOT TRUE,
// IS FALSE, IS NOT FALSE, IS DISTINCT FROM, IS NOT DISTINCT FROM, LIKE, NOT LIKE, SIMILAR TO, BETWEEN is for the
// binder, IN (args[0] in args[1..]), AND, OR, CASE, COALESCE, IF, NULLIF make their own kinds of Expr. Names are upper
// case. Interval units of EXTRACT, FLOOR, CEIL, TIMESTAMPADD and TIMESTAMPDIFF are STRING literals: ("EXTRACT", "DAY",
// x). Errors: kNotFound (no such function, with the nearest name), kInvalidArgument (no overload for these types; says
// which there are), kUnsupported (known in Flink, not here yet).
Result<ExprPtr> make_call(std::string_view name, std::vector<ExprPtr> args);

// The type that values of both can be cast to implicitly (CASE, UNION, IN, VALUES); kInvalidArgument if there is none.
Result<DataType> common_type(const DataType&, const DataType&);
// Whether CAST exists at all, and whether assignment (INSERT INTO) may insert it implicitly.
bool can_cast(const DataType& from, const DataType& to);
bool can_assign(const DataType& from, const DataType& to);

// Upper-case names of every scalar function, for SHOW FUNCTIONS, completion and suggestions.
std::vector<std::string> function_names();

// Text of a value as CAST(x AS STRING) gives it, and its inverse; also used by formats, messages and result tables.
std::string value_to_text(const Value&, const DataType&, const EvalSettings&);
std::optional<Value> value_from_text(BytesView text, const DataType&, const EvalSettings&);

}  // namespace leat
