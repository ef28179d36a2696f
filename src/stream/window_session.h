#pragma once
// GROUP BY over session windows.
#include "stream/operators.h"

namespace leat {

Result<OperatorPtr> make_session_aggregate(WindowAggregateSpec);

}  // namespace leat
