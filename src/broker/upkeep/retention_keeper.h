#pragma once
// RetentionKeeper: deletes, now and then, the records that are older or more than their topics keep.
//
// A partition that nobody uses is not opened to look at it: the names, sizes and times of its files tell whether there
// is something to do.
#include <memory>
#include <vector>

#include "base/types.h"
#include "env/loop.h"

namespace leat {

class Broker;
class Partition;
struct TopicInfo;

class RetentionKeeper {
 public:
  // From then on it does its work, on the broker's thread.
  explicit RetentionKeeper(Broker&);

 private:
  void begin_round();
  void look_at_some();
  void look_at(const TopicPartition&);
  bool has_work(const TopicInfo&, int32_t index) const;
  void keep(Partition&);

  Broker& broker_;
  std::unique_ptr<Loop::Timer> timer_;
  std::vector<TopicPartition> left_;  // Of this round.
};

}  // namespace leat
