#pragma once
// A JSON object or array that is read as a STRING: its text as Jackson writes a tree, which is what Flink does.
#include <simdjson.h>

#include "base/types.h"

namespace leat {

// Appends `value` without blanks; of equal keys the last counts, at the place of the first; numbers with a fraction or
// an exponent are doubles. DEPTH_ERROR: more than a thousand levels, which Jackson does not read either.
simdjson::error_code append_compact_json(simdjson::ondemand::value value, Bytes& out);

}  // namespace leat
