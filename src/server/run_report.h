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

std::string ledger_table(const JobReport&);  // The operators' accounts, with line ends.
std::string run_summary(const RunReport&);   // "3,000,000 rows in, …; 1.73 s, …", one line without its end.
Bytes report_json(const RunReport&);
Bytes ledger_json(const JobReport&);  // The same without what the process used.

}  // namespace leat
