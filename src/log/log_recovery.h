#pragma once
// Recovery: what open() does to a partition's directory before anybody may use it. docs/formats/partition-log.md.
#include "env/env.h"
#include "log/log_options.h"
#include "log/segment.h"

namespace leat {

struct RecoveredLog {
  Offset start;
  std::vector<std::shared_ptr<Segment>> segments;  // In order, contiguous, not empty; all of it is synced.
  bool cut = false;                                // The last segment's file was made shorter, and that is not synced.
  PartitionTransactions transactions;
  ProducerStates producers;
};

// Creates the directory and its first segment if there is none. `acknowledged`: what the log's own mark says.
// kCorruption names the file and the position of damage below what was synced; then nothing was changed.
Result<RecoveredLog> recover_log(Env, const std::string& directory, const LogOptions&, Offset acknowledged);

}  // namespace leat
