#include "protocol/heartbeat.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {

void serve_heartbeat(Service& service, Broker& broker) {
  service.serve<protocol::Heartbeat>(
      0, 4, [&broker](const Call& call, const protocol::HeartbeatRequest& request, const auto& respond) {
        Groups& groups = broker.groups();
        ClassicGroup* group = groups.find(request.group_id);
        bool assigns = groups.kind(request.group_id) == GroupKind::kConsumer;
        protocol::HeartbeatResponse response;
        response.error_code = code(assigns            ? groups.consumers().heartbeat(request)
                                   : group == nullptr ? ErrorCode::kUnknownMemberId
                                                      : group->heartbeat(request, groups.now()));
        if (group != nullptr) groups.arm(*group);
        groups.observer().answered(call, {request.group_id, request.member_id, request.group_instance_id}, "heartbeat",
                                   ErrorCode{response.error_code});
        respond(response);
      });
}

}  // namespace leat::api
