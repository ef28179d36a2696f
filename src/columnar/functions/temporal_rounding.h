#pragma once
#include "columnar/registry.h"

namespace leat {

// FLOOR and CEIL of a time to a unit: args[0] is the unit's name.
Result<ExprPtr> make_time_rounding(std::string_view name, std::vector<ExprPtr> args, bool up);

}  // namespace leat
