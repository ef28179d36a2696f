// Groups: who takes part in them, sees them, ends them.
#include "broker/access/guard.h"
#include "protocol/consumer_group_describe.h"
#include "protocol/consumer_group_heartbeat.h"
#include "protocol/delete_groups.h"
#include "protocol/describe_groups.h"
#include "protocol/heartbeat.h"
#include "protocol/join_group.h"
#include "protocol/leave_group.h"
#include "protocol/list_groups.h"
#include "protocol/share_group_describe.h"
#include "protocol/share_group_heartbeat.h"
#include "protocol/sync_group.h"

namespace leat::access {
namespace {

constexpr auto kGroupRefused = ErrorCode::kGroupAuthorizationFailed;

void guard_join(Service& service, Broker& broker) {
  using Api = protocol::JoinGroup;
  guard_whole<Api>(
      service,
      [&broker](const Call& call, const auto& request) {
        return may_group(broker, call, kRead, request.group_id) ? ErrorCode::kNone : kGroupRefused;
      },
      [](const Api::Request& request, ErrorCode error) {
        Api::Response out;
        out.error_code = code(error);
        out.generation_id = -1;
        out.protocol_name = "";
        out.member_id = request.member_id;
        return out;
      });
}

// Who takes part and names topics must be allowed to see them.
template <class Api>
void guard_heartbeat(Service& service, Broker& broker) {
  guard_whole<Api>(service, [&broker](const Call& call, const auto& request) {
    if (!may_group(broker, call, kRead, request.group_id)) return kGroupRefused;
    if (!request.subscribed_topic_names) return ErrorCode::kNone;
    for (const auto& topic : *request.subscribed_topic_names) {
      if (!may_topic(broker, call, kDescribe, topic)) return ErrorCode::kTopicAuthorizationFailed;
    }
    return ErrorCode::kNone;
  });
}

// Whether some member has a partition of a topic that the client may not see, or shall have it.
template <class Group>
bool shows_hidden_topic(const Broker& broker, const Call& call, const Group& group) {
  auto hidden = [&](const auto& assignment) {
    return std::any_of(assignment.topic_partitions.begin(), assignment.topic_partitions.end(),
                       [&](const auto& topic) { return !may_topic(broker, call, kDescribe, topic.topic_name); });
  };
  return std::any_of(group.members.begin(), group.members.end(), [&](const auto& member) {
    if constexpr (requires { member.target_assignment; }) {
      if (hidden(member.target_assignment)) return true;
    }
    if constexpr (requires { member.assignment.topic_partitions; }) return hidden(member.assignment);
    return false;
  });
}

// `Api::Request::*ids` of groups, each of which is described.
template <class Api>
void guard_description(Service& service, Broker& broker, std::vector<std::string> Api::Request::*ids) {
  using Group = typename decltype(Api::Response::groups)::value_type;
  service.guard<Api>([&broker, ids](Call call, typename Api::Request request, Respond<Api> respond,
                                    const Handler<Api>& next) {
    auto refused = take_refused<Group>(
        request.*ids, [&](const std::string& id) { return may_group(broker, call, kDescribe, id); },
        [](const std::string& id) {
          Group out;
          out.group_id = id;
          out.error_code = code(kGroupRefused);
          return out;
        });
    bool operations = request.include_authorized_operations;
    Call asker = call;
    respond = joined<Api>(std::move(respond), &Api::Response::groups, std::move(refused));
    auto look = [&broker, asker, operations](Group& group) {
      if (group.error_code != 0) return;
      if (operations) {
        group.authorized_operations =
            broker.authorizer().operations(*asker.client, AclResource::kGroup, group.group_id);
      }
      if (!shows_hidden_topic(broker, asker, group)) return;
      group.error_code = code(ErrorCode::kTopicAuthorizationFailed);
      group.error_message = "The group has described topic(s) that the client is not authorized to describe.";
      group.members.clear();
    };
    next(std::move(call), std::move(request), looked_through<Api>(std::move(respond), &Api::Response::groups, look));
  });
}

}  // namespace

void guard_groups(Service& service, Broker& broker) {
  guard_join(service, broker);
  guard_group<protocol::SyncGroup>(service, broker, kRead);
  guard_group<protocol::Heartbeat>(service, broker, kRead);
  guard_group<protocol::LeaveGroup>(service, broker, kRead);
  guard_heartbeat<protocol::ConsumerGroupHeartbeat>(service, broker);
  guard_heartbeat<protocol::ShareGroupHeartbeat>(service, broker);
  guard_description<protocol::DescribeGroups>(service, broker, &protocol::DescribeGroupsRequest::groups);
  guard_description<protocol::ConsumerGroupDescribe>(service, broker,
                                                     &protocol::ConsumerGroupDescribeRequest::group_ids);
  guard_description<protocol::ShareGroupDescribe>(service, broker, &protocol::ShareGroupDescribeRequest::group_ids);
  guard_answer<protocol::ListGroups>(service, [&broker](const Call& call, auto& response) {
    if (may_cluster(broker, call, kDescribe)) return;
    std::erase_if(response.groups,
                  [&](const auto& group) { return !may_group(broker, call, kDescribe, group.group_id); });
  });
  using protocol::DeleteGroups;
  guard_items<DeleteGroups>(
      service, &DeleteGroups::Request::groups_names, &DeleteGroups::Response::results,
      [&broker](const Call& call, const std::string& id) { return may_group(broker, call, kDelete, id); },
      [](const std::string& id) {
        return DeleteGroups::Response::Result{id, code(kGroupRefused)};
      });
}

}  // namespace leat::access
