#pragma once
#include "base/types.h"

namespace leat {

// What recovery does with what stands behind the last offset that is known to have been synced.
enum class Tail : uint8_t {
  // It is kept as far as it is whole. For a log that acknowledges by itself.
  kKeep,
  // The same, of a log that syncs each batch before it appends the next: so damage that a whole batch follows is
  // corruption, even where the mark of what was synced is older.
  kKeepEach,
  // It goes. For a log whose owner remembers elsewhere what was acknowledged, and says so in `synced`.
  kDiscard,
};

// What may be changed while the log is open.
struct LogLimits {
  uint64_t segment_bytes = 64 << 20;  // A segment that would grow beyond is closed, and the next one begun.
  int64_t segment_ms = std::numeric_limits<int64_t>::max();  // The same by the timestamps of its batches.
  int64_t retention_ms = -1;                                 // -1: for ever.
  int64_t retention_bytes = -1;                              // -1: unlimited.
  int64_t delete_delay_ms = 0;                               // How long the files of segments stay that were deleted.
  // What compaction goes by (Kafka's settings of topics have these names).
  bool compacts = false;
  double min_dirty_ratio = 0.5;
  int64_t min_compaction_lag_ms = 0;
  int64_t max_compaction_lag_ms = std::numeric_limits<int64_t>::max();
  int64_t delete_retention_ms = 24 * 3'600'000;
};

struct LogOptions : LogLimits {
  Tail tail = Tail::kKeep;
  Offset synced;           // Every offset below was acknowledged as synced.
  bool read_only = false;  // Nothing is changed, and another process may be appending.
  // About what opening reads at most, of a log that syncs by begin_sync(): after that much it saves a recovery point.
  uint64_t recovery_point_bytes = 64 << 20;
  bool durable = true;  // False: sync() syncs nothing; for logs that are thrown away.
};

}  // namespace leat
