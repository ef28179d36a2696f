#include "protocol/describe_transactions.h"

#include "broker/api/api.h"

namespace leat::api {
namespace {

void describe(const TransactionState& transaction, protocol::DescribeTransactionsResponse::TransactionState& out) {
  out.transaction_state = to_string(transaction.phase);
  out.transaction_timeout_ms = transaction.timeout_ms;
  bool begun = transaction.phase == TransactionPhase::kOngoing || transaction.is_decided();
  out.transaction_start_time_ms = begun ? transaction.began.value : -1;
  out.producer_id = transaction.producer.id;
  out.producer_epoch = transaction.producer.epoch;
  for (const TopicPartition& partition : transaction.partitions) {  // In order of their topics.
    if (out.topics.empty() || out.topics.back().topic != partition.topic) out.topics.push_back({partition.topic, {}});
    out.topics.back().partitions.push_back(static_cast<int32_t>(partition.partition.value));
  }
}

}  // namespace

void serve_describe_transactions(Service& service, Broker& broker) {
  using Request = protocol::DescribeTransactionsRequest;
  service.serve<protocol::DescribeTransactions>(
      0, 0, [&broker](const Call&, const Request& request, const auto& respond) {
        protocol::DescribeTransactionsResponse response;
        for (const std::string& id : request.transactional_ids) {
          auto& out = response.transaction_states.emplace_back();
          out.transactional_id = id;
          if (const TransactionState* known = broker.state().transaction(id)) {
            describe(*known, out);
          } else {
            out.error_code = code(ErrorCode::kTransactionalIdNotFound);
          }
        }
        respond(response);
      });
}

}  // namespace leat::api
