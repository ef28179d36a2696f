#include "client/transactions.h"

#include <algorithm>

#include "base/units.h"
#include "protocol/describe_transactions.h"
#include "protocol/init_producer_id.h"
#include "protocol/list_transactions.h"

namespace leat::client {

using protocol::DescribeTransactions;
using protocol::ErrorCode;
using protocol::InitProducerId;
using protocol::ListTransactions;

Result<std::vector<TransactionListing>> list_transactions(Cluster& cluster) {
  std::vector<TransactionListing> out;
  auto brokers = cluster.brokers();  // A copy: the calls may learn of others.
  for (const auto& [node, at] : brokers) {
    Retry attempts = cluster.retry();
    while (true) {
      TRY_ASSIGN(auto answer, cluster.call<ListTransactions>(node, {}));
      if (passes(answer->error_code) && attempts.again()) continue;
      TRY(kafka_status(at.to_string() + ": ListTransactions", answer->error_code));
      for (const auto& each : answer->transaction_states) {
        out.push_back({each.transactional_id, each.transaction_state, each.producer_id, node});
      }
      break;
    }
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return out;
}

namespace {

Error no_such_transaction(Cluster& cluster, const std::string& id) {
  std::vector<std::string> names;
  if (auto all = list_transactions(cluster)) {
    for (const TransactionListing& each : *all) names.push_back(each.id);
  }
  std::string near = did_you_mean(id, names);
  return {Errc::kNotFound, "no transactional id '" + id + "'" + (near.empty() ? "; `leat txn ls` lists them" : near)};
}

}  // namespace

Result<TransactionDescription> describe_transaction(Cluster& cluster, const std::string& id) {
  DescribeTransactions::Request request;
  request.transactional_ids = {id};
  auto code_of = [](const DescribeTransactions::Response& response) {
    return response.transaction_states.empty() ? int16_t{0} : response.transaction_states[0].error_code;
  };
  TRY_ASSIGN(auto answer,
             cluster.at_coordinator<DescribeTransactions>(CoordinatorType::kTransaction, id, request, code_of));
  if (answer->transaction_states.size() != 1) {
    return Error{Errc::kCorruption, "DescribeTransactions: the answer is not about one transaction"};
  }
  const auto& from = answer->transaction_states[0];
  if (from.error_code == static_cast<int16_t>(ErrorCode::kTransactionalIdNotFound)) {
    return no_such_transaction(cluster, id);
  }
  TRY(kafka_status("DescribeTransactions of '" + id + "'", from.error_code));
  TransactionDescription out{
      id, from.transaction_state, -1, from.transaction_timeout_ms, {}, from.producer_id, from.producer_epoch, {}};
  TRY_ASSIGN(out.coordinator, cluster.coordinator(CoordinatorType::kTransaction, id, cluster.retry().deadline()));
  if (from.transaction_start_time_ms >= 0) out.started = WallTime{from.transaction_start_time_ms};
  for (const auto& topic : from.topics) {
    for (int32_t number : topic.partitions) out.partitions.insert({topic.topic, PartitionId{number}});
  }
  return out;
}

// A producer that begins with the id of another fences it, and its coordinator aborts what was open (KIP-98).
Status fence_producer(Cluster& cluster, const std::string& id) {
  InitProducerId::Request request;
  request.transactional_id = id;
  request.transaction_timeout_ms = static_cast<int32_t>(cluster.options().timeout_ms);
  auto code_of = [](const InitProducerId::Response& response) { return response.error_code; };
  TRY_ASSIGN(auto answer, cluster.at_coordinator<InitProducerId>(CoordinatorType::kTransaction, id, request, code_of));
  return kafka_status("InitProducerId of '" + id + "'", answer->error_code);
}

}  // namespace leat::client
