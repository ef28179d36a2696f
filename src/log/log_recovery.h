#pragma once
// Recovery: what open() does to a partition's directory before anybody may use it. docs/formats/partition-log.md.
#include "env/env.h"
#include "log/log_options.h"
#include "log/segment.h"

namespace leat {

struct RecoveredLog {
  Offset start;
  std::vector<std::shared_ptr<Segment>> segments;  // In order, contiguous, not empty; all of it is synced.
  bool grew = false;                               // Beyond the recovery point.
  PartitionTransactions transactions;
  ProducerStates producers;
  LeaderEpochs epochs;
  Offset clean_end;
  std::vector<Offset> noted_swaps;  // The recovery point still has them, though they are done.
};

// Creates the directory and its first segment if there is none. `acknowledged`: what the log's own mark says.
// kCorruption names the file and the position of damage below what was synced; then nothing was changed.
Result<RecoveredLog> recover_log(Env, const std::string& directory, const LogOptions&, Offset acknowledged);

}  // namespace leat
