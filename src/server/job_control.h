#pragma once
// What `leat job` asks a running server, and what it answers.
#include "server/control_socket.h"
#include "server/job_host.h"
#include "server/submitted_jobs.h"

namespace leat {

// The server's side. What is submitted is kept until it is stopped, or has ended well.
class JobDesk {
 public:
  JobDesk(JobHost& host, SubmittedJobs kept) : host_(host), kept_(std::move(kept)) {}

  // Starts what was submitted to a server that is no more. Returns what is to be said of those that do not start.
  std::vector<std::string> start_kept();
  // For ControlServer.
  ControlWords answer(const ControlWords& question);
  // What became of jobs since the last call, for the server's log.
  std::vector<std::string> take_news();

 private:
  ControlWords submit(const ControlWords&);
  ControlWords stop(const std::string& name);
  ControlWords list();

  JobHost& host_;
  SubmittedJobs kept_;
};

// The other side. The texts are what the server says; a Failure has the exit code that it gives.
struct Submission {
  JobScript script;
  bool fresh = false;
};
MaybeFailure submit_job(const std::string& data_directory, const Submission&, std::string& said);
MaybeFailure stop_job(const std::string& data_directory, const std::string& name, std::string& said);

// Live states of the server's jobs; empty if no server runs there.
struct LiveJob {
  std::string name, state, error;
};
Result<std::vector<LiveJob>> live_jobs(const std::string& data_directory);

}  // namespace leat
