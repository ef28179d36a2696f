#include "protocol/list_groups.h"

#include <algorithm>
#include <set>

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// No filter lets everything through; names are compared without case, as Kafka does.
bool is_listed(const std::vector<std::string>& filter, const std::string& name) {
  return filter.empty() ||
         std::any_of(filter.begin(), filter.end(), [&](const auto& each) { return lower(each) == lower(name); });
}

protocol::ListGroupsResponse::Group describe(Broker& broker, const std::string& id) {
  if (const ConsumerGroupState* group = broker.state().consumer_group(id)) {
    const char* kind = group->head.shares ? "share" : "consumer";
    return {id, kind, ConsumerGroupDraft(id, group).state_name(), kind};
  }
  const ClassicGroup& group = *broker.groups().find(id);
  return {id, group.protocol_type().value_or(""), to_string(group.state()), "classic"};
}

}  // namespace

void serve_list_groups(Service& service, Broker& broker) {
  service.serve<protocol::ListGroups>(
      0, 5, [&broker](const Call&, const protocol::ListGroupsRequest& request, const auto& respond) {
        std::set<std::string> ids;
        for (const auto& [id, offsets] : broker.state().offsets()) ids.insert(id);
        for (const auto& [id, group] : broker.state().consumer_groups()) ids.insert(id);
        for (const auto& [id, group] : broker.groups().all()) ids.insert(id);
        protocol::ListGroupsResponse response;
        for (const std::string& id : ids) {
          auto group = describe(broker, id);
          if (!is_listed(request.states_filter, group.group_state) ||
              !is_listed(request.types_filter, group.group_type)) {
            continue;
          }
          response.groups.push_back(std::move(group));
        }
        respond(response);
      });
}

}  // namespace leat::api
