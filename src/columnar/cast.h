#pragma once
// CAST and TRY_CAST over a column.
#include "columnar/expr.h"

namespace leat {

// Writes the selected rows of `from`, cast to the type of `out`. A row that cannot be cast is NULL, and unless `safe`
// is marked "cast.invalid". Follows Flink (Data Types, CAST): narrowing between integers wraps, DOUBLE to integer
// saturates, a DECIMAL that does not fit is NULL. CHECKs can_cast().
void cast_column(const Column& from, Column& out, Selection, EvalContext&, bool safe);

// CAST of one DOUBLE to an integer type: NaN is 0, what is out of range saturates, as in Java, where the types narrower
// than INT then wrap.
int64_t double_to_integer(double, TypeKind);

}  // namespace leat
