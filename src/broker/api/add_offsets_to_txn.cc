#include "protocol/add_offsets_to_txn.h"

#include "broker/api/api.h"
#include "broker/transaction/transactions.h"

namespace leat::api {

void serve_add_offsets_to_txn(Service& service, Broker& broker) {
  using Request = protocol::AddOffsetsToTxnRequest;
  service.serve<protocol::AddOffsetsToTxn>(0, 4, [&broker](const Call& call, const Request& request, auto respond) {
    constexpr int16_t kKnowsFenced = 2;
    auto finish = [respond = std::move(respond)](ErrorCode error) {
      protocol::AddOffsetsToTxnResponse response;
      response.error_code = code(error);
      respond(response);
    };
    if (request.group_id.empty()) return finish(ErrorCode::kInvalidGroupId);
    broker.transactions().add({.id = request.transactional_id,
                               .producer = {request.producer_id, request.producer_epoch},
                               .groups = {request.group_id},
                               .knows_fenced = call.version >= kKnowsFenced},
                              call.client, std::move(finish));
  });
}

}  // namespace leat::api
