#pragma once
// Groups: every group of a broker, with their timers, and what of them outlives a restart. A group is of one kind.
// It becomes of another one while it is empty, and between the classic protocol and KIP-848 at any time; its offsets
// stay.
#include <memory>

#include "broker/group/classic_group.h"
#include "broker/group/consumer_groups.h"
#include "broker/group/group_observer.h"
#include "broker/group/share_groups.h"

namespace leat {

class Broker;

enum class GroupKind : uint8_t { kNone, kClassic, kConsumer, kShare };

class Groups final : public GroupListener {
 public:
  explicit Groups(Broker& broker)
      : broker_(broker), history_(broker), observer_(broker, history_), consumers_(broker, *this), shares_(broker) {}
  ~Groups() override;
  Status restore();  // What the broker's state has. kCorruption.

  GroupKind kind(const std::string& id) const;
  ConsumerGroups& consumers() { return consumers_; }
  ShareGroups& shares() { return shares_; }
  // Whether the member may commit offsets; if it may, it was heard of. `version`: of OffsetCommit; none: of another
  // one.
  protocol::ErrorCode check_commit(const std::string& group, const std::string& member_id,
                                   const std::optional<std::string>& instance_id, int32_t generation_or_epoch,
                                   bool transactional, std::optional<int16_t> version);

  // Null if there is no classic one. A group is also there when only its offsets are.
  ClassicGroup* find(const std::string& id);
  ClassicGroup& find_or_make(const std::string& id);
  const std::map<std::string, std::unique_ptr<ClassicGroup>>& all() const { return groups_; }
  void forget(const std::string& id);  // It was deleted.
  // Makes room for a group of another kind: the events that end this one, which is empty.
  std::vector<BrokerEvent> give_up(const std::string& id);

  Now now() const;
  // After anything was done with the group: its next deadline may have changed.
  void arm(ClassicGroup&);

  void save(const std::string& group, const Generation&, std::function<void(protocol::ErrorCode)> done) override;
  // What the handlers of requests tell of members and topics, for the history.
  GroupObserver& observer() { return observer_; }

  // A classic group gets its first member of KIP-848, and becomes a group of that kind. What is wrong with that.
  ConsumerRefusal upgrade(const std::string& id);
  void became_classic(const std::string& group, const Generation&, const std::vector<RebalanceTrigger>&) override;

  void triggered(const std::string& group, RebalanceTrigger&) override;
  void instance_taken(const std::string& group, const std::string& instance_id, const std::string& from,
                      const std::string& by, bool rebalances) override;
  void rebalanced(const std::string& group, const Rebalance&) override;
  void heard_of(const Call&, const std::string& group, const std::string& member_id,
                const std::optional<std::string>& instance_id, protocol::ErrorCode) override;
  std::string new_member_id(const std::string& prefix) override;

 private:
  struct Alarm {
    Instant at = kNever;
    std::unique_ptr<Loop::Timer> timer;
  };
  Broker& broker_;
  GroupHistory history_;
  GroupObserver observer_;
  ConsumerGroups consumers_;
  ShareGroups shares_;
  std::map<std::string, std::unique_ptr<ClassicGroup>> groups_;
  std::map<std::string, Alarm> alarms_;
};

}  // namespace leat
