#pragma once
// From a runner's accounts to a job's report.
#include "connect/connector.h"
#include "job/job.h"
#include "job/job_log.h"
#include "stream/runner.h"

namespace leat {

void add_accounts(JobReport&, const std::vector<NodeRecord>&);
JobReport make_report(const Runner&, Graph&, const JobHeader&);
TableOptions sink_options(const Table&);

}  // namespace leat
