#include "columnar/operators.h"

namespace leat {
namespace {

constexpr Special kOperators[] = {
    {"+", make_arithmetic, "NUMERIC + NUMERIC"},
    {"-", make_arithmetic, "NUMERIC - NUMERIC"},
    {"*", make_arithmetic, "NUMERIC * NUMERIC"},
    {"/", make_arithmetic, "NUMERIC / NUMERIC"},
    {"%", make_arithmetic, "NUMERIC % NUMERIC"},
    {"MOD", make_arithmetic, "MOD(NUMERIC, NUMERIC)"},
    {"=", make_comparison, "value = value"},
    {"<>", make_comparison, "value <> value"},
    {"<", make_comparison, "value < value"},
    {"<=", make_comparison, "value <= value"},
    {">", make_comparison, "value > value"},
    {">=", make_comparison, "value >= value"},
    {"IS DISTINCT FROM", make_comparison, "value IS DISTINCT FROM value"},
    {"IS NOT DISTINCT FROM", make_comparison, "value IS NOT DISTINCT FROM value"},
    {"IN", make_in, "value IN (value, …)"},
};

}  // namespace

Family operator_family() {
  return {"Operators", {}, kOperators};
}

}  // namespace leat
