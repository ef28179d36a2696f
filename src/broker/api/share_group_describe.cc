#include "protocol/share_group_describe.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {
namespace {

void describe(const BrokerState& state, const ConsumerMember& member,
              protocol::ShareGroupDescribeResponse::Group::Member& out) {
  out.member_id = member.id;
  out.rack_id = member.rack_id;
  out.member_epoch = member.epoch;
  out.client_id = member.client_id;
  out.client_host = "/" + member.client_host;  // As Java writes an address.
  out.subscribed_topic_names = member.topics;
  for (const auto& [id, indexes] : member.assigned) {
    const TopicInfo* topic = state.topic(id);
    if (topic == nullptr) continue;
    out.assignment.topic_partitions.push_back({id, topic->name, {indexes.begin(), indexes.end()}});
  }
}

void describe(Broker& broker, const std::string& id, protocol::ShareGroupDescribeResponse::Group& out) {
  out.group_id = id;
  GroupKind kind = broker.groups().kind(id);
  if (kind != GroupKind::kShare) {
    out.error_code = code(ErrorCode::kGroupIdNotFound);
    out.error_message = "Group " + id + (kind == GroupKind::kNone ? " not found." : " is not a share group.");
    return;
  }
  const ConsumerGroupState& group = *broker.state().consumer_group(id);
  out.group_state = ConsumerGroupDraft(id, &group).state_name();
  out.group_epoch = group.head.epoch;
  out.assignment_epoch = group.head.assignment_epoch;
  out.assignor_name = "simple";
  for (const auto& [member_id, member] : group.members) {
    describe(broker.state(), member, out.members.emplace_back());
  }
}

}  // namespace

void serve_share_group_describe(Service& service, Broker& broker) {
  service.serve<protocol::ShareGroupDescribe>(
      1, 1, [&broker](const Call&, const protocol::ShareGroupDescribeRequest& request, const auto& respond) {
        protocol::ShareGroupDescribeResponse response;
        for (const std::string& id : request.group_ids) describe(broker, id, response.groups.emplace_back());
        respond(response);
      });
}

}  // namespace leat::api
