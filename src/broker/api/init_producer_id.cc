#include "protocol/init_producer_id.h"

#include "broker/api/api.h"
#include "broker/transaction/transactions.h"

namespace leat::api {
namespace {

void answer(const Respond<protocol::InitProducerId>& respond, ErrorCode error, const ProducerIdentity& producer) {
  protocol::InitProducerIdResponse response;
  response.error_code = code(error);
  response.producer_id = producer.id;
  response.producer_epoch = producer.epoch;
  respond(response);
}

ErrorCode check(const Broker& broker, const protocol::InitProducerIdRequest& request) {
  bool half_named = (request.producer_id < 0) != (request.producer_epoch < 0);
  if (request.transactional_id->empty() || half_named) return ErrorCode::kInvalidRequest;
  bool fits = request.transaction_timeout_ms > 0 &&
              request.transaction_timeout_ms <= broker.settings().transaction_max_timeout_ms;
  return fits ? ErrorCode::kNone : ErrorCode::kInvalidTransactionTimeout;
}

void claim(Broker& broker, int16_t version, const protocol::InitProducerIdRequest& request,
           Respond<protocol::InitProducerId> respond) {
  constexpr int16_t kKnowsFenced = 4;
  if (ErrorCode error = check(broker, request); error != ErrorCode::kNone) return answer(respond, error, {});
  broker.transactions().claim({*request.transactional_id,
                               request.transaction_timeout_ms,
                               {request.producer_id, request.producer_epoch},
                               version >= kKnowsFenced},
                              [respond = std::move(respond)](ErrorCode error, const ProducerIdentity& producer) {
                                answer(respond, error, producer);
                              });
}

}  // namespace

void serve_init_producer_id(Service& service, Broker& broker) {
  service.serve<protocol::InitProducerId>(
      0, 5, [&broker](const Call& call, const protocol::InitProducerIdRequest& request, auto respond) {
        if (request.transactional_id) return claim(broker, call.version, request, std::move(respond));
        broker.new_producer_id([respond = std::move(respond)](const Result<int64_t>& id) {
          if (!id) return answer(respond, ErrorCode::kCoordinatorNotAvailable, {});
          answer(respond, ErrorCode::kNone, {*id, 0});
        });
      });
}

}  // namespace leat::api
