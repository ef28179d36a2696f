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
bool passes(const std::vector<std::string>& filter, const std::string& name) {
  return filter.empty() ||
         std::any_of(filter.begin(), filter.end(), [&](const auto& each) { return lower(each) == lower(name); });
}

}  // namespace

void serve_list_groups(Service& service, Broker& broker) {
  service.serve<protocol::ListGroups>(
      0, 5, [&broker](const Call&, const protocol::ListGroupsRequest& request, const auto& respond) {
        std::set<std::string> ids;
        for (const auto& [id, offsets] : broker.state().offsets()) ids.insert(id);
        for (const auto& [id, group] : broker.groups().all()) ids.insert(id);
        protocol::ListGroupsResponse response;
        for (const std::string& id : ids) {
          const ClassicGroup& group = *broker.groups().find(id);
          std::string state = to_string(group.state());
          if (!passes(request.states_filter, state) || !passes(request.types_filter, "classic")) continue;
          response.groups.push_back({id, group.protocol_type().value_or(""), state, "classic"});
        }
        respond(response);
      });
}

}  // namespace leat::api
