#include "protocol/find_coordinator.h"

#include "broker/api/api.h"

namespace leat::api {

// There is one broker, and it coordinates everything.
void serve_find_coordinator(Service& service, Broker& broker) {
  service.serve<protocol::FindCoordinator>(
      0, 6, [&broker](const Call&, const protocol::FindCoordinatorRequest& request, const auto& respond) {
        protocol::FindCoordinatorResponse response;
        const BrokerSettings& settings = broker.settings();
        response.node_id = settings.node_id;
        response.host = settings.advertised.host;
        response.port = settings.advertised.port;
        for (const std::string& key : request.coordinator_keys) {
          response.coordinators.push_back(
              {key, settings.node_id, settings.advertised.host, settings.advertised.port, 0, std::nullopt});
        }
        respond(response);
      });
}

}  // namespace leat::api
