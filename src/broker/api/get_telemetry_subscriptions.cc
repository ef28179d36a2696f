#include "protocol/get_telemetry_subscriptions.h"

#include "broker/api/api.h"

namespace leat::api {

void serve_get_telemetry_subscriptions(Service& service, Broker& broker) {
  service.serve<protocol::GetTelemetrySubscriptions>(
      0, 0,
      [&broker](const Call& call, const protocol::GetTelemetrySubscriptionsRequest& request, const auto& respond) {
        respond(broker.telemetry().subscribe(*call.client, request.client_instance_id, broker.random_uuid(),
                                             broker.monotonic()));
      });
}

}  // namespace leat::api
