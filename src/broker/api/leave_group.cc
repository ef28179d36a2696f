#include "protocol/leave_group.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {

void serve_leave_group(Service& service, Broker& broker) {
  service.serve<protocol::LeaveGroup>(
      0, 5, [&broker](const Call& call, const protocol::LeaveGroupRequest& request, auto respond) {
        Groups& groups = broker.groups();
        bool assigns = groups.kind(request.group_id) == GroupKind::kConsumer;
        if (assigns) return groups.consumers().remove(request, call.version, std::move(respond));
        ClassicGroup* group = groups.find(request.group_id);
        if (group == nullptr) {
          protocol::LeaveGroupResponse response;
          response.error_code = code(ErrorCode::kUnknownMemberId);
          return respond(response);
        }
        auto response = group->leave(request, call.version, groups.now());
        groups.arm(*group);
        respond(response);
      });
}

}  // namespace leat::api
