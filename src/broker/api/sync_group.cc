#include "protocol/sync_group.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {

void serve_sync_group(Service& service, Broker& broker) {
  service.serve<protocol::SyncGroup>(0, 5,
                                     [&broker](const Call&, const protocol::SyncGroupRequest& request, auto respond) {
                                       Groups& groups = broker.groups();
                                       ClassicGroup* group = groups.find(request.group_id);
                                       if (group == nullptr) {
                                         protocol::SyncGroupResponse response;
                                         response.error_code = code(ErrorCode::kUnknownMemberId);
                                         return respond(response);
                                       }
                                       group->sync(request, std::move(respond), groups.now());
                                       groups.arm(*group);
                                     });
}

}  // namespace leat::api
