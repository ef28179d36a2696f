#include "protocol/end_txn.h"

#include "broker/api/api.h"
#include "broker/transaction/transactions.h"

namespace leat::api {

void serve_end_txn(Service& service, Broker& broker) {
  using Request = protocol::EndTxnRequest;
  service.serve<protocol::EndTxn>(0, 5, [&broker](const Call& call, const Request& request, auto respond) {
    constexpr int16_t kKnowsFenced = 2, kBumps = 5;
    bool bumps = call.version >= kBumps;
    broker.transactions().end({request.transactional_id,
                               {request.producer_id, request.producer_epoch},
                               request.committed,
                               bumps,
                               call.version >= kKnowsFenced},
                              call.client,
                              [respond = std::move(respond)](ErrorCode error, const ProducerIdentity& producer) {
                                protocol::EndTxnResponse response;
                                response.error_code = code(error);
                                response.producer_id = producer.id;
                                response.producer_epoch = producer.epoch;
                                respond(response);
                              });
  });
}

}  // namespace leat::api
