#pragma once
// What several handlers ask of a request in the same way.
#include "broker/broker.h"
#include "protocol/error_code.h"

namespace leat {

// `known`: the leader epoch that the client has heard of; negative: of none (KIP-320).
inline protocol::ErrorCode check_leader_epoch(const Partition& partition, int32_t known) {
  int32_t epoch = partition.leader_epoch();
  if (known >= 0 && known < epoch) return protocol::ErrorCode::kFencedLeaderEpoch;
  return known > epoch ? protocol::ErrorCode::kUnknownLeaderEpoch : protocol::ErrorCode::kNone;
}

// Whether a position can be committed there. `topic`: null if there is none of that name.
inline protocol::ErrorCode check_position(const Broker& broker, const TopicInfo* topic, int32_t index,
                                          const std::string& metadata) {
  bool exists = topic != nullptr && index >= 0 && index < topic->partitions;
  if (!exists) return protocol::ErrorCode::kUnknownTopicOrPartition;
  bool fits = metadata.size() <= static_cast<size_t>(broker.settings().offset_metadata_bytes_max);
  return fits ? protocol::ErrorCode::kNone : protocol::ErrorCode::kOffsetMetadataTooLarge;
}

}  // namespace leat
