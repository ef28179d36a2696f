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
  bool prepare();
  bool make_topic(TestClient& admin);
  bool configure_share_group(TestClient& admin);
  template <class Api>
  std::optional<typename Api::Response> ask(TestClient& admin, const typename Api::Request&);
  // One of them steps, and some time passes, over and over, until it is so. False: it never was.
  bool comes_to(const std::vector<std::unique_ptr<Actor>>&, const std::function<bool()>& is_so);
  bool members_settle();
  bool assigned_members_settle();
  bool share_group_has_all(const std::vector<FinalPartition>&);
  std::string look();
  std::string compare_with_replay();
  FinalPartition read(int32_t partition);
  std::map<std::string, int64_t> positions();

  TestBroker broker_;
  SimRandom random_;
  History history_;
  std::vector<std::unique_ptr<Actor>> actors_;
  std::vector<std::unique_ptr<Actor>> members_;           // Of a classic group.
  std::vector<std::unique_ptr<Actor>> assigned_members_;  // Of one in which the broker assigns.
  std::vector<std::unique_ptr<Actor>> sharers_;           // Of a share group.
  int deaths_ = 0;
};

}  // namespace leat::sim
