#pragma once
#include "columnar/expr.h"
#include "env/env.h"
#include "plan/settings.h"

namespace leat {

// What expressions of a job may ask for: the clock, chance, and the session's time zone with the system's database of
// zones. kInvalidArgument if there is no such zone. `env` outlives the result.
Result<EvalSettings> make_eval_settings(Env env, const Settings&);

}  // namespace leat
