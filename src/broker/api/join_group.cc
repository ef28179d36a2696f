#include "protocol/join_group.h"

#include <algorithm>

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {
namespace {

// The assignors that every member of the group has.
std::vector<std::string> common_protocols(const ClassicGroup* group) {
  std::vector<std::string> out;
  if (group == nullptr || group->members().empty()) return out;
  for (const auto& protocol : group->members().begin()->second.protocols) {
    bool common = std::all_of(group->members().begin(), group->members().end(),
                              [&](const auto& entry) { return entry.second.metadata_of(protocol.name) != nullptr; });
    if (common) out.push_back(protocol.name);
  }
  return out;
}

// The observer hears of the answer, when it comes.
Respond<protocol::JoinGroup> observed(Groups& groups, const Call& call, const protocol::JoinGroupRequest& request,
                                      Respond<protocol::JoinGroup> respond) {
  GroupObserver::Member member{request.group_id, request.member_id, request.group_instance_id};
  std::vector<std::string> offered;
  for (const auto& protocol : request.protocols) offered.push_back(protocol.name);
  return [&groups, call = Call{call.client, nullptr, call.version}, member = std::move(member),
          offered = std::move(offered), respond = std::move(respond)](const protocol::JoinGroupResponse* response) {
    ErrorCode error{response->error_code};
    if (error == ErrorCode::kInconsistentGroupProtocol) {
      groups.observer().mismatched(call, member, offered, common_protocols(groups.find(member.group)));
    } else if (error == ErrorCode::kNone) {
      groups.observer().answered(call, {member.group, response->member_id, member.instance_id}, "join", error);
    } else {
      groups.observer().answered(call, member, "join", error);
    }
    respond(*response);
  };
}

void join(Broker& broker, const Call& call, const protocol::JoinGroupRequest& request,
          Respond<protocol::JoinGroup> respond) {
  Groups& groups = broker.groups();
  respond = observed(groups, call, request, std::move(respond));
  const ConsumerGroupState* other = broker.state().consumer_group(request.group_id);
  GroupObserver::Joining joining(groups.observer(), call, request);
  bool has_others = other != nullptr && !other->head.shares && !other->members.empty();
  if (has_others) return groups.consumers().join(call, request, std::move(respond));
  ClassicGroup* known = groups.find(request.group_id);
  ErrorCode error = request.group_id.empty()                         ? ErrorCode::kInvalidGroupId
                    : other != nullptr && other->head.shares         ? ErrorCode::kInconsistentGroupProtocol
                    : known == nullptr && !request.member_id.empty() ? ErrorCode::kUnknownMemberId
                                                                     : ErrorCode::kNone;
  if (error != ErrorCode::kNone) {
    protocol::JoinGroupResponse response;
    response.error_code = code(error);
    response.protocol_name = "";
    response.member_id = request.member_id;
    return respond(response);
  }
  // A group of another kind that is empty makes room.
  if (other != nullptr) broker.record(groups.give_up(request.group_id), [](const Status&) {});
  ClassicGroup& group = groups.find_or_make(request.group_id);
  group.join(call, request, std::move(respond), groups.now());
  groups.arm(group);
}

}  // namespace

void serve_join_group(Service& service, Broker& broker) {
  service.serve<protocol::JoinGroup>(
      0, 9, [&broker](const Call& call, const protocol::JoinGroupRequest& request, auto respond) {
        join(broker, call, request, std::move(respond));
      });
}

}  // namespace leat::api
