#include "protocol/delete_groups.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {
namespace {

ErrorCode check(Broker& broker, const std::string& id) {
  if (const ConsumerGroupState* group = broker.state().consumer_group(id)) {
    return group->members.empty() ? ErrorCode::kNone : ErrorCode::kNonEmptyGroup;
  }
  const ClassicGroup* group = broker.groups().find(id);
  if (group == nullptr) return ErrorCode::kGroupIdNotFound;
  return group->is_empty() ? ErrorCode::kNone : ErrorCode::kNonEmptyGroup;
}

void delete_groups(Broker& broker, const std::vector<std::string>& ids, Respond<protocol::DeleteGroups> respond) {
  auto response = std::make_shared<protocol::DeleteGroupsResponse>();
  std::vector<BrokerEvent> events;
  for (const std::string& id : ids) {
    ErrorCode error = check(broker, id);
    response->results.push_back({id, code(error)});
    if (error == ErrorCode::kNone) events.emplace_back(broker_event::GroupDeleted{id});
  }
  broker.record(std::move(events), [&broker, response, respond = std::move(respond)](const Status& outcome) {
    for (auto& result : response->results) {
      if (result.error_code != 0) continue;
      if (outcome) {
        broker.groups().forget(result.group_id);
      } else {
        result.error_code = code(ErrorCode::kCoordinatorNotAvailable);
      }
    }
    respond(*response);
  });
}

}  // namespace

void serve_delete_groups(Service& service, Broker& broker) {
  service.serve<protocol::DeleteGroups>(
      0, 2, [&broker](const Call&, const protocol::DeleteGroupsRequest& request, auto respond) {
        delete_groups(broker, request.groups_names, std::move(respond));
      });
}

}  // namespace leat::api
