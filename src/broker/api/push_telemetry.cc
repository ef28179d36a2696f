#include "protocol/push_telemetry.h"

#include "broker/api/api.h"

namespace leat::api {

void serve_push_telemetry(Service& service, Broker& broker) {
  service.serve<protocol::PushTelemetry>(
      0, 0, [&broker](const Call& call, const protocol::PushTelemetryRequest& request, const auto& respond) {
        protocol::PushTelemetryResponse response;
        response.error_code = code(broker.telemetry().push(*call.client, request, broker.monotonic(), broker.wall()));
        respond(response);
      });
}

}  // namespace leat::api
