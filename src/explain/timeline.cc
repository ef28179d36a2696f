#include "explain/timeline.h"

#include <algorithm>

namespace leat {
namespace {

constexpr int64_t kBackWithinMs = 15 * 60'000;  // One that comes later than that is somebody new.

bool is_departure(RebalanceCause cause) {
  return cause == RebalanceCause::kLeft || cause == RebalanceCause::kRemovedByAdmin ||
         cause == RebalanceCause::kSessionExpired || cause == RebalanceCause::kRebalanceTimeout ||
         cause == RebalanceCause::kSyncTimeout || cause == RebalanceCause::kMemberFenced;
}

bool same_process(const RebalanceTrigger& a, const RebalanceTrigger& b) {
  return a.evidence.connection != 0 && a.evidence.connection == b.evidence.connection && a.client_id == b.client_id &&
         a.client_host == b.client_host;
}

// How sure it is that the one who arrives is the one who had gone; 0: it is not.
int likeness(const Timeline::Departure& gone, const RebalanceTrigger& came) {
  const RebalanceTrigger& left = *gone.what;
  int64_t away = came.at.value - left.at.value;
  if (away < 0 || away > kBackWithinMs) return 0;
  if (!left.instance_id.empty() && left.instance_id == came.instance_id) return 5;
  if (same_process(left, came)) return 4;
  // Another connection of one whose own is still there is another process, or another consumer.
  bool closed = is_seen_from_outside(left) || left.evidence.closed_ms ||
                (gone.closed != nullptr && gone.closed->after_ms <= away);
  if (!closed || left.client_id != came.client_id) return 0;
  return left.client_host == came.client_host ? 3 : 1;
}

}  // namespace

bool is_seen_from_outside(const RebalanceTrigger& trigger) {
  return trigger.cause == RebalanceCause::kLeft && trigger.evidence.connection == 0 &&
         trigger.evidence.heartbeats.count == 0 && trigger.client_reason.empty();
}

Timeline::Timeline(const std::vector<HistoryRecord>& records) {
  for (const HistoryRecord& record : records) take(record);
  for (auto& departure : departures_) {
    for (const auto& fact : closed_) {
      if (fact.what->member.member_id == departure.what->member_id) departure.closed = fact.what;
    }
  }
  match();
  hear();
}

void Timeline::take(const HistoryRecord& record) {
  if (const auto* rebalance = std::get_if<Rebalance>(&record.what)) {
    size_t index = rebalances_.size();
    rebalances_.push_back(rebalance);
    for (size_t i = 0; i < rebalance->triggers.size(); ++i) {
      const RebalanceTrigger& trigger = rebalance->triggers[i];
      if (is_departure(trigger.cause)) {
        Departure& added = departures_.emplace_back();
        added.rebalance = index;
        added.trigger = i;
        added.what = &trigger;
      } else if (trigger.cause == RebalanceCause::kNewMember) {
        arrivals_.push_back({index, i, &trigger, false});
      }
    }
  }
  if (const auto* fact = std::get_if<InstanceTaken>(&record.what)) taken_.push_back({record.at, fact});
  if (const auto* fact = std::get_if<CoordinatorStarted>(&record.what)) starts_.push_back({record.at, fact});
  if (const auto* fact = std::get_if<MemberReturned>(&record.what)) returns_.push_back({record.at, fact});
  if (const auto* fact = std::get_if<MemberRefused>(&record.what)) refusals_.push_back({record.at, fact});
  if (const auto* fact = std::get_if<ClosedAfterwards>(&record.what)) closed_.push_back({record.at, fact});
  if (const auto* fact = std::get_if<FactsDropped>(&record.what)) dropped_ += fact->count;
}

// Each arrival is the return of at most one departure: of the likeliest, and of those the latest.
void Timeline::match() {
  for (Arrival& arrival : arrivals_) {
    Departure* best = nullptr;
    int best_likeness = 0;
    for (Departure& departure : departures_) {
      int found = departure.back == nullptr ? likeness(departure, *arrival.what) : 0;
      if (found == 0 || found < best_likeness) continue;
      best = &departure;
      best_likeness = found;
    }
    if (best == nullptr) continue;
    best->back = &arrival;
    best->same_connection = same_process(*best->what, *arrival.what);
    arrival.is_return = true;
  }
}

// What those that were members no more went on asking for.
void Timeline::hear() {
  for (Departure& departure : departures_) {
    for (const auto& refusal : refusals_) {
      const MemberRefused& what = *refusal.what;
      bool its = what.member.member_id == departure.what->member_id && refusal.at >= departure.what->at &&
                 what.error != "FENCED_INSTANCE_ID";
      if (!its) continue;
      if (departure.heard_again == nullptr && what.member.connection == departure.what->evidence.connection) {
        departure.heard_again = &what;
        departure.heard_at = refusal.at;
      }
      departure.records_refused = std::max(departure.records_refused, what.records);
    }
  }
}

const Timeline::Departure* Timeline::departure(size_t rebalance, size_t trigger) const {
  for (const Departure& each : departures_) {
    if (each.rebalance == rebalance && each.trigger == trigger) return &each;
  }
  return nullptr;
}

const Timeline::Arrival* Timeline::arrival(size_t rebalance, size_t trigger) const {
  for (const Arrival& each : arrivals_) {
    if (each.rebalance == rebalance && each.trigger == trigger) return &each;
  }
  return nullptr;
}

const Timeline::Fact<CoordinatorStarted>* Timeline::start_before(WallTime at, int64_t within_ms) const {
  const Fact<CoordinatorStarted>* out = nullptr;
  for (const auto& each : starts_) {
    if (each.at <= at && at.value - each.at.value <= within_ms) out = &each;
  }
  return out;
}

std::vector<TopicChange> Timeline::changes_until(size_t rebalance, const RebalanceTrigger& trigger) const {
  std::vector<TopicChange> out;
  const MemberEvidence& evidence = trigger.evidence;
  auto has = [](const std::vector<std::string>& topics, const std::string& topic) {
    return std::find(topics.begin(), topics.end(), topic) != topics.end();
  };
  for (size_t i = 0; i < rebalance; ++i) {
    for (const RebalanceTrigger& other : rebalances_[i]->triggers) {
      if (trigger.at.value - other.at.value > kBackWithinMs) continue;
      for (const TopicChange& change : other.evidence.changes) {
        bool before = has(evidence.topics_before, change.topic), after = has(evidence.topics_after, change.topic);
        if ((change.from == 0 && after && !before) || (change.to == 0 && before && !after)) out.push_back(change);
      }
    }
  }
  out.insert(out.end(), evidence.changes.begin(), evidence.changes.end());
  return out;
}

const RebalanceMember* Timeline::member_before(size_t rebalance, const std::string& member_id) const {
  return rebalance == 0 ? nullptr : member_after(rebalance - 1, member_id);
}

const RebalanceMember* Timeline::member_after(size_t rebalance, const std::string& member_id) const {
  for (const RebalanceMember& each : rebalances_[rebalance]->members) {
    if (each.id == member_id) return &each;
  }
  return nullptr;
}

}  // namespace leat
