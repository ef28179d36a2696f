#include "protocol/offset_fetch.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {
namespace {

constexpr int16_t kManyGroups = 8, kTopicsById = 10;

const BrokerState::GroupOffsets& offsets_of(const Broker& broker, const std::string& group) {
  static const BrokerState::GroupOffsets kNone;
  auto found = broker.state().offsets().find(group);
  return found == broker.state().offsets().end() ? kNone : found->second;
}

// Topics in which the group has committed anything, with the partitions.
std::map<std::string, std::vector<int32_t>> committed_partitions(const BrokerState::GroupOffsets& offsets) {
  std::map<std::string, std::vector<int32_t>> out;
  for (const auto& [partition, offset] : offsets) out[partition.topic].push_back(partition.partition.value);
  return out;
}

// `Partition`: the response's; versions differ in where it stands only.
template <class Partition>
Partition describe(const Broker& broker, const std::string& group, bool require_stable, const std::string& topic,
                   int32_t index) {
  const auto& offsets = offsets_of(broker, group);
  Partition out;
  out.partition_index = index;
  out.committed_offset = -1;
  out.metadata = "";
  if (require_stable && broker.state().is_unstable(group, {topic, PartitionId{index}})) {
    out.error_code = code(ErrorCode::kUnstableOffsetCommit);
    return out;
  }
  auto found = offsets.find({topic, PartitionId{index}});
  if (found == offsets.end()) return out;
  out.committed_offset = found->second.offset.value;
  out.committed_leader_epoch = found->second.leader_epoch;
  out.metadata = found->second.metadata;
  return out;
}

void fetch_one_group(const Broker& broker, const protocol::OffsetFetchRequest& request,
                     protocol::OffsetFetchResponse& response) {
  using Partition = protocol::OffsetFetchResponse::Topic::Partition;
  const auto& offsets = offsets_of(broker, request.group_id);
  auto add = [&](const std::string& topic, const std::vector<int32_t>& indexes) {
    auto& out = response.topics.emplace_back();
    out.name = topic;
    for (int32_t index : indexes) {
      out.partitions.push_back(describe<Partition>(broker, request.group_id, request.require_stable, topic, index));
    }
  };
  if (request.topics) {
    for (const auto& topic : *request.topics) add(topic.name, topic.partition_indexes);
  } else {
    for (const auto& [topic, indexes] : committed_partitions(offsets)) add(topic, indexes);
  }
}

void fetch_group(Broker& broker, const protocol::OffsetFetchRequest::Group& asked, bool require_stable, int16_t version,
                 protocol::OffsetFetchResponse::Group& out) {
  using Partition = protocol::OffsetFetchResponse::Group::Topic::Partition;
  out.group_id = asked.group_id;
  if (const ConsumerGroupState* group = broker.state().consumer_group(asked.group_id)) {
    out.error_code = code(broker.groups().consumers().check_fetch(*group, asked.member_id, asked.member_epoch));
    if (out.error_code != 0) return;
  }
  const auto& offsets = offsets_of(broker, asked.group_id);
  auto add = [&](const TopicInfo* info, std::string name, const Uuid& id, const std::vector<int32_t>& indexes) {
    if (info != nullptr) name = info->name;
    auto& topic = out.topics.emplace_back();
    topic.name = name;
    topic.topic_id = info != nullptr ? info->id : id;
    for (int32_t index : indexes) {
      topic.partitions.push_back(describe<Partition>(broker, asked.group_id, require_stable, name, index));
      if (info == nullptr && version >= kTopicsById) {
        topic.partitions.back().error_code = code(ErrorCode::kUnknownTopicId);
      }
    }
  };
  if (asked.topics) {
    for (const auto& topic : *asked.topics) {
      const TopicInfo* info =
          version >= kTopicsById ? broker.state().topic(topic.topic_id) : broker.state().topic(topic.name);
      add(info, topic.name, topic.topic_id, topic.partition_indexes);
    }
    return;
  }
  for (const auto& [topic, indexes] : committed_partitions(offsets)) {
    add(broker.state().topic(topic), topic, {}, indexes);
  }
}

}  // namespace

void serve_offset_fetch(Service& service, Broker& broker) {
  service.serve<protocol::OffsetFetch>(
      1, 10, [&broker](const Call& call, const protocol::OffsetFetchRequest& request, const auto& respond) {
        protocol::OffsetFetchResponse response;
        if (call.version < kManyGroups) {
          fetch_one_group(broker, request, response);
        } else {
          for (const auto& asked : request.groups) {
            fetch_group(broker, asked, request.require_stable, call.version, response.groups.emplace_back());
          }
        }
        respond(response);
      });
}

}  // namespace leat::api
