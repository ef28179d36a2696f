#include "protocol/describe_quorum.h"

#include "broker/api/api.h"

namespace leat::api {
namespace {

constexpr const char* kQuorumTopic = "__cluster_metadata";

void describe(const Broker& broker, const std::string& topic, int32_t index,
              protocol::DescribeQuorumResponse::Topic::Partition& result) {
  result.partition_index = index;
  if (topic != kQuorumTopic || index != 0) {
    result.error_code = code(ErrorCode::kUnknownTopicOrPartition);
    return;
  }
  // A quorum of one. Its log is not Kafka's, and has no offsets to tell: -1, Kafka's "unknown".
  result.leader_id = broker.settings().node_id;
  result.leader_epoch = broker.state().epoch();
  result.high_watermark = -1;
  auto& voter = result.current_voters.emplace_back();
  voter.replica_id = broker.settings().node_id;
  voter.log_end_offset = -1;
  voter.last_fetch_timestamp = voter.last_caught_up_timestamp = broker.wall().value;
}

protocol::DescribeQuorumResponse describe(const Broker& broker, const protocol::DescribeQuorumRequest& request) {
  protocol::DescribeQuorumResponse response;
  for (const auto& topic : request.topics) {
    auto& out = response.topics.emplace_back();
    out.topic_name = topic.topic_name;
    for (const auto& asked : topic.partitions) {
      describe(broker, topic.topic_name, asked.partition_index, out.partitions.emplace_back());
    }
  }
  auto& node = response.nodes.emplace_back();
  node.node_id = broker.settings().node_id;
  const Endpoint& advertised = broker.settings().advertised;
  node.listeners.push_back({"CONTROLLER", advertised.host, advertised.port});
  return response;
}

}  // namespace

void serve_describe_quorum(Service& service, Broker& broker) {
  service.serve<protocol::DescribeQuorum>(
      0, 2, [&broker](const Call&, const protocol::DescribeQuorumRequest& request, const auto& respond) {
        respond(describe(broker, request));
      });
}

}  // namespace leat::api
