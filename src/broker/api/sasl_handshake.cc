#include "protocol/sasl_handshake.h"

#include "broker/access/sasl_session.h"
#include "broker/api/api.h"

namespace leat::api {

void serve_sasl_handshake(Service& service, Broker& broker) {
  service.serve<protocol::SaslHandshake>(
      0, 1, [&broker](const Call& call, const protocol::SaslHandshakeRequest& request, const auto& respond) {
        protocol::SaslHandshakeResponse response;
        SaslSession* session = call.client->sasl.get();
        response.error_code = code(session == nullptr ? ErrorCode::kIllegalSaslState
                                                      : session->handshake(request.mechanism, call.version));
        if (session != nullptr) response.mechanisms = broker.settings().security.mechanisms;
        respond(response);
      });
}

}  // namespace leat::api
