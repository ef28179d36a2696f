#pragma once
// How functions are made known: each family gives a table of overloads, and of functions with typing rules of their
// own.
#include <span>
#include <string_view>

#include "columnar/function.h"

namespace leat {

enum FunctionFlags : uint8_t {
  kStrict = 0,
  kHandlesNulls = 1,
  kVolatile = 2,    // Not deterministic.
  kZoned = 4,       // Depends on the session's time zone.
  kNullResult = 8,  // May be NULL although no argument is.
};

// One signature. `args` has a letter for each argument:
//   s text   x binary   i INT or narrower   l any integer, as BIGINT   d any number, as DOUBLE   b BOOLEAN
//   D DATE   T TIME   t TIMESTAMP   z TIMESTAMP_LTZ   m INTERVAL (months)   u INTERVAL (microseconds)   . anything
// a '*' after the last letter repeats it, zero times or more. `result` is one letter ('t' and 'z' have 3 digits, 'x' is
// BYTES) or a digit: the type of that argument, from 0.
struct Overload {
  std::string_view name;
  std::string_view args;
  std::string_view result;
  Kernel kernel;
  uint8_t flags = kStrict;
};

// A function that types itself. Its arguments are as the binder made them.
struct Special {
  std::string_view name;
  Result<ExprPtr> (*make)(std::string_view name, std::vector<ExprPtr> args);
  std::string_view usage;  // For errors and documentation: "GREATEST(value, …)".
};

struct Family {
  std::string_view title;  // As in docs/functions.md.
  std::span<const Overload> overloads;
  std::span<const Special> specials;
};

// Every family, in the order of docs/functions.md.
std::span<const Family> families();

// --- For the families.

ExprPtr make_function_call(Function, std::vector<ExprPtr> args, DataType result);
// Nullable if an argument is.
DataType strict_type(const std::vector<ExprPtr>& args, DataType result);
bool is_literal(const Expr&);  // A literal that is not NULL.
// "+(INT, STRING)" as the message for arguments that no overload takes.
Error no_overload(std::string_view name, const std::vector<ExprPtr>& args, std::string_view usage);
// Casts every argument to the type all have in common.
Result<DataType> unify(std::vector<ExprPtr>& args, size_t first = 0);

// A call of the overload that takes these arguments, for a Special that does more than an Overload can say.
Result<ExprPtr> make_overloaded(std::string_view name, std::span<const Overload>, std::vector<ExprPtr> args);

Family operator_family();
Family logic_family();
Family string_family();
Family like_family();
Family regex_family();
Family encoding_family();
Family numeric_family();
Family temporal_family();
Family timestamp_ltz_family();
Family extract_family();
Family timestamp_arithmetic_family();
Family clock_family();
Family nested_family();
Family array_family();
Family map_family();
Family json_query_family();
Family json_construct_family();
Family type_family();
Family url_family();

}  // namespace leat
