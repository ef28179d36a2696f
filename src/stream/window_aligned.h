#pragma once
// GROUP BY over tumbling, hopping and cumulating windows, and over rows that carry their window.
#include "stream/operators.h"

namespace leat {

Result<OperatorPtr> make_aligned_aggregate(WindowAggregateSpec);

}  // namespace leat
