#pragma once
// RecoveryPoint: what is known of a partition at an offset below which everything is synced, so that opening it need
// not read what is below. The file recovery-point, as text; docs/formats/partition-log.md.
#include <optional>
#include <vector>

#include "env/env.h"
#include "log/leader_epochs.h"
#include "log/partition_transactions.h"
#include "log/producer_states.h"

namespace leat {

struct RecoveryPoint {
  static constexpr const char* kFileName = "recovery-point";
  struct Segment {
    Offset base, end;
    uint64_t bytes = 0;
    WallTime newest;         // Of the records' timestamps.
    WallTime kept_since;     // What retention by time counts from: `newest`, or when it was written if that is earlier.
    bool compacted = false;  // There are gaps between its offsets.
    bool operator==(const Segment&) const = default;
  };

  Offset start;                   // The first offset that may be read.
  std::vector<Segment> segments;  // In order; the last one is the one that grows. Not empty.
  std::vector<OpenTransaction> open;
  std::vector<AbortedTransaction> aborted;
  std::vector<ProducerState> producers;
  LeaderEpochs epochs;
  Offset clean_end;           // Compaction has left each key once below it.
  std::vector<Offset> swaps;  // Of segments that stand in files *.swap until they are renamed.

  Offset end() const { return segments.back().end; }
  // nullopt if there is none. It is replaced atomically, so that damage is corruption, never a torn write.
  static Result<std::optional<RecoveryPoint>> load(FileSystem&, const std::string& directory);
  Status save(FileSystem&, const std::string& directory) const;
  // The same in two: what takes time, on any thread, and what makes it count, which may be lost with the power.
  Status prepare(FileSystem&, const std::string& directory) const;
  static Status adopt_prepared(FileSystem&, const std::string& directory);
};

}  // namespace leat
