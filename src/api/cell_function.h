#pragma once
// A user's function over cells as a node of the logical plan.
#include "leat/leat.h"
#include "plan/rel.h"

namespace leat::detail {

// `rows` has the input's columns by name and order; they are cast to the fields' types. A field of the output that has
// the name of an event-time column of the input, and is a Timestamp, is the event time of the output.
// Errors: a column that cannot be cast to its field.
Result<RelPtr> function_plan(RelPtr rows, std::string name, bool is_filter, const std::vector<FieldInfo>& input,
                             const std::vector<FieldInfo>& output, CellFunction);

}  // namespace leat::detail
