#include "protocol/describe_topic_partitions.h"

#include <algorithm>
#include <set>

#include "broker/api/api.h"
#include "broker/api/topic_creation.h"
#include "broker/catalog/internal_topics.h"

namespace leat::api {
namespace {

// The names that were asked for, or all; from the cursor's on.
std::set<std::string> names_of(const Broker& broker, const protocol::DescribeTopicPartitionsRequest& request) {
  std::set<std::string> out;
  for (const auto& topic : request.topics) out.insert(topic.name);
  if (request.topics.empty()) {
    for (const auto& [name, topic] : broker.state().topics()) out.insert(name);
  }
  if (request.cursor) out.erase(out.begin(), out.lower_bound(request.cursor->topic_name));
  return out;
}

void describe(const Broker& broker, const TopicInfo& topic, int32_t first, int32_t end,
              protocol::DescribeTopicPartitionsResponse& response) {
  auto& out = response.topics.emplace_back();
  out.name = topic.name;
  out.topic_id = topic.id;
  out.is_internal = is_internal_topic(topic.name);
  for (int32_t index = first; index < end; ++index) {
    auto& partition = out.partitions.emplace_back();
    partition.partition_index = index;
    partition.leader_id = broker.settings().node_id;
    partition.leader_epoch = broker.state().epoch();
    partition.replica_nodes = partition.isr_nodes = {broker.settings().node_id};
    partition.eligible_leader_replicas.emplace();
    partition.last_known_elr.emplace();
  }
}

void refuse(const std::string& name, protocol::DescribeTopicPartitionsResponse& response) {
  auto& out = response.topics.emplace_back();
  out.name = name;
  out.error_code = code(is_topic_name(name) ? ErrorCode::kUnknownTopicOrPartition : ErrorCode::kInvalidTopicException);
}

protocol::DescribeTopicPartitionsResponse page(const Broker& broker,
                                               const protocol::DescribeTopicPartitionsRequest& request) {
  protocol::DescribeTopicPartitionsResponse response;
  int32_t left = std::clamp(request.response_partition_limit, 1, broker.settings().described_partitions_max);
  for (const std::string& name : names_of(broker, request)) {
    const TopicInfo* topic = broker.state().topic(name);
    if (topic == nullptr) {
      refuse(name, response);
      continue;
    }
    bool goes_on = request.cursor && request.cursor->topic_name == name;
    int32_t first = goes_on ? std::clamp(request.cursor->partition_index, 0, topic->partitions) : 0;
    int32_t end = first + std::min(left, topic->partitions - first);
    if (left > 0) describe(broker, *topic, first, end, response);
    left -= end - first;
    if (end == topic->partitions) continue;
    auto& next = *(response.next_cursor = protocol::DescribeTopicPartitionsResponse::NextCursor());
    next.topic_name = name;
    next.partition_index = end;
    return response;
  }
  return response;
}

}  // namespace

void serve_describe_topic_partitions(Service& service, Broker& broker) {
  service.serve<protocol::DescribeTopicPartitions>(
      0, 0, [&broker](const Call&, const protocol::DescribeTopicPartitionsRequest& request, const auto& respond) {
        respond(page(broker, request));
      });
}

}  // namespace leat::api
