#include "client/open_transactions.h"

#include <algorithm>

namespace leat::client {
namespace {

std::vector<OpenTransaction> open_in(const std::map<TopicPartition, std::vector<ProducerState>>& producers) {
  std::vector<OpenTransaction> out;
  for (const auto& [partition, states] : producers) {
    for (const ProducerState& each : states) {
      if (each.transaction_start) out.push_back({partition, each, std::nullopt, Verdict::kOpen});
    }
  }
  return out;
}

bool is_overdue(const TransactionDescription& known, WallTime now) {
  return known.started && now.value - known.started->value > known.timeout_ms + kOverdueGraceMs;
}

// Looks the producers up at their coordinators.
Status ask_coordinators(Cluster& cluster, std::vector<OpenTransaction>& open, WallTime now) {
  TRY_ASSIGN(auto listed, list_transactions(cluster));
  std::map<int64_t, std::string> ids;
  for (const TransactionListing& each : listed) ids[each.producer_id] = each.id;
  std::map<std::string, std::optional<TransactionDescription>> known;
  for (OpenTransaction& each : open) {
    each.verdict = Verdict::kNoCoordinator;
    auto id = ids.find(each.producer.producer_id);
    if (id == ids.end()) continue;
    if (!known.contains(id->second)) {
      auto found = describe_transaction(cluster, id->second);
      if (!found && found.error().code != Errc::kNotFound) return found.error();
      known[id->second] = found ? std::optional(*found) : std::nullopt;
    }
    const auto& description = known[id->second];
    if (!description || description->producer_id != each.producer.producer_id) continue;
    each.known = description;
    bool part_of_it = description->partitions.contains(each.partition);
    if (part_of_it) each.verdict = is_overdue(*description, now) ? Verdict::kOverdue : Verdict::kOpen;
  }
  return {};
}

}  // namespace

Result<std::vector<OpenTransaction>> open_transactions(Cluster& cluster, const std::set<TopicPartition>& partitions,
                                                       WallTime now) {
  TRY_ASSIGN(auto producers, describe_producers(cluster, partitions));
  auto open = open_in(producers);
  TRY(ask_coordinators(cluster, open, now));
  std::set<TopicPartition> doubtful;
  for (const OpenTransaction& each : open) {
    if (each.verdict == Verdict::kNoCoordinator) doubtful.insert(each.partition);
  }
  if (doubtful.empty()) return open;
  TRY_ASSIGN(auto again, describe_producers(cluster, doubtful));
  auto ended = [&](const OpenTransaction& each) {
    if (each.verdict != Verdict::kNoCoordinator) return false;
    for (const ProducerState& state : again[each.partition]) {
      bool same =
          state.producer_id == each.producer.producer_id && state.transaction_start == each.producer.transaction_start;
      if (same) return false;
    }
    return true;
  };
  open.erase(std::remove_if(open.begin(), open.end(), ended), open.end());
  return open;
}

}  // namespace leat::client
