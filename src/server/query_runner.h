#pragma once
// QueryRunner: runs what the statements of `leat sql` ask for, and prints it.
#include <string>

#include "env/env.h"
#include "server/console.h"
#include "server/failure.h"
#include "server/query_options.h"
#include "server/stop_signal.h"
#include "sql/session.h"

namespace leat {

class QueryRunner {
 public:
  struct Parts {
    Console& console;
    StopSignal& stop;
    Session& session;
    QueryOptions options;
  };
  // All of it outlives the runner.
  explicit QueryRunner(Parts parts) : parts_(parts) {}

  MaybeFailure run(Outcome&);

 private:
  MaybeFailure run(const Done&) { return std::nullopt; }
  MaybeFailure run(const Show&);
  MaybeFailure run(const Explained&);
  MaybeFailure run(const RunQuery&);
  MaybeFailure run(RunInserts&);

  Parts parts_;
};

}  // namespace leat
