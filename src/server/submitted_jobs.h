#pragma once
// SubmittedJobs: the scripts that `leat job submit` brought to a server, kept in its data directory until the job is
// stopped or has finished: a server that starts again, whatever ended the one before, runs them again.
//
// Each is a file NAME.sql: the script, and before it comments that say what else was submitted.
// Threads:    any; calls for one name follow each other.
// Durability: keep() and forget() are durable when they return.
#include "env/env.h"
#include "server/job_script.h"

namespace leat {

class SubmittedJobs {
 public:
  SubmittedJobs(FileSystem& files, std::string directory) : files_(files), directory_(std::move(directory)) {}

  // `name`: of the planned job. kInvalidArgument: a setting or the path has a line break.
  Status keep(const std::string& name, const JobScript&);
  Status forget(const std::string& name);      // OK if there is none.
  Result<std::vector<JobScript>> all() const;  // By name, which each has.

 private:
  FileSystem& files_;
  std::string directory_;
};

}  // namespace leat
