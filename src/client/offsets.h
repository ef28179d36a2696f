#pragma once
// Where partitions begin and end, and what stood in them at a time.
#include "client/partitions.h"

namespace leat::client {

enum class Isolation : int8_t { kReadUncommitted = 0, kReadCommitted = 1 };

// Times that mean a place (ListOffsets).
inline constexpr int64_t kLatest = -1, kEarliest = -2;

struct TimedOffset {
  Offset offset;       // -1: there is no record as late as that.
  WallTime timestamp;  // Of the record; -1 for kLatest and kEarliest.
};

// For each partition: kEarliest, kLatest (the last stable offset, if kReadCommitted), or the offset of the first record
// whose timestamp is at least that many milliseconds.
Result<std::map<TopicPartition, TimedOffset>> list_offsets(Cluster&, const std::map<TopicPartition, int64_t>& times,
                                                           Isolation = Isolation::kReadCommitted);
// The same time for every partition of the topic, or for some.
Result<std::map<TopicPartition, TimedOffset>> list_offsets(Cluster&, const std::set<TopicPartition>&, int64_t time,
                                                           Isolation = Isolation::kReadCommitted);

std::set<TopicPartition> partitions_of(const TopicInfo&);

}  // namespace leat::client
