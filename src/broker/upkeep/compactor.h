#pragma once
// Compactor: compacts the logs of topics that want it, one at a time, the dirtiest first (log/compaction.h). The work
// is done in pieces on the loop's other threads; what it made takes its place in the log on the broker's.
#include <map>
#include <memory>
#include <optional>

#include "base/result.h"
#include "env/loop.h"
#include "log/compaction.h"

namespace leat {

class Broker;
class Partition;

class Compactor {
 public:
  // From then on it does its work, on the broker's thread.
  explicit Compactor(Broker&);

 private:
  // What is being done. The piece of work that is under way holds it too.
  struct Run {
    TopicPartition name;
    std::shared_ptr<Partition> partition;
    std::unique_ptr<Compaction> compaction;
    Status outcome;
  };
  void wait();
  void look();
  std::shared_ptr<Run> dirtiest();
  void work(const std::shared_ptr<Run>&);
  void worked(const std::shared_ptr<Run>&);
  // False: it is over.
  Result<bool> go_on(Run&);

  bool failed_lately(const TopicPartition&) const;

  Broker& broker_;
  std::map<TopicPartition, WallTime> failed_;  // When it did; others must get their turn.
  std::unique_ptr<Loop::Timer> timer_;
};

}  // namespace leat
