#include "protocol/consumer_group_heartbeat.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {
namespace {

ConsumerRefusal check_kind(Broker& broker, const protocol::ConsumerGroupHeartbeatRequest& request) {
  const std::string& id = request.group_id;
  GroupKind kind = broker.groups().kind(id);
  if (kind == GroupKind::kConsumer) return {};
  if (kind == GroupKind::kNone && request.member_epoch != 0) {
    return {ErrorCode::kGroupIdNotFound, "Consumer group " + id + " not found."};
  }
  if (kind == GroupKind::kNone) return {};
  if (kind == GroupKind::kClassic && request.member_epoch == 0) {
    return broker.groups().find(id)->members().empty() ? ConsumerRefusal() : broker.groups().upgrade(id);
  }
  return {ErrorCode::kGroupIdNotFound, "Group " + id + " is not a consumer group."};
}

// The observer hears of the answer, when it comes.
Respond<protocol::ConsumerGroupHeartbeat> observed(Groups& groups, const Call& call,
                                                   const protocol::ConsumerGroupHeartbeatRequest& request,
                                                   Respond<protocol::ConsumerGroupHeartbeat> respond) {
  constexpr int32_t kLeaves = -1;  // -2 of a static member.
  if (request.member_epoch <= kLeaves) return respond;
  GroupObserver::Member member{request.group_id, request.member_id, request.instance_id};
  return [&groups, call = Call{call.client, nullptr, call.version}, member = std::move(member),
          respond = std::move(respond)](const protocol::ConsumerGroupHeartbeatResponse* response) {
    groups.observer().answered(call, member, "heartbeat", ErrorCode{response->error_code});
    respond(*response);
  };
}

}  // namespace

void serve_consumer_group_heartbeat(Service& service, Broker& broker) {
  service.serve<protocol::ConsumerGroupHeartbeat>(
      0, 1, [&broker](const Call& call, protocol::ConsumerGroupHeartbeatRequest request, auto respond) {
        ConsumerRefusal refused = check_heartbeat(request, call.version, broker.settings().group);
        if (!refused) refused = check_kind(broker, request);
        if (refused) {
          protocol::ConsumerGroupHeartbeatResponse response;
          response.error_code = code(refused.error);
          response.error_message = refused.message;
          return respond(response);
        }
        if (request.member_id.empty()) request.member_id = to_string(broker.random_uuid());
        respond = observed(broker.groups(), call, request, std::move(respond));
        std::vector<BrokerEvent> first;
        if (broker.groups().kind(request.group_id) == GroupKind::kClassic)
          first = broker.groups().give_up(request.group_id);
        broker.groups().consumers().heartbeat(call, request, std::move(first), std::move(respond));
      });
}

}  // namespace leat::api
