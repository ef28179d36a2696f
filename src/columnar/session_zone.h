#pragma once
#include "columnar/expr.h"
#include "columnar/time_zone.h"

namespace leat {

// The zone that `settings.time_zone` names; CHECKs that there is one (whoever sets it asks find_time_zone first).
std::shared_ptr<const TimeZone> session_zone(const EvalSettings&);

}  // namespace leat
