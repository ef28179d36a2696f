#pragma once
// GroupHistory: the internal topic into which facts about groups are written, one partition, kept for a week
// (docs/formats/group-history.md). It is made when there is something to write. Nobody waits for it, and it never fails
// a group: what cannot be written, or comes too fast, is dropped, and that is said.
#include <map>
#include <memory>
#include <vector>

#include "env/loop.h"
#include "explain/history.h"

namespace leat {

class Broker;

class GroupHistory {
 public:
  explicit GroupHistory(Broker& broker) : broker_(broker) {}
  void write(const std::string& group, HistoryRecord);

 private:
  static constexpr size_t kWaitingMax = 10'000;
  static constexpr double kPerSecond = 20, kAtOnce = 500;  // Of one group.

  struct Waiting {
    std::string group;
    WallTime at;
    std::string json;
  };
  // How many more facts of a group are taken now.
  struct Allowance {
    double left = kAtOnce;
    Instant at;
    int64_t dropped = 0;
  };
  bool allows(const std::string& group, HistoryRecord& record);
  void flush_soon();
  void flush();
  void make_topic();

  Broker& broker_;
  std::map<std::string, Allowance> allowances_;
  std::vector<Waiting> waiting_;
  bool flush_is_due_ = false, making_topic_ = false;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace leat
