#pragma once
// Sink: takes rows out of a job, in two phases.
//
//   write… prepare(n) | the checkpoint n commits in the log | commit(n)
//
// prepare() makes everything written since the last prepare durable but not visible. commit() shows it, and is
// idempotent: after a crash recover() is told the last committed checkpoint, commits what belongs to it or earlier and
// removes the rest. Names of prepared things derive from (job, sink, checkpoint), so nothing is remembered elsewhere.
#include "base/result.h"
#include "columnar/batch.h"
#include "env/env.h"

namespace leat {

struct SinkContext {
  Env env;
  std::string job;   // Unique in the data directory; part of the names of staged files.
  std::string sink;  // Unique in the job.
  std::string run;   // Chosen at the job's first start and kept: what this life of the job wrote is named after it.
  std::string replaced_run;  // The life that --fresh ended, whose output goes; empty otherwise.
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual Status open(SinkContext) = 0;
  // Whether rows may have kinds other than kInsert. A job with an updating query into a sink that cannot is refused.
  virtual bool accepts_updates() const { return false; }
  virtual Status write(const Batch&) = 0;  // kNoSpace etc. end the job with that message.
  virtual Status prepare(CheckpointId) = 0;
  virtual Status commit(CheckpointId) = 0;
  virtual Status recover(CheckpointId last_committed) = 0;  // After open(), before the first write. 0: fresh start.
};

}  // namespace leat
