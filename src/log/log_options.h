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

struct LogOptions {
  uint64_t segment_bytes = 64 << 20;  // A segment that would grow beyond is closed, and the next one begun.
  int64_t retention_ms = -1;          // -1: for ever.
  int64_t retention_bytes = -1;       // -1: unlimited.
  Tail tail = Tail::kKeep;
  Offset synced;           // Every offset below was acknowledged as synced.
  bool read_only = false;  // Nothing is changed, and another process may be appending.
  bool durable = true;     // False: sync() syncs nothing; for logs that are thrown away.
};

}  // namespace leat
