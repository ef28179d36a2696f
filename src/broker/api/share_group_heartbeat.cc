#include "protocol/share_group_heartbeat.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {
namespace {

ConsumerRefusal check(Broker& broker, const protocol::ShareGroupHeartbeatRequest& request) {
  auto invalid = [](const char* what) { return ConsumerRefusal{ErrorCode::kInvalidRequest, what}; };
  if (request.group_id.empty()) return invalid("GroupId can't be empty.");
  if (request.member_id.empty()) return invalid("MemberId can't be empty.");
  if (request.rack_id && request.rack_id->empty()) return invalid("RackId can't be empty.");
  if (request.member_epoch < ConsumerMember::kLeaves) return invalid("MemberEpoch is invalid.");
  bool joins = request.member_epoch == 0;
  if (joins && (!request.subscribed_topic_names || request.subscribed_topic_names->empty())) {
    return invalid("SubscribedTopicNames must be set in first request.");
  }
  GroupKind kind = broker.groups().kind(request.group_id);
  bool may_be_made = kind == GroupKind::kNone && joins;
  if (kind == GroupKind::kShare || may_be_made) return {};
  return {ErrorCode::kGroupIdNotFound,
          "Group " + request.group_id + (kind == GroupKind::kNone ? " not found." : " is not a share group.")};
}

// Members of both kinds of groups say the same things; a sharing one owns nothing by itself.
protocol::ConsumerGroupHeartbeat::Request as_consumer(const protocol::ShareGroupHeartbeatRequest& request) {
  protocol::ConsumerGroupHeartbeat::Request out;
  out.group_id = request.group_id;
  out.member_id = request.member_id;
  out.member_epoch = request.member_epoch;
  out.rack_id = request.rack_id;
  out.subscribed_topic_names = request.subscribed_topic_names;
  return out;
}

protocol::ShareGroupHeartbeatResponse as_share(const protocol::ConsumerGroupHeartbeat::Response& inner) {
  protocol::ShareGroupHeartbeatResponse out;
  out.error_code = inner.error_code;
  out.error_message = inner.error_message;
  out.member_id = inner.member_id;
  out.member_epoch = inner.member_epoch;
  out.heartbeat_interval_ms = inner.heartbeat_interval_ms;
  if (!inner.assignment) return out;
  out.assignment.emplace();
  for (const auto& topic : inner.assignment->topic_partitions) {
    out.assignment->topic_partitions.push_back({topic.topic_id, topic.partitions});
  }
  return out;
}

}  // namespace

void serve_share_group_heartbeat(Service& service, Broker& broker) {
  service.serve<protocol::ShareGroupHeartbeat>(
      1, 1, [&broker](const Call& call, const protocol::ShareGroupHeartbeatRequest& request, auto respond) {
        if (ConsumerRefusal refused = check(broker, request)) {
          protocol::ShareGroupHeartbeatResponse response;
          response.error_code = code(refused.error);
          response.error_message = refused.message;
          return respond(response);
        }
        if (broker.groups().kind(request.group_id) == GroupKind::kNone) {
          ConsumerGroupHead head;
          head.shares = true;
          broker.record({broker_event::ConsumerGroupSaved{request.group_id, head}}, [](const Status&) {});
        }
        broker.groups().consumers().heartbeat(
            call, as_consumer(request), {},
            [respond = std::move(respond)](const protocol::ConsumerGroupHeartbeat::Response* inner) {
              respond(as_share(*inner));
            });
      });
}

}  // namespace leat::api
