#include "protocol/list_transactions.h"

#include <algorithm>

#include "broker/api/api.h"
#include "broker/group/topic_pattern.h"

namespace leat::api {
namespace {

constexpr TransactionPhase kPhases[] = {TransactionPhase::kEmpty,          TransactionPhase::kOngoing,
                                        TransactionPhase::kPrepareCommit,  TransactionPhase::kPrepareAbort,
                                        TransactionPhase::kCompleteCommit, TransactionPhase::kCompleteAbort};

bool is_state(const std::string& name) {
  return std::any_of(std::begin(kPhases), std::end(kPhases),
                     [&name](TransactionPhase phase) { return to_string(phase) == name; });
}

template <class T>
bool passes(const std::vector<T>& filter, const T& value) {
  return filter.empty() || std::count(filter.begin(), filter.end(), value) > 0;
}

bool is_wanted(const protocol::ListTransactionsRequest& request, const TransactionState& transaction, WallTime now) {
  bool long_enough = request.duration_filter < 0 || (transaction.phase == TransactionPhase::kOngoing &&
                                                     now.value - transaction.began.value >= request.duration_filter);
  return long_enough && passes(request.producer_id_filters, transaction.producer.id) &&
         passes(request.state_filters, to_string(transaction.phase));
}

protocol::ListTransactionsResponse list(const Broker& broker, const protocol::ListTransactionsRequest& request) {
  protocol::ListTransactionsResponse response;
  for (const std::string& state : request.state_filters) {
    if (!is_state(state)) response.unknown_state_filters.push_back(state);
  }
  std::optional<TopicPattern> pattern;
  if (!request.transactional_id_pattern.value_or("").empty()) {
    auto compiled = TopicPattern::compile(*request.transactional_id_pattern);
    if (!compiled) {
      response.error_code = code(ErrorCode::kInvalidRegularExpression);
      return response;
    }
    pattern = std::move(*compiled);
  }
  for (const auto& [id, transaction] : broker.state().transactions()) {
    if (!is_wanted(request, transaction, broker.wall()) || (pattern && !pattern->matches(id))) continue;
    response.transaction_states.push_back({id, transaction.producer.id, to_string(transaction.phase)});
  }
  return response;
}

}  // namespace

void serve_list_transactions(Service& service, Broker& broker) {
  service.serve<protocol::ListTransactions>(
      0, 2, [&broker](const Call&, const protocol::ListTransactionsRequest& request, const auto& respond) {
        respond(list(broker, request));
      });
}

}  // namespace leat::api
