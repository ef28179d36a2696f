#include "protocol/heartbeat.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {

void serve_heartbeat(Service& service, Broker& broker) {
  service.serve<protocol::Heartbeat>(
      0, 4, [&broker](const Call&, const protocol::HeartbeatRequest& request, const auto& respond) {
        Groups& groups = broker.groups();
        ClassicGroup* group = groups.find(request.group_id);
        protocol::HeartbeatResponse response;
        response.error_code =
            code(group == nullptr ? ErrorCode::kUnknownMemberId : group->heartbeat(request, groups.now()));
        if (group != nullptr) groups.arm(*group);
        respond(response);
      });
}

}  // namespace leat::api
