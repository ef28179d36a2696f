#include "protocol/init_producer_id.h"

#include "broker/api/api.h"

namespace leat::api {

void serve_init_producer_id(Service& service, Broker& broker) {
  service.serve<protocol::InitProducerId>(
      0, 5, [&broker](const Call&, const protocol::InitProducerIdRequest& request, auto respond) {
        protocol::InitProducerIdResponse response;
        response.producer_epoch = -1;
        if (request.transactional_id) {
          // Transactions of clients are not served yet, and nobody must believe that they are.
          response.error_code = code(ErrorCode::kUnsupportedVersion);
          return respond(response);
        }
        broker.new_producer_id([response, respond = std::move(respond)](const Result<int64_t>& id) mutable {
          if (id) {
            response.producer_id = *id;
            response.producer_epoch = 0;
          } else {
            response.error_code = code(ErrorCode::kCoordinatorNotAvailable);
          }
          respond(response);
        });
      });
}

}  // namespace leat::api
