#include "explain/foreign_history.h"

#include <algorithm>

#include "explain/consumer_protocol.h"
#include "protocol/decoder.h"

namespace leat {
namespace {

enum class KeyKind : int16_t { kOffsetOld = 0, kOffset = 1, kGeneration = 2, kEpoch = 3, kMember = 5 };

struct SavedGeneration {
  std::string protocol_type, protocol, leader;
  int32_t number = 0;
  int64_t since_ms = -1;
  std::vector<RebalanceMember> members;
};

void take_saved_member(Decoder& in, int16_t version, bool consumers, RebalanceMember& member) {
  in(member.id);
  std::optional<std::string> instance;
  if (version >= 3) in(instance);
  member.instance_id = instance.value_or("");
  in(member.client_id);
  in(member.client_host);
  if (version >= 1) in(member.rebalance_timeout_ms);
  in(member.session_timeout_ms);
  BytesView subscription, assignment;
  in(subscription);
  in(assignment);
  in.tags();
  if (member.client_host.starts_with("/")) member.client_host.erase(0, 1);  // As Java writes addresses.
  if (!consumers) return;
  auto wants = decode_subscription(subscription);
  if (wants) member.topics = std::move(wants->topics);
  auto has = decode_assignment(assignment);
  if (has) member.assigned = std::move(*has);
}

// GroupMetadataValue.
std::optional<SavedGeneration> decode_saved(BytesView value) {
  constexpr int16_t kFlexible = 4;
  if (value.size() < sizeof(int16_t)) return std::nullopt;
  auto version = load_big<int16_t>(value.data());
  if (version < 0 || version > kFlexible) return std::nullopt;
  Decoder in(value.substr(sizeof(int16_t)), version >= kFlexible);
  SavedGeneration out;
  std::optional<std::string> protocol, leader;
  in(out.protocol_type);
  in(out.number);
  in(protocol);
  in(leader);
  if (version >= 2) in(out.since_ms);
  in.array(out.members,
           [&](RebalanceMember& member) { take_saved_member(in, version, out.protocol_type == "consumer", member); });
  if (!in.status()) return std::nullopt;
  out.protocol = protocol.value_or("");
  out.leader = leader.value_or("");
  return out;
}

// ConsumerGroupMemberMetadataValue, as far as it is of use.
std::optional<RebalanceMember> decode_consumer(BytesView value) {
  if (value.size() < sizeof(int16_t)) return std::nullopt;
  Decoder in(value.substr(sizeof(int16_t)), true);
  RebalanceMember out;
  std::optional<std::string> instance, rack;
  in(instance);
  in(rack);
  in(out.client_id);
  in(out.client_host);
  in(out.topics);
  if (!in.status()) return std::nullopt;
  out.instance_id = instance.value_or("");
  if (out.client_host.starts_with("/")) out.client_host.erase(0, 1);
  std::sort(out.topics.begin(), out.topics.end());
  return out;
}

const RebalanceMember* find(const std::vector<RebalanceMember>& members, const std::string& id) {
  auto found = std::find_if(members.begin(), members.end(), [&](const auto& each) { return each.id == id; });
  return found == members.end() ? nullptr : &*found;
}

RebalanceTrigger trigger_of(RebalanceCause cause, const RebalanceMember& member, WallTime at) {
  RebalanceTrigger out;
  out.cause = cause;
  out.at = at;
  out.member_id = member.id;
  out.instance_id = member.instance_id;
  out.client_id = member.client_id;
  out.client_host = member.client_host;
  out.session_timeout_ms = member.session_timeout_ms;
  out.rebalance_timeout_ms = member.rebalance_timeout_ms;
  out.evidence.topics_before = out.evidence.topics_after = member.topics;
  return out;
}

std::map<std::string, int32_t> partitions_of(const std::vector<RebalanceMember>& members) {
  std::map<std::string, int32_t> out;
  for (const RebalanceMember& member : members) {
    for (const auto& [topic, partitions] : member.assigned) out[topic] += static_cast<int32_t>(partitions.size());
  }
  return out;
}

// Topics of which more partitions are assigned than before, or that are new.
std::vector<TopicChange> growth(const std::vector<RebalanceMember>& before, const std::vector<RebalanceMember>& after,
                                WallTime at) {
  std::vector<TopicChange> out;
  auto had = partitions_of(before);
  for (const auto& [topic, count] : partitions_of(after)) {
    if (had.contains(topic) && count > had[topic]) out.push_back({topic, had[topic], count, at, ""});
  }
  return out;
}

}  // namespace

int32_t ForeignHistory::partition_of(const std::string& group, int32_t partitions) {
  // Java's String.hashCode(); group ids are nearly always ASCII, where its characters are our bytes.
  uint32_t hash = 0;
  for (char each : group) hash = hash * 31 + static_cast<unsigned char>(each);
  return static_cast<int32_t>((hash & 0x7FFFFFFF) % static_cast<uint32_t>(std::max(partitions, 1)));
}

std::vector<std::string> ForeignHistory::limits() {
  return {
      "This cluster keeps no history of its groups. What is said comes from __consumer_offsets: who was in each "
      "generation, "
      "and when partitions were last committed.",
      "The clients' own reasons, connections, heartbeats and fetches are not in it: a member that crashed, stalled or "
      "lost its "
      "network looks the same, and one that polled too late looks like one that left.",
      "How long a rebalance took is not in it either, nor anything older than the topic's last compaction but the "
      "newest "
      "generation."};
}

void ForeignHistory::take(BytesView key, std::optional<BytesView> value, WallTime at) {
  Decoder in(key, false);
  int16_t kind = 0;
  std::string group;
  in(kind);
  in(group);
  if (!in.status() || group != group_) return;
  switch (static_cast<KeyKind>(kind)) {
    case KeyKind::kOffsetOld:
    case KeyKind::kOffset: {
      TopicPartition partition;
      in(partition.topic);
      in(partition.partition.value);
      if (in.status() && value) committed_[partition] = at;
      return;
    }
    case KeyKind::kGeneration:
      if (value) take_generation(*value, at);
      return;
    case KeyKind::kEpoch: {
      if (!value || value->size() < sizeof(int16_t) + sizeof(int32_t)) return;
      Rebalance next;
      next.consumer_protocol = true;
      next.to_generation = load_big<int32_t>(value->data() + sizeof(int16_t));
      std::vector<RebalanceMember> members;
      for (const auto& [id, member] : consumers_) members.push_back(member);
      return agree(std::move(next), std::move(members), at);
    }
    case KeyKind::kMember: {
      std::string id;
      in(id);
      if (in.status()) take_member(id, value);
      return;
    }
  }
}

void ForeignHistory::take_generation(BytesView value, WallTime at) {
  auto saved = decode_saved(value);
  if (!saved) return;
  Rebalance next;
  next.to_generation = saved->number;
  next.protocol = saved->protocol;
  next.leader = saved->leader;
  agree(std::move(next), std::move(saved->members), saved->since_ms > 0 ? WallTime{saved->since_ms} : at);
}

void ForeignHistory::take_member(const std::string& id, std::optional<BytesView> value) {
  if (!value) {
    consumers_.erase(id);
    return;
  }
  auto member = decode_consumer(*value);
  if (!member) return;
  member->id = id;
  consumers_[id] = std::move(*member);
}

// A generation follows upon another: what is different is why.
void ForeignHistory::agree(Rebalance next, std::vector<RebalanceMember> members, WallTime at) {
  bool known = std::exchange(begun_, true);
  if (known && next.to_generation == generation_) {  // Saved again, as after a member's static restart.
    members_ = std::move(members);
    return;
  }
  next.from_generation = generation_;
  next.began = at;
  next.joined = next.ended = at;
  next.members_before = static_cast<int32_t>(members_.size());
  next.members_after = static_cast<int32_t>(members.size());
  for (const RebalanceMember& gone : members_) {
    if (find(members, gone.id) != nullptr) continue;
    RebalanceTrigger trigger = trigger_of(RebalanceCause::kLeft, gone, at);
    WallTime last{-1};
    for (const auto& [topic, partitions] : gone.assigned) {
      for (int32_t partition : partitions) {
        auto found = committed_.find({topic, PartitionId{partition}});
        if (found != committed_.end()) last = std::max(last, found->second);
      }
    }
    trigger.evidence.member_ms = at.value - joined_[gone.id].value;
    if (last >= joined_[gone.id]) trigger.evidence.commits = {1, std::max<int64_t>(0, at.value - last.value), -1, -1};
    next.triggers.push_back(std::move(trigger));
  }
  for (const RebalanceMember& member : members) {
    const RebalanceMember* before = find(members_, member.id);
    if (before == nullptr) {
      joined_[member.id] = at;
      next.triggers.push_back(trigger_of(RebalanceCause::kNewMember, member, at));
    } else if (before->topics != member.topics) {
      RebalanceTrigger trigger = trigger_of(RebalanceCause::kSubscriptionChanged, member, at);
      trigger.evidence.topics_before = before->topics;
      next.triggers.push_back(std::move(trigger));
    }
  }
  if (next.triggers.empty() && !members.empty()) {
    const RebalanceMember* leader = find(members, next.leader);
    RebalanceTrigger trigger =
        trigger_of(RebalanceCause::kLeaderRejoined, leader != nullptr ? *leader : members.front(), at);
    trigger.evidence.changes = growth(members_, members, at);
    next.triggers.push_back(std::move(trigger));
  }
  generation_ = next.to_generation;
  next.members = members;
  members_ = std::move(members);
  if (known) records_.push_back({at, std::move(next)});
}

}  // namespace leat
