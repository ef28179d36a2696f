#pragma once
// INSERTs of `leat sql`: a job as `leat run` has them, but nothing of it is kept.
#include "job/job.h"
#include "server/console.h"
#include "server/failure.h"
#include "server/stop_signal.h"

namespace leat {

// In a data directory under $TMPDIR that is removed at the end. Says on standard error how many rows were written, and
// what became of those that were not.
MaybeFailure run_scratch_job(JobPlan, StopSignal&, Console&);

}  // namespace leat
