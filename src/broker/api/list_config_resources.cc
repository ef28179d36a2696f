#include "protocol/list_config_resources.h"

#include <algorithm>

#include "broker/api/api.h"

namespace leat::api {
namespace {

using enum ConfigResource;

constexpr ConfigResource kTypes[] = {kTopic, kBroker, kBrokerLogger, kClientMetrics, kGroup};

void list(const Broker& broker, ConfigResource type, protocol::ListConfigResourcesResponse& response) {
  auto add = [&](const std::string& name) { response.config_resources.push_back({name, static_cast<int8_t>(type)}); };
  switch (type) {
    case kTopic:
      for (const auto& [name, topic] : broker.state().topics()) add(name);
      return;
    case kBroker:
    case kBrokerLogger:
      return add(std::to_string(broker.settings().node_id));
    case kClientMetrics:
    case kGroup:
      for (const auto& [resource, set] : broker.state().configs()) {
        if (resource.first == type) add(resource.second);
      }
  }
}

// Version 0 knew of clients' metrics only; later, nothing asked for is everything.
protocol::ListConfigResourcesResponse list_all(const Broker& broker, int16_t version,
                                               const protocol::ListConfigResourcesRequest& request) {
  protocol::ListConfigResourcesResponse response;
  if (version == 0) {
    list(broker, kClientMetrics, response);
    return response;
  }
  for (int8_t type : request.resource_types) {
    bool known = std::count(std::begin(kTypes), std::end(kTypes), static_cast<ConfigResource>(type)) > 0;
    if (!known) response.error_code = code(ErrorCode::kUnsupportedVersion);
  }
  if (response.error_code != 0) return response;
  for (ConfigResource type : kTypes) {
    const auto& wanted = request.resource_types;
    bool is_wanted = wanted.empty() || std::count(wanted.begin(), wanted.end(), static_cast<int8_t>(type)) > 0;
    if (is_wanted) list(broker, type, response);
  }
  return response;
}

}  // namespace

void serve_list_config_resources(Service& service, Broker& broker) {
  service.serve<protocol::ListConfigResources>(
      0, 1, [&broker](const Call& call, const protocol::ListConfigResourcesRequest& request, const auto& respond) {
        respond(list_all(broker, call.version, request));
      });
}

}  // namespace leat::api
