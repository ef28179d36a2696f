#include "broker/group/consumer_groups.h"

#include <algorithm>

#include "broker/broker.h"

namespace leat {
namespace {

using protocol::ErrorCode;
using Response = protocol::ConsumerGroupHeartbeatResponse;

constexpr size_t kTriggersMax = 50;  // The first ones tell why.

Instant after_ms(const Broker& broker, int64_t ms) {
  return {broker.monotonic().value + ms * kNsPerMs};
}

Response::Assignment assignment_of(const ConsumerMember& member) {
  Response::Assignment out;
  for (const auto& [topic, indexes] : member.assigned) {
    out.topic_partitions.push_back({topic, {indexes.begin(), indexes.end()}});
  }
  return out;
}

Response refusal(const ConsumerRefusal& refused) {
  Response out;
  out.error_code = static_cast<int16_t>(refused.error);
  out.error_message = refused.message;
  return out;
}

RebalanceMember describe(const BrokerState& state, const ConsumerMember& member) {
  RebalanceMember out;
  out.id = member.id;
  out.instance_id = member.instance_id.value_or("");
  out.client_id = member.client_id;
  out.client_host = member.client_host;
  out.rebalance_timeout_ms = member.rebalance_timeout_ms;
  out.topics = member.topics;
  if (member.assignor) out.protocols.push_back(*member.assignor);
  out.assigned = by_name(state, member.target);
  return out;
}

// A static member that went to come back holds nobody up.
bool is_reconciled(const ConsumerGroupState& group) {
  return std::all_of(group.members.begin(), group.members.end(), [&](const auto& entry) {
    const ConsumerMember& member = entry.second;
    return member.epoch == ConsumerMember::kAway ||
           (member.state == MemberState::kStable && member.epoch == group.head.assignment_epoch);
  });
}

}  // namespace

void ConsumerGroups::restore() {
  for (const auto& [id, group] : broker_.state().consumer_groups()) begin_sessions(id);
  broker_.loop().post([this] { topics_changed({}); });  // A crash may have come between a change and its epoch.
}

void ConsumerGroups::begin_sessions(const std::string& id) {
  const ConsumerGroupState& group = *broker_.state().consumer_group(id);
  for (const auto& [member_id, member] : group.members) {
    live_[id].sessions[member_id] = after_ms(broker_, session_ms(id, group.head, member));
  }
  follow(id);
}

int64_t ConsumerGroups::session_ms(const std::string& group, const ConsumerGroupHead& head,
                                   const ConsumerMember& member) const {
  if (member.classic) return member.classic->session_timeout_ms;
  const char* name = head.shares ? "share.session.timeout.ms" : "consumer.session.timeout.ms";
  return broker_.group_configs(group).number(name);
}

int32_t ConsumerGroups::heartbeat_ms(const std::string& group, const ConsumerGroupHead& head) const {
  const char* name = head.shares ? "share.heartbeat.interval.ms" : "consumer.heartbeat.interval.ms";
  return static_cast<int32_t>(broker_.group_configs(group).number(name));
}

void ConsumerGroups::heartbeat(const Call& call, const protocol::ConsumerGroupHeartbeatRequest& request,
                               std::vector<BrokerEvent> first, Respond<protocol::ConsumerGroupHeartbeat> respond) {
  const GroupSettings& settings = broker_.settings().group;
  const std::string& id = request.group_id;
  ConsumerGroupDraft draft(id, broker_.state().consumer_group(id));
  ConsumerHeartbeat step(draft, request, broker_.state(), settings);
  bool leaves = request.member_epoch < 0;
  HeartbeatSender sender{call.client->id, call.client->peer.host};
  ConsumerRefusal refused = leaves ? step.leave() : step.come(sender);
  listener_.heard_of(call, id, request.member_id, request.instance_id, refused.error);
  if (refused) return respond(refusal(refused));
  auto triggers = step.triggers();
  for (RebalanceTrigger& trigger : triggers) {
    trigger.software_name = call.client->software_name;
    trigger.software_version = call.client->software_version;
  }
  Response response;
  response.member_id = request.member_id;
  if (leaves) {
    response.member_epoch = request.member_epoch;
  } else {
    const ConsumerMember& member = *draft.member(request.member_id);
    response.member_epoch = member.epoch;
    response.heartbeat_interval_ms = heartbeat_ms(id, draft.head());
    if (step.answers_with_assignment()) response.assignment = assignment_of(member);
    live_[id].sessions[request.member_id] = after_ms(broker_, session_ms(id, draft.head(), member));
  }
  decide(id, draft, std::move(triggers), std::move(first),
         [response, respond = std::move(respond)](const Status& outcome) {
           if (outcome) return respond(response);
           respond(refusal({ErrorCode::kCoordinatorNotAvailable, outcome.error().message}));
         });
}

void ConsumerGroups::remove(const protocol::LeaveGroupRequest& request, int16_t version,
                            Respond<protocol::LeaveGroup> respond) {
  constexpr int16_t kSeveralMembers = 3;
  using Identity = protocol::LeaveGroupRequest::Member;
  std::vector<Identity> leaving = request.members;
  if (version < kSeveralMembers) leaving = {Identity{request.member_id, std::nullopt, std::nullopt}};
  protocol::LeaveGroupResponse response;
  ConsumerGroupDraft draft(request.group_id, broker_.state().consumer_group(request.group_id));
  std::vector<RebalanceTrigger> triggers;
  for (const Identity& asked : leaving) {
    const ConsumerMember* member =
        asked.group_instance_id ? draft.static_member(*asked.group_instance_id) : draft.member(asked.member_id);
    bool fenced = member != nullptr && !asked.member_id.empty() && member->id != asked.member_id;
    ErrorCode error = member == nullptr ? ErrorCode::kUnknownMemberId
                      : fenced          ? ErrorCode::kFencedInstanceId
                                        : ErrorCode::kNone;
    if (version < kSeveralMembers) {
      response.error_code = static_cast<int16_t>(error);
    } else {
      response.members.push_back({asked.member_id, asked.group_instance_id, static_cast<int16_t>(error)});
    }
    if (error != ErrorCode::kNone) continue;
    bool by_itself = member->classic && !asked.member_id.empty();
    triggers.push_back(consumer_trigger(by_itself ? RebalanceCause::kLeft : RebalanceCause::kRemovedByAdmin, *member));
    triggers.back().client_reason = asked.reason.value_or("");
    draft.remove(std::string(member->id));
  }
  if (!triggers.empty()) begin_epoch(draft, Subscriptions(draft, broker_.state()), broker_.settings().group);
  decide(request.group_id, draft, std::move(triggers), {},
         [response, respond = std::move(respond)](const Status& outcome) mutable {
           if (!outcome) response.error_code = static_cast<int16_t>(ErrorCode::kCoordinatorNotAvailable);
           respond(response);
         });
}

void ConsumerGroups::decide(const std::string& id, const ConsumerGroupDraft& draft,
                            std::vector<RebalanceTrigger> triggers, std::vector<BrokerEvent> first,
                            std::function<void(const Status&)> done) {
  const ConsumerGroupState* before = broker_.state().consumer_group(id);
  if (becomes_classic(before, draft)) return give_back(id, draft, triggers, std::move(done));
  int32_t from_epoch = before != nullptr ? before->head.epoch : 0;
  size_t members_before = before != nullptr ? before->members.size() : 0;
  for (BrokerEvent& event : draft.events()) first.push_back(std::move(event));
  bool changes = !first.empty();
  broker_.record(std::move(first), std::move(done));
  if (!changes) return;
  if (!triggers.empty()) begin_rebalance(id, from_epoch, members_before, std::move(triggers));
  follow(id);
}

void ConsumerGroups::begin_rebalance(const std::string& id, int32_t from_epoch, size_t members_before,
                                     std::vector<RebalanceTrigger> triggers) {
  const ConsumerGroupState& group = *broker_.state().consumer_group(id);
  auto& rebalance = live_[id].rebalance;
  if (rebalance) listener_.rebalanced(id, *rebalance);  // Given up for this one.
  rebalance.emplace();
  rebalance->from_generation = from_epoch;
  rebalance->to_generation = group.head.epoch;
  rebalance->began = broker_.wall();
  rebalance->joined = broker_.wall();
  rebalance->members_before = static_cast<int32_t>(members_before);
  rebalance->members_after = static_cast<int32_t>(group.members.size());
  rebalance->consumer_protocol = true;
  rebalance->protocol = group.head.assignor;
  for (const auto& [member_id, member] : group.members) {
    rebalance->members.push_back(describe(broker_.state(), member));
    rebalance->members.back().session_timeout_ms = static_cast<int32_t>(session_ms(id, group.head, member));
  }
  if (triggers.size() > kTriggersMax) triggers.resize(kTriggersMax);
  for (RebalanceTrigger& trigger : triggers) {
    trigger.at = broker_.wall();
    if (trigger.session_timeout_ms == 0) {  // The group's, unless it has one of its own.
      trigger.session_timeout_ms = static_cast<int32_t>(session_ms(id, group.head, {}));
    }
    auto before = trigger.evidence.topics_before, after = trigger.evidence.topics_after;
    listener_.triggered(id, trigger);
    if (!before.empty() || !after.empty()) {
      trigger.evidence.topics_before = std::move(before);
      trigger.evidence.topics_after = std::move(after);
    }
  }
  rebalance->triggers = std::move(triggers);
}

void ConsumerGroups::follow(const std::string& id) {
  const ConsumerGroupState* group = broker_.state().consumer_group(id);
  if (group == nullptr) return forget(id);
  Live& live = live_[id];
  std::erase_if(live.sessions, [&](const auto& entry) { return !group->members.contains(entry.first); });
  std::erase_if(live.expected, [&](const auto& entry) { return !group->members.contains(entry.first); });
  std::erase_if(live.revocations, [&](const auto& entry) { return !group->members.contains(entry.first); });
  for (const auto& [member_id, member] : group->members) {
    if (member.state != MemberState::kUnrevoked) {
      live.revocations.erase(member_id);
      continue;
    }
    auto [entry, is_new] = live.revocations.try_emplace(member_id);
    if (!is_new && entry->second.epoch == member.epoch) continue;
    entry->second = {member.epoch, after_ms(broker_, member.rebalance_timeout_ms)};
  }
  if (live.rebalance && is_reconciled(*group)) {
    live.rebalance->ended = broker_.wall();
    listener_.rebalanced(id, *live.rebalance);
    live.rebalance.reset();
  }
  arm(id, live);
}

void ConsumerGroups::arm(const std::string& id, Live& live) {
  Instant next = kNever;
  for (const auto& [member_id, deadline] : live.sessions) next = std::min(next, deadline);
  for (const auto& [member_id, revocation] : live.revocations) next = std::min(next, revocation.deadline);
  for (const auto& [member_id, expected] : live.expected) next = std::min(next, expected.deadline);
  if (next >= live.armed) return;  // The timer that is set looks again.
  live.armed = next;
  int64_t delay_ms = std::max<int64_t>(0, (next.value - broker_.monotonic().value + kNsPerMs - 1) / kNsPerMs);
  live.timer = broker_.loop().after(delay_ms, [this, id] {
    auto found = live_.find(id);
    if (found == live_.end()) return;
    found->second.armed = kNever;
    advance(id);
  });
}

void ConsumerGroups::advance(const std::string& id) {
  Instant now = broker_.monotonic();
  Live& live = live_[id];
  ConsumerGroupDraft draft(id, broker_.state().consumer_group(id));
  std::vector<RebalanceTrigger> triggers;
  auto expire = [&](const std::string& member_id, RebalanceCause cause) {
    const ConsumerMember* member = draft.member(member_id);
    if (member == nullptr) return;
    triggers.push_back(consumer_trigger(cause, *member));
    draft.remove(member_id);
  };
  for (const auto& [member_id, deadline] : live.sessions) {
    if (deadline <= now) expire(member_id, RebalanceCause::kSessionExpired);
  }
  for (const auto& [member_id, revocation] : live.revocations) {
    if (revocation.deadline <= now) expire(member_id, RebalanceCause::kRebalanceTimeout);
  }
  for (const auto& [member_id, expected] : live.expected) {
    if (expected.deadline <= now) expire(member_id, expected.cause);
  }
  if (triggers.empty()) return arm(id, live);
  begin_epoch(draft, Subscriptions(draft, broker_.state()), broker_.settings().group);
  decide(id, draft, std::move(triggers), {}, [](const Status&) {});
}

void ConsumerGroups::topics_changed(const std::set<std::string>& names) {
  for (const auto& [id, live] : live_) {
    const ConsumerGroupState* group = broker_.state().consumer_group(id);
    if (group == nullptr || group->members.empty()) continue;
    ConsumerGroupDraft draft(id, group);
    Subscriptions subscriptions(draft, broker_.state());
    if (subscriptions.topics() == group->head.topics) continue;
    RebalanceTrigger trigger;
    trigger.cause = RebalanceCause::kTopicsChanged;
    for (const std::string& name : names) {
      if (subscribes(*group, name)) trigger.topics.push_back(name);
    }
    begin_epoch(draft, subscriptions, broker_.settings().group);
    decide(id, draft, {std::move(trigger)}, {}, [](const Status&) {});
  }
}

ErrorCode ConsumerGroups::check_commit(const ConsumerGroupState& group, const std::string& member_id, int32_t epoch,
                                       bool transactional, std::optional<int16_t> version) const {
  constexpr int16_t kKnowsEpochs = 9;
  if (group.head.shares) return ErrorCode::kGroupIdNotFound;  // It has no offsets of this kind.
  bool anonymous = epoch < 0 && member_id.empty();
  if (epoch < 0 && group.members.empty()) return ErrorCode::kNone;
  if (anonymous && transactional) return ErrorCode::kNone;  // A producer of before KIP-447.
  auto found = group.members.find(member_id);
  if (found == group.members.end()) return ErrorCode::kUnknownMemberId;
  bool classic = found->second.classic.has_value();
  if (version && *version < kKnowsEpochs && !classic) return ErrorCode::kUnsupportedVersion;
  if (epoch == found->second.epoch) return ErrorCode::kNone;
  return classic ? ErrorCode::kIllegalGeneration : ErrorCode::kStaleMemberEpoch;
}

ErrorCode ConsumerGroups::check_fetch(const ConsumerGroupState& group, const std::optional<std::string>& member_id,
                                      int32_t epoch) const {
  if (group.head.shares) return ErrorCode::kGroupIdNotFound;
  if (!member_id && epoch < 0) return ErrorCode::kNone;
  auto found = group.members.find(member_id.value_or(""));
  if (found == group.members.end()) return ErrorCode::kUnknownMemberId;
  return epoch == found->second.epoch ? ErrorCode::kNone : ErrorCode::kStaleMemberEpoch;
}

}  // namespace leat
