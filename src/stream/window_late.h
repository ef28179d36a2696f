#pragma once
// What happens to a row that comes too late for a window: its letter and the operator's account.
#include "stream/operator.h"
#include "stream/window.h"

namespace leat {

// `missed`: in window time, not empty. `partly`: the row counts in other windows. The event time is in UTC.
void report_late(OperatorContext&, const Batch&, uint32_t row, EventTime time, const std::vector<Window>& missed,
                 bool partly);

}  // namespace leat
