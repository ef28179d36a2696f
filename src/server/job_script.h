#pragma once
// A script's INSERTs as one job: what `leat run`, `leat serve --run` and `leat job submit` have in common.
#include <functional>

#include "job/job.h"
#include "server/failure.h"
#include "server/text_out.h"

namespace leat {

struct JobScript {
  std::string path;  // For messages; "-" is standard input.
  std::string text;
  std::vector<std::string> set;     // "KEY=VALUE", stronger than the script's.
  std::optional<std::string> name;  // Of the job. Default: the script's pipeline.name, or its file's name.
};

// `explained` takes what EXPLAIN answers, `shown` what SHOW, DESCRIBE and SET do.
MaybeFailure plan_job(const JobScript&, const std::function<void(const std::string&)>& explained, TextOut& shown,
                      JobPlan&);

// Of an error with which Job::open refuses a plan.
int exit_code_of_open(const Error&);
// An error with which the home of a data directory cannot be opened, and what to do.
Error home_error(Error, const std::string& directory);

}  // namespace leat
