#include "broker/upkeep/offsets_keeper.h"

#include <algorithm>

#include "broker/broker.h"
#include "broker/group/groups.h"

namespace leat {

OffsetsKeeper::OffsetsKeeper(Broker& broker) : broker_(broker), started_(broker.wall()) {
  wait();
}

void OffsetsKeeper::wait() {
  timer_ = broker_.loop().after(broker_.settings().offsets_check_interval_ms, [this] { look(); });
}

OffsetsKeeper::Use OffsetsKeeper::use_of(const std::string& id) const {
  Use out;
  out.topics.emplace();
  if (const ConsumerGroupState* group = broker_.state().consumer_group(id)) {
    for (const auto& [member_id, member] : group->members) {
      out.has_members = true;
      if (!member.pattern.empty()) out.topics.reset();
      if (out.topics) out.topics->insert(member.topics.begin(), member.topics.end());
    }
    return out;
  }
  const ClassicGroup* group = broker_.groups().find(id);
  if (group == nullptr || group->is_empty()) return out;
  out.has_members = true;
  // Others than consumers do not say what they read; nor do members that are just coming.
  bool consumers = group->protocol_type() == "consumer" && group->state() == GroupState::kStable;
  if (!consumers) out.topics.reset();
  for (const RebalanceMember& member : group->described_members()) {
    if (member.topics.empty()) out.topics.reset();
    if (out.topics) out.topics->insert(member.topics.begin(), member.topics.end());
  }
  return out;
}

void OffsetsKeeper::look() {
  WallTime now = broker_.wall();
  int64_t kept_ms = broker_.settings().offsets_retention_minutes * 60'000;
  std::vector<BrokerEvent> events;
  std::vector<std::string> gone;
  for (const auto& [group, offsets] : broker_.state().offsets()) {
    Use use = use_of(group);
    if (use.has_members) seen_[group] = now;
    size_t forgotten = 0;
    for (const auto& [partition, offset] : offsets) {
      bool in_use = use.has_members && (!use.topics || use.topics->contains(partition.topic));
      auto seen = seen_.find(group);
      WallTime since = std::max(offset.at, started_);
      if (!use.has_members && seen != seen_.end()) since = std::max(since, seen->second);
      bool kept = in_use || now.value - since.value < kept_ms || broker_.state().is_unstable(group, partition);
      if (kept) continue;
      events.emplace_back(broker_event::OffsetForgotten{group, partition});
      ++forgotten;
    }
    if (forgotten < offsets.size() || use.has_members) continue;
    events.emplace_back(broker_event::GroupDeleted{group});
    gone.push_back(group);
  }
  std::erase_if(seen_, [&](const auto& entry) { return !broker_.state().offsets().contains(entry.first); });
  if (!events.empty()) {
    broker_.record(std::move(events), [this, gone = std::move(gone)](const Status& outcome) {
      for (const std::string& group : gone) {
        if (outcome && !use_of(group).has_members) broker_.groups().forget(group);
      }
    });
  }
  wait();
}

}  // namespace leat
