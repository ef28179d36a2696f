#pragma once
// A query, run in one of the ways.
#include <map>
#include <string>

#include "env/env.h"
#include "job/job.h"
#include "plan/rel.h"
#include "plan/settings.h"
#include "test/sql_runner/result.h"
#include "test/sql_runner/way.h"

namespace leat::sqltest {

struct RunContext {
  Env env;
  Settings settings;
  const std::map<std::string, TablePtr>& tables;  // For late rows: what a row's columns are.
  std::string directory;                          // Of this run alone, for what a job keeps.
};

StepResult run_plain(const RunContext&, const RelPtr&);
StepResult run_restored(const RunContext&, const RelPtr&, int checkpoints_between);
StepResult run_killed(const RunContext&, const RelPtr&);
// INSERTs as a job; the result has its dead letters.
StepResult run_job(const RunContext&, std::vector<InsertPlan>, bool killed);

}  // namespace leat::sqltest
