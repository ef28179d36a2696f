#pragma once
// ForeignHistory: what the topic `__consumer_offsets` of an Apache Kafka cluster still tells of one group: who was in
// each generation, what was assigned, and when each partition was last committed. Reasons, connections and heartbeats
// are not in it, and compaction leaves only the newest generation of those before the last clean-up.
//
// The records are the group coordinator's: OffsetCommitKey 0-1, GroupMetadataKey 2 with GroupMetadataValue 0-4, and of
// KIP-848 groups ConsumerGroupMetadataKey 3 and ConsumerGroupMemberMetadataKey 5. Others are passed over, bad ones too.
#include <set>

#include "explain/history.h"

namespace leat {

class ForeignHistory {
 public:
  explicit ForeignHistory(std::string group) : group_(std::move(group)) {}

  // In the order of the topic. `at`: the record's timestamp.
  void take(BytesView key, std::optional<BytesView> value, WallTime at);
  const std::vector<HistoryRecord>& records() const { return records_; }

  // Of `__consumer_offsets` with so many partitions: the one that has the group.
  static int32_t partition_of(const std::string& group, int32_t partitions);
  // What cannot be known from there, as sentences.
  static std::vector<std::string> limits();

 private:
  void take_generation(BytesView value, WallTime at);
  void take_member(const std::string& id, std::optional<BytesView> value);
  void agree(Rebalance next, std::vector<RebalanceMember> members, WallTime at);

  std::string group_;
  std::vector<HistoryRecord> records_;
  bool begun_ = false;
  std::vector<RebalanceMember> members_;  // Of the newest generation.
  int32_t generation_ = -1;
  std::map<std::string, WallTime> joined_;            // By member id.
  std::map<TopicPartition, WallTime> committed_;      // When last.
  std::map<std::string, RebalanceMember> consumers_;  // Of a KIP-848 group, since its last epoch too.
};

}  // namespace leat
