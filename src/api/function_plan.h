#pragma once
// A user's function over structs as a node of the logical plan.
#include "leat/stream.h"
#include "plan/rel.h"

namespace leat::detail {

// The columns of `rows`, which are the fields by name and order, cast to the fields' types. A time column stays what it
// is, the event time above all: fields take every precision.
// Errors: a column that cannot be cast to its field.
Result<RelPtr> cast_to_fields(RelPtr rows, const std::vector<FieldInfo>& fields);

// Over rows that cast_to_fields() made. A field of the output that has the name of the input's event time, and its kind
// of type, is the event time of the output. Errors: updating rows for a function that does not take them.
Result<RelPtr> function_plan(RelPtr rows, Function);

// Columns for fields; each may be NULL.
Schema schema_of(const std::vector<FieldInfo>& fields);

}  // namespace leat::detail
