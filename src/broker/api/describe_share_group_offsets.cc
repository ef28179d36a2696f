#include "protocol/describe_share_group_offsets.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {
namespace {

// Records that are neither settled nor, as far as is known, to be passed over.
int64_t lag_of(const ShareProgress& progress, int64_t end) {
  int64_t settled = 0;
  for (const auto& [first, range] : progress.ranges()) settled += range.is_settled() ? range.last - first + 1 : 0;
  return std::max<int64_t>(0, end - progress.start() - settled);
}

protocol::DescribeShareGroupOffsetsResponse::Group::Topic::Partition describe(Broker& broker, const std::string& group,
                                                                              const TopicPartition& name) {
  protocol::DescribeShareGroupOffsetsResponse::Group::Topic::Partition out;
  out.partition_index = name.partition.value;
  out.start_offset = -1;  // It has not begun there.
  auto partition = broker.partition(name.topic, name.partition.value);
  if (!partition || *partition == nullptr) {
    out.error_code = code(partition ? ErrorCode::kUnknownTopicOrPartition : error_of(partition.error()));
    return out;
  }
  out.leader_epoch = (*partition)->leader_epoch();
  if (const ShareProgress* progress = broker.state().share_progress(group, name)) {
    out.start_offset = progress->start();
    out.lag = lag_of(*progress, (*partition)->high_watermark().value);
  }
  return out;
}

std::map<std::string, std::vector<int32_t>> begun(const BrokerState& state, const std::string& group) {
  std::map<std::string, std::vector<int32_t>> out;
  auto found = state.share_progress().find(group);
  if (found == state.share_progress().end()) return out;
  for (const auto& [partition, progress] : found->second) out[partition.topic].push_back(partition.partition.value);
  return out;
}

void describe(Broker& broker, const protocol::DescribeShareGroupOffsetsRequest::Group& asked,
              protocol::DescribeShareGroupOffsetsResponse::Group& out) {
  out.group_id = asked.group_id;
  if (broker.groups().kind(asked.group_id) != GroupKind::kShare) {
    out.error_code = code(ErrorCode::kGroupIdNotFound);
    out.error_message = "Group " + asked.group_id + " not found.";
    return;
  }
  auto add = [&](const std::string& name, const std::vector<int32_t>& indexes) {
    auto& topic = out.topics.emplace_back();
    topic.topic_name = name;
    if (const TopicInfo* info = broker.state().topic(name)) topic.topic_id = info->id;
    for (int32_t index : indexes) {
      topic.partitions.push_back(describe(broker, asked.group_id, {name, PartitionId{index}}));
    }
  };
  if (asked.topics) {
    for (const auto& topic : *asked.topics) add(topic.topic_name, topic.partitions);
  } else {
    for (const auto& [name, indexes] : begun(broker.state(), asked.group_id)) add(name, indexes);
  }
}

}  // namespace

void serve_describe_share_group_offsets(Service& service, Broker& broker) {
  service.serve<protocol::DescribeShareGroupOffsets>(
      0, 1, [&broker](const Call&, const protocol::DescribeShareGroupOffsetsRequest& request, const auto& respond) {
        protocol::DescribeShareGroupOffsetsResponse response;
        for (const auto& asked : request.groups) describe(broker, asked, response.groups.emplace_back());
        respond(response);
      });
}

}  // namespace leat::api
