#pragma once
// Groups: every classic group of a broker, with their timers, and what of them outlives a restart.
#include <memory>

#include "broker/group/classic_group.h"

namespace leat {

class Broker;

class Groups final : public GroupListener {
 public:
  explicit Groups(Broker& broker) : broker_(broker) {}
  ~Groups() override;
  Status restore();  // What the broker's state has. kCorruption.

  // Null if there is none. A group is also there when only its offsets are.
  ClassicGroup* find(const std::string& id);
  ClassicGroup& find_or_make(const std::string& id);
  const std::map<std::string, std::unique_ptr<ClassicGroup>>& all() const { return groups_; }
  void forget(const std::string& id);  // It was deleted.

  Now now() const;
  // After anything was done with the group: its next deadline may have changed.
  void arm(ClassicGroup&);

  void save(const std::string& group, const Generation&, std::function<void(protocol::ErrorCode)> done) override;
  void rebalanced(const std::string& group, const Rebalance&) override;
  std::string new_member_id(const std::string& prefix) override;

 private:
  struct Alarm {
    Instant at = kNever;
    std::unique_ptr<Loop::Timer> timer;
  };
  static constexpr size_t kHistoryMax = 200;  // Rebalances that are remembered of each group.

  Broker& broker_;
  std::map<std::string, std::unique_ptr<ClassicGroup>> groups_;
  std::map<std::string, Alarm> alarms_;
  std::map<std::string, std::vector<Rebalance>> history_;
};

}  // namespace leat
