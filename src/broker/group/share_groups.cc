#include "broker/group/share_groups.h"

#include <algorithm>

#include "base/units.h"
#include "broker/broker.h"

namespace leat {
namespace {

using protocol::ErrorCode;

}  // namespace

int64_t ShareGroups::lock_ms(const std::string& group) const {
  return broker_.group_configs(group).number("share.record.lock.duration.ms");
}

int64_t ShareGroups::locks_max(const std::string& group) const {
  return broker_.group_configs(group).number("share.partition.max.record.locks");
}

int16_t ShareGroups::deliveries_max(const std::string& group) const {
  return static_cast<int16_t>(broker_.group_configs(group).number("share.delivery.count.limit"));
}

bool ShareGroups::reads_committed(const std::string& group) const {
  return broker_.group_configs(group).text("share.isolation.level") == "read_committed";
}

// Where a group begins in a partition.
Offset ShareGroups::beginning(const std::string& group, Partition& partition) const {
  std::string reset = broker_.group_configs(group).text("share.auto.offset.reset");
  Offset end = reads_committed(group) ? partition.last_stable() : partition.high_watermark();
  if (reset == "latest") return end;
  constexpr std::string_view kByDuration = "by_duration:";
  if (!reset.starts_with(kByDuration)) return partition.start();
  auto age_ms = parse_duration_ms(reset.substr(kByDuration.size()));
  if (!age_ms) return end;
  auto found = partition.log().find_time(WallTime{broker_.wall().value - *age_ms});
  return found && *found ? (*found)->offset : end;
}

ErrorCode ShareGroups::enter(const Call& call, const std::string& group, const std::string& member, int32_t epoch,
                             bool may_open) {
  auto found = sessions_.find({group, member});
  if (epoch == kOpens) {
    if (!may_open) return ErrorCode::kInvalidShareSessionEpoch;
    auto most = static_cast<size_t>(broker_.settings().group.share_max_sessions);
    if (found == sessions_.end() && sessions_.size() >= most) return ErrorCode::kShareSessionLimitReached;
    sessions_[{group, member}] = {1, call.client->connection, {}};
    if (!connections_.insert(call.client->connection).second) return ErrorCode::kNone;
    call.client->when_closed.push_back(
        [this, alive = std::weak_ptr(alive_), connection = call.client->connection](const std::string&) {
          if (!alive.expired()) connection_closed(connection);
        });
    return ErrorCode::kNone;
  }
  if (found == sessions_.end()) return ErrorCode::kShareSessionNotFound;
  if (epoch == kCloses) return ErrorCode::kNone;
  Session& session = found->second;
  if (session.epoch != epoch) return ErrorCode::kInvalidShareSessionEpoch;
  session.epoch = epoch == INT32_MAX ? 1 : epoch + 1;
  return ErrorCode::kNone;
}

ShareGroups::Session* ShareGroups::session(const std::string& group, const std::string& member) {
  auto found = sessions_.find({group, member});
  return found == sessions_.end() ? nullptr : &found->second;
}

void ShareGroups::close(const std::string& group, const std::string& member) {
  sessions_.erase({group, member});
  auto found = live_.find(group);
  if (found == live_.end()) return;
  auto known = broker_.state().share_progress().find(group);
  for (auto& [partition, live] : found->second) {
    if (known == broker_.state().share_progress().end() || !known->second.contains(partition)) continue;
    change(group, partition, live.release(known->second.at(partition), member));
  }
  poke(group);
}

void ShareGroups::connection_closed(uint64_t connection) {
  connections_.erase(connection);
  std::vector<std::pair<std::string, std::string>> over;
  for (const auto& [key, session] : sessions_) {
    if (session.connection == connection) over.push_back(key);
  }
  for (const auto& [group, member] : over) close(group, member);
}

// Nobody waits for it: the next answer that does shares its sync.
void ShareGroups::change(const std::string& group, const TopicPartition& partition, ShareDelta delta) {
  if (delta.is_empty()) return;
  broker_.record({broker_event::ShareProgressed{group, partition, std::move(delta)}}, [](const Status&) {});
}

Result<const ShareProgress*> ShareGroups::progress(const std::string& group, const TopicPartition& name) {
  TRY_ASSIGN(auto partition, broker_.partition(name.topic, name.partition.value));
  if (partition == nullptr) return Error{Errc::kNotFound, "no such partition"};
  const ShareProgress* known = broker_.state().share_progress(group, name);
  if (known == nullptr) {
    live(group, name).clear();  // Of a topic that had this name before.
    ShareDelta begins;
    begins.start = beginning(group, *partition).value;
    change(group, name, std::move(begins));
  } else {
    change(group, name, live(group, name).recover(*known, partition->start().value, deliveries_max(group)));
  }
  return broker_.state().share_progress(group, name);
}

void ShareGroups::acquired(const std::string& group, const TopicPartition& partition, const std::string& member,
                           const SharePartition::Acquisition& acquisition) {
  Instant until{broker_.monotonic().value + lock_ms(group) * kNsPerMs};
  change(group, partition, acquisition.delta);
  live(group, partition).lock(acquisition.ranges, member, until);
  arm(until);
}

ErrorCode ShareGroups::acknowledge(const std::string& group, const TopicPartition& partition, const std::string& member,
                                   const std::vector<ShareAckBatch>& batches, std::vector<BrokerEvent>& events) {
  const ShareProgress* known = broker_.state().share_progress(group, partition);
  if (known == nullptr) return ErrorCode::kInvalidRecordState;
  Instant renewed{broker_.monotonic().value + lock_ms(group) * kNsPerMs};
  ShareDelta delta;
  ErrorCode error = live(group, partition).acknowledge(*known, member, batches, deliveries_max(group), renewed, delta);
  if (!delta.is_empty()) events.emplace_back(broker_event::ShareProgressed{group, partition, std::move(delta)});
  return error;
}

void ShareGroups::forget(const std::string& group) {
  live_.erase(group);
  std::erase_if(sessions_, [&](const auto& entry) { return entry.first.first == group; });
  poke(group);
}

uint64_t ShareGroups::watch(const std::string& group, std::function<void()> call) {
  watchers_[group][next_watcher_] = std::move(call);
  return next_watcher_++;
}

void ShareGroups::unwatch(const std::string& group, uint64_t id) {
  auto found = watchers_.find(group);
  if (found == watchers_.end()) return;
  found->second.erase(id);
  if (found->second.empty()) watchers_.erase(found);
}

void ShareGroups::poke(const std::string& group) {
  auto found = watchers_.find(group);
  if (found == watchers_.end()) return;
  auto calls = found->second;  // They may come and go meanwhile.
  for (const auto& [id, call] : calls) call();
}

void ShareGroups::arm(Instant deadline) {
  if (deadline >= armed_) return;  // The timer that is set looks again.
  armed_ = deadline;
  int64_t delay = std::max<int64_t>(0, (deadline.value - broker_.monotonic().value + kNsPerMs - 1) / kNsPerMs);
  timer_ = broker_.loop().after(delay, [this] { expire(); });
}

void ShareGroups::expire() {
  armed_ = kNever;
  Instant next = kNever;
  std::set<std::string> changed;
  for (auto& [group, partitions] : live_) {
    for (auto& [name, live] : partitions) {
      const ShareProgress* known = broker_.state().share_progress(group, name);
      if (known == nullptr) continue;
      ShareDelta delta = live.expire(*known, broker_.monotonic(), deliveries_max(group));
      if (!delta.is_empty()) changed.insert(group);
      change(group, name, std::move(delta));
      next = std::min(next, live.next_deadline());
    }
  }
  arm(next);
  for (const std::string& group : changed) poke(group);
}

}  // namespace leat
