// Transactions: who uses a transactional id, and what is reached through it.
#include "broker/access/guard.h"
#include "protocol/add_offsets_to_txn.h"
#include "protocol/add_partitions_to_txn.h"
#include "protocol/describe_transactions.h"
#include "protocol/end_txn.h"
#include "protocol/find_coordinator.h"
#include "protocol/init_producer_id.h"
#include "protocol/list_transactions.h"
#include "protocol/txn_offset_commit.h"

namespace leat::access {
namespace {

constexpr auto kTransactionRefused = ErrorCode::kTransactionalIdAuthorizationFailed;

ErrorCode refusal_to_produce(const Broker& broker, const Call& call, const protocol::InitProducerIdRequest& request) {
  if (request.transactional_id) {
    return may_transact(broker, call, kWrite, *request.transactional_id) ? ErrorCode::kNone : kTransactionRefused;
  }
  bool may = may_cluster(broker, call, kIdempotentWrite) ||
             broker.authorizer().allows_some(*call.client, kWrite, AclResource::kTopic);  // KIP-679.
  return may ? ErrorCode::kNone : ErrorCode::kClusterAuthorizationFailed;
}

// One topic that may not be written to, and nothing is added; the others are told that they were not tried.
using Add = protocol::AddPartitionsToTxn;

std::vector<protocol::AddPartitionsToTxnResponse::TopicResult> refuse_partitions(
    const Add::Request& request, const std::function<ErrorCode(const std::string& topic)>& error_of) {
  std::vector<Add::Response::TopicResult> out;
  for (const auto& topic : request.v3_and_below_topics) {
    auto& result = out.emplace_back();
    result.name = topic.name;
    for (int32_t index : topic.partitions) {
      result.results_by_partition.push_back({index, code(error_of(topic.name))});
    }
  }
  return out;
}

void guard_add_partitions(Service& service, Broker& broker) {
  service.guard<Add>([&broker](Call call, Add::Request request, Respond<Add> respond, const Handler<Add>& next) {
    auto may_write = [&](const std::string& topic) { return may_topic(broker, call, kWrite, topic); };
    Add::Response refusal;
    if (!may_transact(broker, call, kWrite, request.v3_and_below_transactional_id)) {
      refusal.results_by_topic_v3_and_below =
          refuse_partitions(request, [](const auto&) { return kTransactionRefused; });
      return respond(refusal);
    }
    bool every = std::all_of(request.v3_and_below_topics.begin(), request.v3_and_below_topics.end(),
                             [&](const auto& topic) { return may_write(topic.name); });
    if (every) return next(std::move(call), std::move(request), std::move(respond));
    refusal.results_by_topic_v3_and_below = refuse_partitions(request, [&](const std::string& topic) {
      return may_write(topic) ? ErrorCode::kOperationNotAttempted : ErrorCode::kTopicAuthorizationFailed;
    });
    respond(refusal);
  });
}

void guard_offset_commit(Service& service, Broker& broker) {
  using Api = protocol::TxnOffsetCommit;
  service.guard<Api>([&broker](Call call, Api::Request request, Respond<Api> respond, const Handler<Api>& next) {
    ErrorCode whole = !may_transact(broker, call, kWrite, request.transactional_id) ? kTransactionRefused
                      : !may_group(broker, call, kRead, request.group_id) ? ErrorCode::kGroupAuthorizationFailed
                                                                          : ErrorCode::kNone;
    auto error = whole == ErrorCode::kNone ? ErrorCode::kTopicAuthorizationFailed : whole;
    auto refused = take_refused<Api::Response::Topic>(
        request.topics,
        [&](const auto& topic) { return whole == ErrorCode::kNone && may_topic(broker, call, kRead, topic.name); },
        [&](const auto& topic) {
          Api::Response::Topic out;
          out.name = topic.name;
          for (const auto& partition : topic.partitions) {
            out.partitions.push_back({partition.partition_index, code(error)});
          }
          return out;
        });
    respond = joined<Api>(std::move(respond), &Api::Response::topics, std::move(refused));
    if (whole != ErrorCode::kNone) return respond(Api::Response());
    next(std::move(call), std::move(request), std::move(respond));
  });
}

enum CoordinatorType : int8_t { kGroupCoordinator = 0, kTransactionCoordinator = 1 };

ErrorCode refusal_to_find(const Broker& broker, const Call& call, int8_t type, const std::string& key) {
  if (type == kTransactionCoordinator) {
    return may_transact(broker, call, kDescribe, key) ? ErrorCode::kNone : kTransactionRefused;
  }
  if (type != kGroupCoordinator) {
    return may_cluster(broker, call, kClusterAction) ? ErrorCode::kNone : ErrorCode::kClusterAuthorizationFailed;
  }
  return may_group(broker, call, kDescribe, key) ? ErrorCode::kNone : ErrorCode::kGroupAuthorizationFailed;
}

void guard_find_coordinator(Service& service, Broker& broker) {
  using Api = protocol::FindCoordinator;
  constexpr int16_t kManyKeys = 4;
  auto refuse = [](auto& out, ErrorCode error) {
    out.node_id = -1;
    out.host = "";
    out.port = -1;
    out.error_code = code(error);
    out.error_message = to_string(error);
  };
  service.guard<Api>(
      [&broker, refuse](Call call, Api::Request request, Respond<Api> respond, const Handler<Api>& next) {
        ErrorCode one =
            call.version >= kManyKeys ? ErrorCode::kNone : refusal_to_find(broker, call, request.key_type, request.key);
        if (one != ErrorCode::kNone) {
          Api::Response refusal;
          refuse(refusal, one);
          return respond(refusal);
        }
        auto error_of = [&](const std::string& key) { return refusal_to_find(broker, call, request.key_type, key); };
        auto refused = take_refused<Api::Response::Coordinator>(
            request.coordinator_keys, [&](const std::string& key) { return error_of(key) == ErrorCode::kNone; },
            [&](const std::string& key) {
              Api::Response::Coordinator out;
              out.key = key;
              refuse(out, error_of(key));
              return out;
            });
        next(std::move(call), std::move(request),
             joined<Api>(std::move(respond), &Api::Response::coordinators, std::move(refused)));
      });
}

// Who may see a transaction sees of its topics those that he may see.
void guard_transaction_description(Service& service, Broker& broker) {
  using Api = protocol::DescribeTransactions;
  using State = Api::Response::TransactionState;
  service.guard<Api>([&broker](Call call, Api::Request request, Respond<Api> respond, const Handler<Api>& next) {
    auto refused = take_refused<State>(
        request.transactional_ids, [&](const std::string& id) { return may_transact(broker, call, kDescribe, id); },
        [](const std::string& id) {
          State out;
          out.transactional_id = id;
          out.error_code = code(kTransactionRefused);
          return out;
        });
    respond = joined<Api>(std::move(respond), &Api::Response::transaction_states, std::move(refused));
    Call asker = call;
    auto look = [&broker, asker](State& state) {
      std::erase_if(state.topics, [&](const auto& topic) { return !may_topic(broker, asker, kDescribe, topic.topic); });
    };
    next(std::move(call), std::move(request),
         looked_through<Api>(std::move(respond), &Api::Response::transaction_states, look));
  });
}

}  // namespace

void guard_transactions(Service& service, Broker& broker) {
  guard_find_coordinator(service, broker);
  guard_add_partitions(service, broker);
  guard_offset_commit(service, broker);
  using protocol::AddOffsetsToTxn, protocol::EndTxn, protocol::InitProducerId;
  guard_whole<InitProducerId>(
      service, [&broker](const Call& call, const auto& request) { return refusal_to_produce(broker, call, request); },
      [](const auto&, ErrorCode error) {
        InitProducerId::Response out;
        out.error_code = code(error);
        out.producer_epoch = -1;
        return out;
      });
  guard_whole<AddOffsetsToTxn>(service, [&broker](const Call& call, const auto& request) {
    if (!may_transact(broker, call, kWrite, request.transactional_id)) return kTransactionRefused;
    return may_group(broker, call, kRead, request.group_id) ? ErrorCode::kNone : ErrorCode::kGroupAuthorizationFailed;
  });
  guard_whole<EndTxn>(service, [&broker](const Call& call, const auto& request) {
    return may_transact(broker, call, kWrite, request.transactional_id) ? ErrorCode::kNone : kTransactionRefused;
  });
  guard_transaction_description(service, broker);
  guard_answer<protocol::ListTransactions>(service, [&broker](const Call& call, auto& response) {
    std::erase_if(response.transaction_states, [&](const auto& transaction) {
      return !may_transact(broker, call, kDescribe, transaction.transactional_id);
    });
  });
}

}  // namespace leat::access
