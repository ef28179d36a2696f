#include "broker/group/group_migration.h"

#include <algorithm>

#include "base/check.h"
#include "explain/consumer_protocol.h"

namespace leat {
namespace {

Error unreadable(const GroupMember& member, const std::string& why) {
  return {Errc::kInvalidArgument, "member " + member.id + ": " + why};
}

// It owns what it was given, and the newest assignment gives it the same.
Result<ConsumerMember> as_consumer_member(const GroupMember& member, const ClassicGroup& group,
                                          const BrokerState& state) {
  const Bytes* metadata = member.metadata_of(group.protocol());
  if (metadata == nullptr) metadata = &member.protocols.front().metadata;  // The first generation is not there yet.
  auto subscription = decode_subscription(*metadata);
  if (!subscription) return unreadable(member, subscription.error().message);
  ConsumerMember out;
  out.id = member.id;
  out.instance_id = member.instance_id;
  if (!subscription->rack.empty()) out.rack_id = subscription->rack;
  out.client_id = member.client_id;
  out.client_host = member.client_host;
  out.rebalance_timeout_ms = member.rebalance_timeout_ms;
  out.topics = std::move(subscription->topics);
  out.classic.emplace().session_timeout_ms = member.session_timeout_ms;
  for (const auto& protocol : member.protocols) out.classic->protocols.emplace_back(protocol.name, protocol.metadata);
  out.epoch = out.previous_epoch = group.generation();
  if (member.assignment.empty()) return out;
  auto assigned = decode_assignment(member.assignment);
  if (!assigned) return unreadable(member, assigned.error().message);
  if (has_user_data(member.assignment)) return unreadable(member, "its assignor's own data would be lost");
  out.assigned = out.target = by_id(state, *assigned);
  return out;
}

int16_t version_of(const Bytes& subscription) {
  auto decoded = decode_subscription(subscription);
  return decoded ? decoded->version : int16_t{0};
}

GroupMember as_group_member(const ConsumerMember& member, const BrokerState& state) {
  CHECK(member.classic);
  GroupMember out;
  out.id = member.id;
  out.instance_id = member.instance_id;
  out.client_id = member.client_id;
  out.client_host = member.client_host;
  out.session_timeout_ms = member.classic->session_timeout_ms;
  out.rebalance_timeout_ms = member.rebalance_timeout_ms;
  for (const auto& [name, metadata] : member.classic->protocols) out.protocols.push_back({name, metadata});
  out.assignment = encode_assignment(by_name(state, member.assigned), version_of(out.protocols.front().metadata));
  return out;
}

bool has(const std::vector<std::pair<std::string, Bytes>>& protocols, const std::string& name) {
  return std::any_of(protocols.begin(), protocols.end(), [&](const auto& each) { return each.first == name; });
}

}  // namespace

PartitionSets by_name(const BrokerState& state, const PartitionsByTopic& partitions) {
  PartitionSets out;
  for (const auto& [id, indexes] : partitions) {
    const TopicInfo* topic = state.topic(id);
    if (topic != nullptr) out[topic->name].assign(indexes.begin(), indexes.end());
  }
  return out;
}

PartitionsByTopic by_id(const BrokerState& state, const PartitionSets& partitions) {
  PartitionsByTopic out;
  for (const auto& [name, indexes] : partitions) {
    const TopicInfo* topic = state.topic(name);
    if (topic != nullptr && !indexes.empty()) out[topic->id].insert(indexes.begin(), indexes.end());
  }
  return out;
}

Result<ConsumerGroupState> as_consumer_group(const ClassicGroup& group, const BrokerState& state) {
  ConsumerGroupState out;
  out.head.epoch = out.head.assignment_epoch = group.generation();
  for (const auto& [id, member] : group.members()) {
    TRY_ASSIGN(out.members[id], as_consumer_member(member, group, state));
  }
  return out;
}

Generation as_generation(const ConsumerGroupDraft& group, int32_t epoch, const BrokerState& state) {
  Generation out;
  out.number = epoch;
  out.protocol_type = "consumer";
  group.for_each([&](const ConsumerMember& member) { out.members.push_back(as_group_member(member, state)); });
  CHECK(!out.members.empty());
  const GroupMember& leader = out.members.front();
  out.leader = leader.id;
  for (const auto& protocol : leader.protocols) {
    bool common = std::all_of(out.members.begin(), out.members.end(),
                              [&](const GroupMember& each) { return each.metadata_of(protocol.name) != nullptr; });
    if (common && !out.protocol) out.protocol = protocol.name;
  }
  return out;
}

bool has_common_protocol(const ConsumerGroupDraft& group, const std::vector<std::pair<std::string, Bytes>>& offered) {
  return std::any_of(offered.begin(), offered.end(), [&](const auto& protocol) {
    bool common = true;
    group.for_each([&](const ConsumerMember& member) {
      common &= !member.classic || has(member.classic->protocols, protocol.first);
    });
    return common;
  });
}

}  // namespace leat
