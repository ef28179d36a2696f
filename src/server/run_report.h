#pragma once
// The ledger of a run: as a table for people, and as JSON for `--report`.
#include <string>

#include "job/job.h"
#include "server/process_usage.h"

namespace leat {

struct RunReport {
  JobReport job;
  double seconds = 0;  // Of this run; the ledger counts since the job's first start.
  ProcessUsage usage;
};

// The operators' accounts, with line ends. Where it would be wider than `width_max` (0: as wide as it likes), columns
// that are zero everywhere are left out.
std::string ledger_table(const JobReport&, size_t width_max = 0);
std::string run_summary(const RunReport&);  // "3,000,000 rows in, …; 1.73 s, …", one line without its end.
Bytes report_json(const RunReport&);
Bytes ledger_json(const JobReport&);  // The same without what the process used.

}  // namespace leat
