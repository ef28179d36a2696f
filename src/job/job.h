#pragma once
// Job: a plan that runs, exactly once, on a home of topics.
//
// Everything durable about a job is in two kinds of topics: `job.<name>`, its log (state, positions and the ledger as
// keyed records, one transaction a checkpoint), and `dlq.<name>.<table>`, its dead letters, written in the same
// transactions. The commit of that transaction is the only decision: outputs staged before it are shown after it.
//
// Lifecycle: open() restores the last checkpoint (or starts afresh), run() goes on until the input ends, stop is
// requested or an error ends it. A job that finished says so at the next open() and run() does nothing.
// Threads: one owner; decoding runs on the Env's workers.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "env/crash_guard.h"
#include "env/env.h"
#include "plan/rel.h"
#include "plan/settings.h"
#include "stream/ledger.h"
#include "topic/topic.h"

namespace leat {

struct JobPlan {
  std::string name;  // [A-Za-z0-9_-]+: no dots, they part the names of topics, at most 200 characters.
  std::vector<InsertPlan> inserts;
  Settings settings;
};

// What a job has done up to now, or in all; `--report` writes it as JSON.
struct JobReport {
  std::string name;
  bool finished = false;
  Account total;  // rows_in of the sources, rows_out of the sinks, the others over everything.
  std::vector<OperatorAccount> operators;
  int64_t checkpoints = 0;  // Committed, since the job's first start.
  EventTime watermark = kMinEventTime;
  uint64_t state_bytes = 0;
  uint64_t bytes_read = 0, bytes_total = 0;  // Of the sources; 0: unknown.
  int64_t last_checkpoint_ms = 0;            // How long it took.
  bool edges_balance = true;                 // Along every edge, rows_out above == rows_in below.
  bool balances() const;                     // Every operator's account, and every edge of the graph.
};

// Called on the job's thread. Both are asked often and must be cheap.
class JobObserver {
 public:
  virtual ~JobObserver() = default;
  virtual bool stop_requested() { return false; }  // Then run() takes a last checkpoint and returns.
  virtual void progress(const JobReport&) {}       // About five times a second.
};

struct JobOptions {
  bool fresh = false;                 // Delete what is kept of the job (its log, its dead letters) and start over.
  uint64_t log_bytes = 64 << 20;      // A longer log is begun anew with a full checkpoint.
  CrashGuard* crash_guard = nullptr;  // Finds the row that kills the process; only jobs with user functions need one.
};

class Job {
 public:
  // Errors: kConflict if the plan is not the one whose state is kept (names what differs and --fresh), kInvalidArgument
  // for a plan that cannot run (an updating query into an append-only sink), kCorruption, kIo.
  static Result<std::unique_ptr<Job>> open(Env, Topics&, JobPlan, JobOptions);
  virtual ~Job() = default;

  virtual bool finished() const = 0;  // In an earlier run.
  virtual Status run(JobObserver&) = 0;
  virtual JobReport report() const = 0;
};

// A query that prints: no checkpoints, nothing kept.
class QueryObserver {
 public:
  virtual ~QueryObserver() = default;
  virtual Status rows(const Batch&) = 0;              // An error ends the query with it.
  virtual Status dead_letter(const DeadLetter&) = 0;  // Late rows too. An error ends the query with it.
  virtual bool stop_requested() { return false; }
};
Result<JobReport> run_query(Env, const RelPtr& query, const Settings&, QueryObserver&);

// Kept facts of the jobs in a home, for `leat job ls|show`.
struct JobSummary {
  JobReport report;
  std::string run;  // Part of the names of what this life of the job wrote.
  CheckpointId last_checkpoint;
  WallTime last_checkpoint_at;
  std::string plan;  // explain() of each INSERT.
  std::vector<std::pair<std::string, std::string>> settings;
};
Result<std::vector<std::string>> list_jobs(Topics&);
Result<JobSummary> describe_job(Topics&, const std::string& name);
Status forget_job(Topics&, const std::string& name);  // Its dead letters, then its log.

// CREATE TABLE's check of WITH options, for Session.
Status check_table(const Table&);

}  // namespace leat
