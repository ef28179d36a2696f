#include "broker/group/groups.h"

#include <algorithm>

#include "broker/broker.h"
#include "broker/group/generation_codec.h"

namespace leat {

Status Groups::restore() {
  for (const auto& [id, bytes] : broker_.state().generations()) {
    TRY_ASSIGN(Generation generation, decode_generation(bytes));
    ClassicGroup& group = find_or_make(id);
    group.restore(generation, now());
    if (!generation.members.empty()) observer_.restored(id, generation.number, group.described_members());
    arm(group);
  }
  consumers_.restore();
  return {};
}

Groups::~Groups() = default;

GroupKind Groups::kind(const std::string& id) const {
  if (const ConsumerGroupState* group = broker_.state().consumer_group(id)) {
    return group->head.shares ? GroupKind::kShare : GroupKind::kConsumer;
  }
  bool classic = groups_.contains(id) || broker_.state().offsets().contains(id);
  return classic ? GroupKind::kClassic : GroupKind::kNone;
}

protocol::ErrorCode Groups::check_commit(const std::string& id, const std::string& member_id,
                                         const std::optional<std::string>& instance_id, int32_t generation_or_epoch,
                                         bool transactional, std::optional<int16_t> version) {
  using protocol::ErrorCode;
  if (const ConsumerGroupState* group = broker_.state().consumer_group(id)) {
    return consumers_.check_commit(*group, member_id, generation_or_epoch, transactional, version);
  }
  ClassicGroup* group = find(id);
  if (group == nullptr) {
    // A consumer that assigns itself its partitions needs no group.
    if (generation_or_epoch < 0) return ErrorCode::kNone;
    constexpr int16_t kKnowsEpochs = 9;
    return version && *version >= kKnowsEpochs ? ErrorCode::kGroupIdNotFound : ErrorCode::kIllegalGeneration;
  }
  ErrorCode error = group->check_commit(member_id, instance_id, generation_or_epoch, transactional, now());
  arm(*group);
  return error;
}

std::vector<BrokerEvent> Groups::give_up(const std::string& id) {
  std::vector<BrokerEvent> out;
  if (broker_.state().consumer_group(id) != nullptr) out.emplace_back(broker_event::ConsumerGroupForgotten{id});
  if (broker_.state().generations().contains(id)) out.emplace_back(broker_event::GenerationForgotten{id});
  auto found = groups_.find(id);
  if (found != groups_.end()) found->second->die();
  if (found != groups_.end()) groups_.erase(found);
  alarms_.erase(id);
  return out;
}

ConsumerRefusal Groups::upgrade(const std::string& id) {
  const GroupSettings& settings = broker_.settings().group;
  const std::string& policy = settings.consumer_migration_policy;
  ClassicGroup& group = *find(id);
  auto refuse = [&id](const std::string& why) {
    return ConsumerRefusal{protocol::ErrorCode::kGroupIdNotFound, "Group " + id + " " + why};
  };
  if (group.protocol_type() != "consumer" || (policy != "bidirectional" && policy != "upgrade")) {
    return refuse("is not a consumer group.");
  }
  if (group.members().size() > static_cast<size_t>(settings.consumer_max_size)) {
    return refuse("has more members than group.consumer.max.size allows.");
  }
  auto converted = as_consumer_group(group, broker_.state());
  if (!converted) return refuse("cannot become a consumer group: " + converted.error().message);
  group.dissolve();
  std::vector<BrokerEvent> events = give_up(id);
  events.emplace_back(broker_event::ConsumerGroupSaved{id, converted->head});
  for (auto& [member_id, member] : converted->members) {
    events.emplace_back(broker_event::ConsumerMemberSaved{id, std::move(member)});
  }
  broker_.record(std::move(events), [](const Status&) {});
  consumers_.begin_sessions(id);
  return {};
}

void Groups::became_classic(const std::string& id, const Generation& generation,
                            const std::vector<RebalanceTrigger>& triggers) {
  ClassicGroup& group = find_or_make(id);
  group.restore(generation, now());
  for (const RebalanceTrigger& trigger : triggers) group.lost(trigger, now());
  arm(group);
}

ClassicGroup* Groups::find(const std::string& id) {
  if (broker_.state().consumer_group(id) != nullptr) return nullptr;
  auto found = groups_.find(id);
  if (found != groups_.end()) return found->second.get();
  return broker_.state().offsets().contains(id) ? &find_or_make(id) : nullptr;
}

ClassicGroup& Groups::find_or_make(const std::string& id) {
  auto& group = groups_[id];
  if (group == nullptr) group = std::make_unique<ClassicGroup>(id, broker_.settings().group, *this);
  return *group;
}

void Groups::forget(const std::string& id) {
  consumers_.forget(id);
  shares_.forget(id);
  observer_.forget(id);
  auto found = groups_.find(id);
  if (found == groups_.end()) return;
  found->second->die();
  groups_.erase(found);
  alarms_.erase(id);
}

Now Groups::now() const {
  return {broker_.monotonic(), broker_.wall()};
}

void Groups::arm(ClassicGroup& group) {
  Alarm& alarm = alarms_[group.id()];
  Instant next = group.next_deadline();
  if (next == alarm.at) return;
  alarm.at = next;
  alarm.timer.reset();
  if (next == kNever) return;
  int64_t delay_ms = std::max<int64_t>(0, (next.value - broker_.monotonic().value + kNsPerMs - 1) / kNsPerMs);
  alarm.timer = broker_.loop().after(delay_ms, [this, id = group.id()] {
    auto found = groups_.find(id);
    if (found == groups_.end()) return;
    alarms_[id].at = kNever;
    found->second->advance(now());
    arm(*found->second);
  });
}

void Groups::save(const std::string& group, const Generation& generation,
                  std::function<void(protocol::ErrorCode)> done) {
  broker_.record({broker_event::GenerationSaved{group, encode_generation(generation)}},
                 [this, group, asked = groups_.at(group).get(), done = std::move(done)](const Status& outcome) {
                   auto found = groups_.find(group);
                   if (found == groups_.end() || found->second.get() != asked) return;  // It is no more.
                   done(outcome ? protocol::ErrorCode::kNone : protocol::ErrorCode::kCoordinatorNotAvailable);
                   arm(*found->second);
                 });
}

void Groups::triggered(const std::string& group, RebalanceTrigger& trigger) {
  observer_.triggered(group, trigger);
}

void Groups::instance_taken(const std::string& group, const std::string& instance_id, const std::string& from,
                            const std::string& by, bool rebalances) {
  observer_.instance_taken(group, instance_id, from, by, rebalances);
}

void Groups::rebalanced(const std::string& group, const Rebalance& rebalance) {
  observer_.rebalanced(group, rebalance);
}

void Groups::heard_of(const Call& call, const std::string& group, const std::string& member_id,
                      const std::optional<std::string>& instance_id, protocol::ErrorCode error) {
  observer_.answered(call, {group, member_id, instance_id}, "heartbeat", error);
}

std::string Groups::new_member_id(const std::string& prefix) {
  Uuid id = broker_.random_uuid();
  std::string out = prefix + "-";
  static constexpr char kHex[] = "0123456789abcdef";
  for (size_t i = 0; i < id.bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kHex[id.bytes[i] >> 4];
    out += kHex[id.bytes[i] & 15];
  }
  return out;
}

}  // namespace leat
