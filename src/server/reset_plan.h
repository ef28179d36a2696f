#pragma once
// Where a group's offsets are to be moved: worked out before anything is changed, and shown.
#include "client/groups.h"

namespace leat {

// `--to`: earliest, latest, offset N, timestamp T, duration D.
struct ResetTo {
  enum Kind : uint8_t { kEarliest, kLatest, kOffset, kTime } kind = kEarliest;
  int64_t value = 0;  // Of kOffset; of kTime, in milliseconds since the epoch.
  // `word` alone, or with its value: "offset" and "42". A duration is counted back from `now`.
  static Result<ResetTo> parse(const std::string& word, const std::optional<std::string>& value, WallTime now);
};

struct PartitionReset {
  std::optional<Offset> from;  // What the group has committed.
  Offset to;
  Offset start, end;                   // What is kept now: where retention has come to, and the last stable offset.
  std::optional<WallTime> kept_since;  // The oldest record that is kept; nullopt: none is.
  bool moved_into_range = false;       // What was asked for is not kept any more, or not written yet.
  // Records that are read again (above 0) or never (below 0). Markers and compacted records count.
  int64_t again() const { return from ? from->value - to.value : 0; }
};

Result<std::map<TopicPartition, PartitionReset>> plan_reset(client::Cluster&, const client::GroupDescription&,
                                                            const std::vector<std::string>& topics, const ResetTo&);

}  // namespace leat
