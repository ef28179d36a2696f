#include "protocol/alter_partition_reassignments.h"

#include "broker/api/api.h"

namespace leat::api {
namespace {

// A partition may be moved to where it is, and nowhere else.
void judge(const Broker& broker, const TopicInfo* topic,
           const protocol::AlterPartitionReassignmentsRequest::Topic::Partition& asked,
           protocol::AlterPartitionReassignmentsResponse::Response::Partition& result) {
  auto refuse = [&result](ErrorCode error, const std::string& why) {
    result.error_code = code(error);
    result.error_message = why;
  };
  result.partition_index = asked.partition_index;
  bool there = topic != nullptr && asked.partition_index >= 0 && asked.partition_index < topic->partitions;
  if (!there) return refuse(ErrorCode::kUnknownTopicOrPartition, "This server does not host this topic-partition.");
  if (!asked.replicas) {
    return refuse(ErrorCode::kNoReassignmentInProgress, "No partition reassignment is in progress.");
  }
  int32_t here = broker.settings().node_id;
  if (*asked.replicas == std::vector<int32_t>{here}) return;
  refuse(ErrorCode::kInvalidReplicaAssignment, "The only broker is " + std::to_string(here) + ".");
}

protocol::AlterPartitionReassignmentsResponse judge(const Broker& broker,
                                                    const protocol::AlterPartitionReassignmentsRequest& request) {
  protocol::AlterPartitionReassignmentsResponse response;
  response.allow_replication_factor_change = request.allow_replication_factor_change;
  for (const auto& asked : request.topics) {
    auto& out = response.responses.emplace_back();
    out.name = asked.name;
    for (const protocol::AlterPartitionReassignmentsRequest::Topic::Partition& partition : asked.partitions) {
      judge(broker, broker.state().topic(asked.name), partition, out.partitions.emplace_back());
    }
  }
  return response;
}

}  // namespace

void serve_alter_partition_reassignments(Service& service, Broker& broker) {
  service.serve<protocol::AlterPartitionReassignments>(
      0, 1, [&broker](const Call&, const protocol::AlterPartitionReassignmentsRequest& request, const auto& respond) {
        respond(judge(broker, request));
      });
}

}  // namespace leat::api
