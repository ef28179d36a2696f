#pragma once
// How many threads a job decodes on.
#include "plan/settings.h"

namespace leat {

// What parallelism.default means besides the job's own thread; 0: none, the job's own thread decodes.
int worker_threads(const Settings&);

}  // namespace leat
