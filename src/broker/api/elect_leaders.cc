#include "protocol/elect_leaders.h"

#include "broker/api/api.h"

namespace leat::api {
namespace {

// The one replica leads already. Asked for all partitions, Kafka names only those that had an election.
protocol::ElectLeadersResponse elect(const Broker& broker, const protocol::ElectLeadersRequest& request) {
  protocol::ElectLeadersResponse response;
  if (!request.topic_partitions) return response;
  for (const auto& asked : *request.topic_partitions) {
    const TopicInfo* topic = broker.state().topic(asked.topic);
    auto& out = response.replica_election_results.emplace_back();
    out.topic = asked.topic;
    for (int32_t index : asked.partitions) {
      bool there = topic != nullptr && index >= 0 && index < topic->partitions;
      out.partition_result.push_back(
          {index, code(there ? ErrorCode::kElectionNotNeeded : ErrorCode::kUnknownTopicOrPartition),
           there ? "Leader election not needed for topic partition." : "No such partition."});
    }
  }
  return response;
}

}  // namespace

void serve_elect_leaders(Service& service, Broker& broker) {
  service.serve<protocol::ElectLeaders>(
      0, 2, [&broker](const Call&, const protocol::ElectLeadersRequest& request, const auto& respond) {
        respond(elect(broker, request));
      });
}

}  // namespace leat::api
