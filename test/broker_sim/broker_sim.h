#pragma once
// BrokerSimulation: a broker that dies in every way, its clients, and the judge of what they were told.
#include "test/broker_sim/actor.h"
#include "test/broker_sim/checker.h"

namespace leat::sim {

class BrokerSimulation {
 public:
  explicit BrokerSimulation(uint64_t seed);
  // Empty if all went as it must.
  std::string go(int lives);
  TestBroker& broker() { return broker_; }
  int deaths() const { return deaths_; }
  size_t acknowledged() const;

 private:
  void live();
  bool make_topic();
  bool members_settle();
  std::string look();
  std::string compare_with_replay();
  FinalPartition read(int32_t partition);
  std::map<std::string, int64_t> positions();

  TestBroker broker_;
  SimRandom random_;
  History history_;
  std::vector<std::unique_ptr<Actor>> actors_;
  std::vector<std::unique_ptr<Actor>> members_;  // Of one group.
  int deaths_ = 0;
};

}  // namespace leat::sim
