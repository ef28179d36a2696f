#include "protocol/join_group.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {

void serve_join_group(Service& service, Broker& broker) {
  service.serve<protocol::JoinGroup>(
      0, 9, [&broker](const Call& call, const protocol::JoinGroupRequest& request, auto respond) {
        Groups& groups = broker.groups();
        ClassicGroup* known = groups.find(request.group_id);
        ErrorCode error = request.group_id.empty()                         ? ErrorCode::kInvalidGroupId
                          : known == nullptr && !request.member_id.empty() ? ErrorCode::kUnknownMemberId
                                                                           : ErrorCode::kNone;
        if (error != ErrorCode::kNone) {
          protocol::JoinGroupResponse response;
          response.error_code = code(error);
          response.protocol_name = "";
          response.member_id = request.member_id;
          return respond(response);
        }
        ClassicGroup& group = groups.find_or_make(request.group_id);
        group.join(call, request, std::move(respond), groups.now());
        groups.arm(group);
      });
}

}  // namespace leat::api
