#pragma once
// Partition: one partition's log while many clients use it.
//
// What was appended is seen by readers, and acknowledged, when it is durable: the high watermark is the log's durable
// end. Appends that come while the disk is busy share the next sync (group commit).
// Threads: the broker's; the sync runs on the loop's other threads.
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "broker/catalog/topic_policy.h"
#include "env/loop.h"
#include "log/partition_log.h"

namespace leat {

class Partition : public std::enable_shared_from_this<Partition> {
 public:
  // `loop` outlives it. `leader_epoch`: of this life of the broker.
  Partition(Loop& loop, std::unique_ptr<PartitionLog> log, const TopicPolicy& policy, int32_t leader_epoch)
      : loop_(loop), log_(std::move(log)), policy_(policy), leader_epoch_(leader_epoch) {}

  // Writes a batch whose producer was judged already. Its offset and epoch are put into it.
  Result<Offset> append(std::span<char> batch);
  // Calls back when everything below `end` is durable, or with the error that says it will never be.
  void when_durable(Offset end, std::function<void(Status)>);
  // Calls whenever readers may see more, until it is given up.
  uint64_t watch(std::function<void()>);
  void unwatch(uint64_t id) { watchers_.erase(id); }
  void abandon();  // It is deleted: whoever waits is told.

  Offset start() const { return log_->start(); }
  Offset high_watermark() const { return log_->durable_end(); }
  Offset last_stable() const { return log_->last_stable(); }
  PartitionLog& log() { return *log_; }
  const TopicPolicy& policy() const { return policy_; }
  void set_policy(const TopicPolicy&);  // The settings of its topic changed.
  int32_t leader_epoch() const { return leader_epoch_; }

 private:
  void sync();
  void synced(const PartitionLog::PendingSync&, Status outcome);
  void settle(const Status& outcome);

  Loop& loop_;
  std::unique_ptr<PartitionLog> log_;
  TopicPolicy policy_;
  int32_t leader_epoch_;
  bool syncing_ = false;
  std::multimap<Offset, std::function<void(Status)>> waiting_;
  std::map<uint64_t, std::function<void()>> watchers_;
  uint64_t next_watcher_ = 1;
};

}  // namespace leat
