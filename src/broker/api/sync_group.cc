#include "protocol/sync_group.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {
namespace {

// The observer hears of the answer, when it comes.
Respond<protocol::SyncGroup> observed(Groups& groups, const Call& call, const protocol::SyncGroupRequest& request,
                                      Respond<protocol::SyncGroup> respond) {
  GroupObserver::Member member{request.group_id, request.member_id, request.group_instance_id};
  return [&groups, call = Call{call.client, nullptr, call.version}, member = std::move(member),
          respond = std::move(respond)](const protocol::SyncGroupResponse* response) {
    groups.observer().answered(call, member, "sync", ErrorCode{response->error_code});
    respond(*response);
  };
}

}  // namespace

void serve_sync_group(Service& service, Broker& broker) {
  service.serve<protocol::SyncGroup>(
      0, 5, [&broker](const Call& call, const protocol::SyncGroupRequest& request, auto respond) {
        Groups& groups = broker.groups();
        respond = observed(groups, call, request, std::move(respond));
        bool assigns = groups.kind(request.group_id) == GroupKind::kConsumer;
        if (assigns) return groups.consumers().sync(request, std::move(respond));
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
