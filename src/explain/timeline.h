#pragma once
// Timeline: the records of a group's history, put together: who went and came back, and what was heard of them between.
#include <vector>

#include "explain/history.h"

namespace leat {

// It is not in the next generation, and that is all that is known: of a cluster that is not ours (foreign_history.h).
bool is_seen_from_outside(const RebalanceTrigger&);

class Timeline {
 public:
  // `records` outlive it.
  explicit Timeline(const std::vector<HistoryRecord>& records);

  struct Arrival {
    size_t rebalance = 0, trigger = 0;
    const RebalanceTrigger* what = nullptr;
    bool is_return = false;  // Of a member that had gone.
  };
  struct Departure {
    size_t rebalance = 0, trigger = 0;
    const RebalanceTrigger* what = nullptr;
    const Arrival* back = nullptr;
    bool same_connection = false;  // It came back on the one that it had before.
    const ClosedAfterwards* closed = nullptr;
    const MemberRefused* heard_again = nullptr;  // On the same connection, as if it were still a member.
    WallTime heard_at;
    int64_t records_refused = -1;  // Of commits that came too late.
  };
  template <class T>
  struct Fact {
    WallTime at;
    const T* what;
  };

  const std::vector<const Rebalance*>& rebalances() const { return rebalances_; }
  const std::vector<Departure>& departures() const { return departures_; }
  const std::vector<Arrival>& arrivals() const { return arrivals_; }
  const std::vector<Fact<InstanceTaken>>& taken() const { return taken_; }
  const std::vector<Fact<CoordinatorStarted>>& starts() const { return starts_; }
  const std::vector<Fact<MemberReturned>>& returns() const { return returns_; }
  const std::vector<Fact<MemberRefused>>& refusals() const { return refusals_; }
  int64_t dropped() const { return dropped_; }

  const Departure* departure(size_t rebalance, size_t trigger) const;
  const Arrival* arrival(size_t rebalance, size_t trigger) const;
  // Changes of topics that this trigger tells of; and of those that others told of shortly before, the ones that its
  // subscription shows: members notice at different times.
  std::vector<TopicChange> changes_until(size_t rebalance, const RebalanceTrigger&) const;
  // The last start of the coordinator before `at`, at most so long ago.
  const Fact<CoordinatorStarted>* start_before(WallTime at, int64_t within_ms) const;
  // Of the newest generation before this rebalance; null: nothing is known.
  const RebalanceMember* member_before(size_t rebalance, const std::string& member_id) const;
  const RebalanceMember* member_after(size_t rebalance, const std::string& member_id) const;  // As it came out of it.

 private:
  void take(const HistoryRecord&);
  void match();
  void hear();

  std::vector<const Rebalance*> rebalances_;
  std::vector<Departure> departures_;
  std::vector<Arrival> arrivals_;
  std::vector<Fact<InstanceTaken>> taken_;
  std::vector<Fact<CoordinatorStarted>> starts_;
  std::vector<Fact<MemberReturned>> returns_;
  std::vector<Fact<MemberRefused>> refusals_;
  std::vector<Fact<ClosedAfterwards>> closed_;
  int64_t dropped_ = 0;
};

}  // namespace leat
