#pragma once
#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {

// What ShareFetch and ShareAcknowledge have in common.

// Whether there is such a group and member, as far as the request says.
template <class Request>
ErrorCode check_share_request(Broker& broker, const Request& request) {
  bool named = request.group_id && !request.group_id->empty() && request.member_id && !request.member_id->empty();
  if (!named) return ErrorCode::kInvalidRequest;
  return broker.groups().kind(*request.group_id) == GroupKind::kShare ? ErrorCode::kNone : ErrorCode::kGroupIdNotFound;
}

// Batches as the request's partition has them.
template <class Partition>
std::vector<ShareAckBatch> ack_batches(const Partition& partition) {
  std::vector<ShareAckBatch> out;
  for (const auto& batch : partition.acknowledgement_batches) {
    out.push_back({batch.first_offset, batch.last_offset, batch.acknowledge_types});
  }
  return out;
}

// Takes a partition's acknowledgements; what they change is put among the events.
template <class Partition>
ErrorCode take_acks(Broker& broker, const std::string& group, const std::string& member, const Uuid& topic,
                    const Partition& partition, std::vector<BrokerEvent>& events) {
  const TopicInfo* info = broker.state().topic(topic);
  if (info == nullptr) return ErrorCode::kUnknownTopicId;
  int32_t index = partition.partition_index;
  if (index < 0 || index >= info->partitions) return ErrorCode::kUnknownTopicOrPartition;
  return broker.groups().shares().acknowledge(group, {info->name, PartitionId{index}}, member, ack_batches(partition),
                                              events);
}

}  // namespace leat::api
