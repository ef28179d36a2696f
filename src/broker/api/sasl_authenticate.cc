#include "protocol/sasl_authenticate.h"

#include "broker/access/sasl_session.h"
#include "broker/api/api.h"

namespace leat::api {

void serve_sasl_authenticate(Service& service, Broker&) {
  service.serve<protocol::SaslAuthenticate>(
      0, 2, [](const Call& call, const protocol::SaslAuthenticateRequest& request, auto respond) {
        auto answer = [client = call.client, respond = std::move(respond)](const Result<Bytes>& token) {
          protocol::SaslAuthenticateResponse response;
          if (token) {
            response.auth_bytes = *token;
            if (client->sasl->is_proved()) response.session_lifetime_ms = client->sasl->lifetime_ms();
          } else {
            bool unexpected = token.error().code == Errc::kConflict;
            response.error_code =
                code(unexpected ? ErrorCode::kIllegalSaslState : ErrorCode::kSaslAuthenticationFailed);
            response.error_message = token.error().message;
          }
          respond(response);
        };
        if (call.client->sasl == nullptr) return answer(Error{Errc::kConflict, "this listener does not use SASL"});
        prove(call.client, request.auth_bytes, answer);
      });
}

}  // namespace leat::api
