#include "broker/group/reconcile.h"

namespace leat {
namespace {

bool has(const PartitionsByTopic& all, const Uuid& topic, int32_t index) {
  auto found = all.find(topic);
  return found != all.end() && found->second.contains(index);
}

PartitionsByTopic filter(const PartitionsByTopic& from, const std::function<bool(const Uuid&, int32_t)>& keep) {
  PartitionsByTopic out;
  for (const auto& [topic, indexes] : from) {
    for (int32_t index : indexes) {
      if (keep(topic, index)) out[topic].insert(index);
    }
  }
  return out;
}

bool owns_any(const PartitionsByTopic* owned, const PartitionsByTopic& revoking) {
  if (owned == nullptr) return true;  // It did not say, so it may.
  return !filter(revoking, [&](const Uuid& topic, int32_t index) { return has(*owned, topic, index); }).empty();
}

void enter(ConsumerMember& member, int32_t epoch, MemberState state) {
  member.previous_epoch = member.epoch;
  member.epoch = epoch;
  member.state = state;
}

// Takes away what other members own, or have not given up yet.
void remove_owned_by_others(const ConsumerGroupDraft& group, const std::string& id, PartitionsByTopic& wanted) {
  auto subtract = [&wanted](const PartitionsByTopic& theirs) {
    for (const auto& [topic, indexes] : theirs) {
      auto found = wanted.find(topic);
      if (found == wanted.end()) continue;
      for (int32_t index : indexes) found->second.erase(index);
      if (found->second.empty()) wanted.erase(found);
    }
  };
  group.for_each([&](const ConsumerMember& other) {
    if (other.id == id) return;
    subtract(other.assigned);
    subtract(other.revoking);
  });
}

PartitionsByTopic lacking(const PartitionsByTopic& target, const PartitionsByTopic& assigned) {
  return filter(target, [&](const Uuid& topic, int32_t index) { return !has(assigned, topic, index); });
}

void step(ConsumerGroupDraft& group, const ConsumerMember& before, int32_t epoch, const PartitionsByTopic* owned) {
  ConsumerMember after = before;
  after.assigned =
      filter(before.assigned, [&](const Uuid& topic, int32_t index) { return has(before.target, topic, index); });
  after.revoking =
      filter(before.assigned, [&](const Uuid& topic, int32_t index) { return !has(before.target, topic, index); });
  if (!after.revoking.empty() && owns_any(owned, after.revoking)) {
    enter(after, epoch, MemberState::kUnrevoked);
    group.edit(before.id) = std::move(after);
    return;
  }
  after.revoking.clear();
  PartitionsByTopic wanted = lacking(before.target, after.assigned);
  if (!wanted.empty()) remove_owned_by_others(group, before.id, wanted);
  for (const auto& [topic, indexes] : wanted) after.assigned[topic].insert(indexes.begin(), indexes.end());
  bool waits = after.assigned != before.target;
  enter(after, group.head().assignment_epoch, waits ? MemberState::kUnreleased : MemberState::kStable);
  if (after.epoch == before.epoch) after.previous_epoch = before.previous_epoch;
  if (after != before) group.edit(before.id) = std::move(after);
}

}  // namespace

bool waits_for_others(const ConsumerGroupDraft& group, const ConsumerMember& member) {
  PartitionsByTopic wanted = lacking(member.target, member.assigned), free = wanted;
  remove_owned_by_others(group, member.id, free);
  return free != wanted;
}

void reconcile(ConsumerGroupDraft& group, const std::string& member_id, const PartitionsByTopic* owned) {
  const ConsumerMember member = *group.member(member_id);
  if (group.head().shares) {  // Nothing is anybody's own.
    if (member.epoch == group.head().assignment_epoch && member.assigned == member.target) return;
    ConsumerMember& after = group.edit(member_id);
    after.assigned = member.target;
    enter(after, group.head().assignment_epoch, MemberState::kStable);
    return;
  }
  switch (member.state) {
    case MemberState::kStable:
      if (member.epoch != group.head().assignment_epoch) step(group, member, member.epoch, owned);
      return;
    case MemberState::kUnrevoked:
      // What it gave up is free as soon as it no longer says that it owns it.
      if (!owns_any(owned, member.revoking)) step(group, member, member.epoch + 1, owned);
      return;
    case MemberState::kUnreleased:
      step(group, member, member.epoch, owned);
      return;
  }
}

}  // namespace leat
