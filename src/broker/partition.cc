#include "broker/partition.h"

namespace leat {

Result<Offset> Partition::append(std::span<char> batch) {
  set_leader_epoch(batch.data(), leader_epoch_);
  TRY_ASSIGN(Offset base, log_->append(batch));
  if (!syncing_) sync();
  return base;
}

void Partition::when_durable(Offset end, std::function<void(Status)> done) {
  if (log_->durable_end() >= end) return done({});
  waiting_.emplace(end, std::move(done));
  if (!syncing_) sync();
}

uint64_t Partition::watch(std::function<void()> seen) {
  watchers_.emplace(next_watcher_, std::move(seen));
  return next_watcher_++;
}

void Partition::set_policy(const TopicPolicy& policy) {
  policy_ = policy;
  log_->set_limits(policy.limits);
}

void Partition::abandon() {
  settle(Error{Errc::kNotFound, "the partition was deleted"});
}

void Partition::sync() {
  auto pending = log_->begin_sync();
  if (!pending) return settle(pending.error());
  if (!*pending) return;
  syncing_ = true;
  auto outcome = std::make_shared<Status>();
  loop_.offload([work = (*pending)->work, outcome] { *outcome = work(); },
                [self = shared_from_this(), work = **pending, outcome] { self->synced(work, std::move(*outcome)); });
}

void Partition::synced(const PartitionLog::PendingSync& pending, Status outcome) {
  syncing_ = false;
  Status finished = log_->finish_sync(pending, std::move(outcome));
  settle(finished);
  if (finished) sync();  // What was appended meanwhile.
}

void Partition::settle(const Status& outcome) {
  std::vector<std::function<void(Status)>> done;
  auto end = outcome ? waiting_.upper_bound(log_->durable_end()) : waiting_.end();
  for (auto waiter = waiting_.begin(); waiter != end; ++waiter) done.push_back(std::move(waiter->second));
  waiting_.erase(waiting_.begin(), end);
  for (auto& call : done) call(outcome);
  // A watcher may give itself up, or others.
  std::vector<uint64_t> watching;
  for (const auto& [id, seen] : watchers_) watching.push_back(id);
  for (uint64_t id : watching) {
    auto found = watchers_.find(id);
    if (found != watchers_.end()) std::function<void()>(found->second)();
  }
}

}  // namespace leat
