#include "protocol/consumer_group_describe.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {
namespace {

protocol::ConsumerGroupDescribeResponse::Assignment describe(const BrokerState& state,
                                                             const PartitionsByTopic& partitions) {
  protocol::ConsumerGroupDescribeResponse::Assignment out;
  for (const auto& [id, indexes] : partitions) {
    const TopicInfo* topic = state.topic(id);
    if (topic != nullptr) out.topic_partitions.push_back({id, topic->name, {indexes.begin(), indexes.end()}});
  }
  return out;
}

void describe(const BrokerState& state, const ConsumerMember& member,
              protocol::ConsumerGroupDescribeResponse::Group::Member& out) {
  constexpr int8_t kClassicMember = 0, kConsumerMember = 1;
  out.member_id = member.id;
  out.instance_id = member.instance_id;
  out.rack_id = member.rack_id;
  out.member_epoch = member.epoch;
  out.client_id = member.client_id;
  out.client_host = "/" + member.client_host;  // As Java writes an address.
  out.subscribed_topic_names = member.topics;
  if (!member.pattern.empty()) out.subscribed_topic_regex = member.pattern;
  out.assignment = describe(state, member.assigned);
  out.target_assignment = describe(state, member.target);
  out.member_type = member.classic ? kClassicMember : kConsumerMember;
}

void describe(Broker& broker, const std::string& id, protocol::ConsumerGroupDescribeResponse::Group& out) {
  out.group_id = id;
  const ConsumerGroupState* group = broker.state().consumer_group(id);
  if (group == nullptr || group->head.shares) {
    bool other = broker.groups().kind(id) != GroupKind::kNone;
    out.error_code = code(ErrorCode::kGroupIdNotFound);
    out.error_message = "Group " + id + (other ? " is not a consumer group." : " not found.");
    return;
  }
  ConsumerGroupDraft now(id, group);
  out.group_state = now.state_name();
  out.group_epoch = group->head.epoch;
  out.assignment_epoch = group->head.assignment_epoch;
  out.assignor_name = choose_assignor(now, broker.settings().group);
  for (const auto& [member_id, member] : group->members) {
    describe(broker.state(), member, out.members.emplace_back());
  }
}

}  // namespace

void serve_consumer_group_describe(Service& service, Broker& broker) {
  service.serve<protocol::ConsumerGroupDescribe>(
      0, 1, [&broker](const Call&, const protocol::ConsumerGroupDescribeRequest& request, const auto& respond) {
        protocol::ConsumerGroupDescribeResponse response;
        for (const std::string& id : request.group_ids) describe(broker, id, response.groups.emplace_back());
        respond(response);
      });
}

}  // namespace leat::api
