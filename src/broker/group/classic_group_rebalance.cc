#include <algorithm>

#include "broker/group/classic_group.h"
#include "explain/consumer_protocol.h"

namespace leat {
namespace {

Instant after_ms(const Now& now, int64_t ms) {
  return {now.monotonic.value + ms * kNsPerMs};
}

}  // namespace

void ClassicGroup::prepare_rebalance(RebalanceCause cause, const GroupMember& member,
                                     const std::optional<std::string>& reason, const Now& now) {
  if (!rebalance_) {
    rebalance_.emplace();
    rebalance_->from_generation = generation_;
    rebalance_->began = now.wall;
    rebalance_->members_before = static_cast<int32_t>(
        std::count_if(members_.begin(), members_.end(), [](const auto& entry) { return !entry.second.is_new; }));
    if (!member.is_new && !members_.contains(member.id)) ++rebalance_->members_before;  // It has just gone.
  }
  add_trigger(cause, member, reason, now);
  if (state_ == GroupState::kPreparingRebalance) {
    if (initial_until_ && cause == RebalanceCause::kNewMember) {
      // Whoever comes while the group gathers gives the others some more time, within the first one's limits.
      join_deadline_ = std::min(*initial_until_, after_ms(now, settings_.initial_rebalance_delay_ms));
      return;
    }
    return complete_join_if_all(now);
  }
  if (state_ == GroupState::kCompletingRebalance) hand_out(generation_, ErrorCode::kRebalanceInProgress, now);
  int64_t longest = 0;
  for (const auto& [id, other] : members_) longest = std::max<int64_t>(longest, other.rebalance_timeout_ms);
  bool gathers = state_ == GroupState::kEmpty && settings_.initial_rebalance_delay_ms > 0;
  state_ = GroupState::kPreparingRebalance;
  sync_deadline_.reset();
  if (gathers) {
    initial_until_ = after_ms(now, longest);
    join_deadline_ = std::min(*initial_until_, after_ms(now, settings_.initial_rebalance_delay_ms));
    return;
  }
  join_deadline_ = after_ms(now, longest);
  complete_join_if_all(now);
}

// A storm of them is cut off: the first ones tell why.
void ClassicGroup::add_trigger(RebalanceCause cause, const GroupMember& member,
                               const std::optional<std::string>& reason, const Now& now) {
  constexpr size_t kTriggersMax = 50;
  if (rebalance_->triggers.size() == kTriggersMax) return;
  RebalanceTrigger& trigger = rebalance_->triggers.emplace_back();
  trigger.cause = cause;
  trigger.member_id = member.id;
  trigger.instance_id = member.instance_id.value_or("");
  trigger.client_id = member.client_id;
  trigger.client_host = member.client_host;
  trigger.client_reason = reason.value_or("");
  trigger.at = now.wall;
  trigger.session_timeout_ms = member.session_timeout_ms;
  trigger.rebalance_timeout_ms = member.rebalance_timeout_ms;
  listener_.triggered(id_, trigger);
}

void ClassicGroup::complete_join_if_all(const Now& now) {
  if (state_ != GroupState::kPreparingRebalance || initial_until_) return;
  bool all = pending_.empty() && std::all_of(members_.begin(), members_.end(),
                                             [](const auto& entry) { return bool(entry.second.joining); });
  if (all) complete_join(now);
}

// Whoever has joined is in the next generation. A static member that has not keeps its place until its session ends.
void ClassicGroup::complete_join(const Now& now) {
  join_deadline_.reset();
  initial_until_.reset();
  for (auto entry = members_.begin(); entry != members_.end();) {
    const GroupMember& member = entry->second;
    if (member.joining || member.instance_id) {
      ++entry;
      continue;
    }
    add_trigger(RebalanceCause::kRebalanceTimeout, member, std::nullopt, now);
    entry = members_.erase(entry);
  }
  bool anybody = std::any_of(members_.begin(), members_.end(), [](const auto& entry) { return entry.second.joining; });
  if (!members_.empty() && !anybody) {  // Only static members that have not come yet: they get another round.
    int64_t longest = 0;
    for (const auto& [id, member] : members_) longest = std::max<int64_t>(longest, member.rebalance_timeout_ms);
    join_deadline_ = after_ms(now, longest);
    return;
  }
  ++generation_;
  rebalance_->to_generation = generation_;
  rebalance_->joined = now.wall;
  rebalance_->members_after = static_cast<int32_t>(members_.size());
  if (members_.empty()) {
    state_ = GroupState::kEmpty;
    protocol_.clear();
    leader_.clear();
    end_rebalance(now.wall);
    listener_.save(id_, Generation{generation_, protocol_type_, {}, "", {}}, [](ErrorCode) {});
    return;
  }
  elect();
  state_ = GroupState::kCompletingRebalance;
  sync_deadline_ = after_ms(now, 0);
  int64_t longest = 0;
  for (auto& [id, member] : members_) {
    longest = std::max<int64_t>(longest, member.rebalance_timeout_ms);
    member.is_new = member.synced = false;
    member.assignment.clear();
    touch(member, now);
  }
  sync_deadline_ = after_ms(now, longest);
  for (auto& [id, member] : members_) {
    if (auto respond = std::exchange(member.joining, nullptr)) respond(generation_for(member));
  }
}

// The leader stays if it is still there.
void ClassicGroup::elect() {
  auto joined = [this](const std::string& id) { return members_.contains(id) && members_.at(id).joining; };
  if (!joined(leader_)) {
    leader_ = std::find_if(members_.begin(), members_.end(), [](const auto& entry) {
                return bool(entry.second.joining);
              })->first;
  }
  protocol_ = preferred_protocol();
}

std::string ClassicGroup::preferred_protocol() const {
  std::map<std::string, size_t> votes;
  for (const auto& [id, member] : members_) {
    for (const auto& protocol : member.protocols) {
      bool known = std::all_of(members_.begin(), members_.end(),
                               [&](const auto& entry) { return entry.second.metadata_of(protocol.name) != nullptr; });
      if (!known) continue;
      ++votes[protocol.name];
      break;
    }
  }
  CHECK(!votes.empty());  // Nobody joins without a protocol in common with all others.
  return std::max_element(votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

// Answers the members that wait for their assignment, if the generation is still that one.
void ClassicGroup::hand_out(int32_t generation, ErrorCode error, const Now& now) {
  if (generation != generation_ || state_ != GroupState::kCompletingRebalance) return;
  for (auto& [id, member] : members_) {
    auto respond = std::exchange(member.syncing, nullptr);
    if (!respond) continue;
    touch(member, now);
    protocol::SyncGroupResponse response;
    response.error_code = static_cast<int16_t>(error);
    if (error == ErrorCode::kNone) {
      response.protocol_type = protocol_type_;
      response.protocol_name = protocol_;
      response.assignment = member.assignment;
    }
    respond(response);
  }
}

void ClassicGroup::remove_member(const std::string& member_id, RebalanceCause cause,
                                 const std::optional<std::string>& reason, const Now& now) {
  auto node = members_.extract(member_id);
  GroupMember& member = node.mapped();
  if (member.instance_id) statics_.erase(*member.instance_id);
  refuse_waiting(member, ErrorCode::kUnknownMemberId);
  prepare_rebalance(cause, member, reason, now);
}

void ClassicGroup::refuse_waiting(GroupMember& member, ErrorCode error) {
  if (auto respond = std::exchange(member.joining, nullptr)) {
    protocol::JoinGroupResponse response;
    response.error_code = static_cast<int16_t>(error);
    response.protocol_name = "";
    response.member_id = member.id;
    respond(response);
  }
  if (auto respond = std::exchange(member.syncing, nullptr)) {
    protocol::SyncGroupResponse response;
    response.error_code = static_cast<int16_t>(error);
    respond(response);
  }
}

void ClassicGroup::lost(const RebalanceTrigger& trigger, const Now& now) {
  GroupMember gone;
  gone.id = trigger.member_id;
  if (!trigger.instance_id.empty()) gone.instance_id = trigger.instance_id;
  gone.client_id = trigger.client_id;
  gone.client_host = trigger.client_host;
  gone.session_timeout_ms = trigger.session_timeout_ms;
  gone.rebalance_timeout_ms = trigger.rebalance_timeout_ms;
  prepare_rebalance(trigger.cause, gone, trigger.client_reason, now);
}

void ClassicGroup::dissolve() {
  die();
  for (auto& [id, member] : members_) refuse_waiting(member, ErrorCode::kRebalanceInProgress);
}

void ClassicGroup::expire_members(const Now& now) {
  std::erase_if(pending_, [&](const auto& entry) { return entry.second <= now.monotonic; });
  std::vector<std::string> expired;
  for (const auto& [id, member] : members_) {
    bool waits = (member.joining && !member.is_new) || member.syncing;
    if (!waits && member.deadline <= now.monotonic) expired.push_back(id);
  }
  for (const std::string& id : expired) remove_member(id, RebalanceCause::kSessionExpired, std::nullopt, now);
}

void ClassicGroup::advance(const Now& now) {
  expire_members(now);
  complete_join_if_all(now);
  if (join_deadline_ && *join_deadline_ <= now.monotonic) complete_join(now);
  if (sync_deadline_ && *sync_deadline_ <= now.monotonic) {
    sync_deadline_.reset();
    std::vector<std::string> silent;
    for (const auto& [id, member] : members_) {
      if (!member.synced) silent.push_back(id);
    }
    for (const std::string& id : silent) remove_member(id, RebalanceCause::kSyncTimeout, std::nullopt, now);
  }
}

Instant ClassicGroup::next_deadline() const {
  Instant next = kNever;
  for (const auto& [id, deadline] : pending_) next = std::min(next, deadline);
  for (const auto& [id, member] : members_) {
    bool waits = (member.joining && !member.is_new) || member.syncing;
    if (!waits) next = std::min(next, member.deadline);
  }
  if (join_deadline_) next = std::min(next, *join_deadline_);
  if (sync_deadline_) next = std::min(next, *sync_deadline_);
  return next;
}

std::vector<RebalanceMember> ClassicGroup::described_members() const {
  std::vector<RebalanceMember> out;
  for (const auto& [id, member] : members_) {
    RebalanceMember& described = out.emplace_back();
    described.id = id;
    described.instance_id = member.instance_id.value_or("");
    described.client_id = member.client_id;
    described.client_host = member.client_host;
    described.session_timeout_ms = member.session_timeout_ms;
    described.rebalance_timeout_ms = member.rebalance_timeout_ms;
    for (const auto& protocol : member.protocols) described.protocols.push_back(protocol.name);
    if (protocol_type_ != "consumer") continue;
    const Bytes* metadata = member.metadata_of(protocol_);
    auto subscription = decode_subscription(metadata != nullptr ? *metadata : Bytes());
    if (subscription) described.topics = std::move(subscription->topics);
    auto assigned = decode_assignment(member.assignment);
    if (assigned) described.assigned = std::move(*assigned);
  }
  return out;
}

void ClassicGroup::end_rebalance(std::optional<WallTime> ended) {
  if (!rebalance_) return;
  rebalance_->ended = ended;
  rebalance_->protocol = protocol_;
  rebalance_->leader = leader_;
  rebalance_->members = described_members();
  listener_.rebalanced(id_, *rebalance_);
  rebalance_.reset();
}

}  // namespace leat
