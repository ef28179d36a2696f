#include "broker/group/classic_group.h"

#include <algorithm>

namespace leat {

std::string to_string(GroupState state) {
  switch (state) {
    case GroupState::kEmpty:
      return "Empty";
    case GroupState::kPreparingRebalance:
      return "PreparingRebalance";
    case GroupState::kCompletingRebalance:
      return "CompletingRebalance";
    case GroupState::kStable:
      return "Stable";
    case GroupState::kDead:
      return "Dead";
  }
  return "";
}

void ClassicGroup::restore(const Generation& saved, const Now& now) {
  generation_ = saved.number;
  protocol_type_ = saved.protocol_type;
  protocol_ = saved.protocol.value_or("");
  leader_ = saved.leader;
  for (const GroupMember& member : saved.members) {
    GroupMember& added = members_[member.id] = member;
    if (member.instance_id) statics_[*member.instance_id] = member.id;
    added.synced = true;
    touch(added, now);
  }
  state_ = members_.empty() ? GroupState::kEmpty : GroupState::kStable;
}

GroupMember* ClassicGroup::find_member(const std::string& member_id, const std::optional<std::string>& instance_id,
                                       ErrorCode& error) {
  if (instance_id) {
    auto known = statics_.find(*instance_id);
    error = known == statics_.end()      ? ErrorCode::kUnknownMemberId
            : known->second != member_id ? ErrorCode::kFencedInstanceId
                                         : ErrorCode::kNone;
    if (error != ErrorCode::kNone) return nullptr;
  }
  auto found = members_.find(member_id);
  error = found == members_.end() ? ErrorCode::kUnknownMemberId : ErrorCode::kNone;
  return found == members_.end() ? nullptr : &found->second;
}

void ClassicGroup::sync(const protocol::SyncGroupRequest& request, Respond<protocol::SyncGroup> respond,
                        const Now& now) {
  protocol::SyncGroupResponse response;
  auto refuse = [&](ErrorCode code) {
    response.error_code = static_cast<int16_t>(code);
    respond(response);
  };
  ErrorCode error = ErrorCode::kNone;
  GroupMember* member = find_member(request.member_id, request.group_instance_id, error);
  if (member == nullptr) return refuse(error);
  if (request.generation_id != generation_) return refuse(ErrorCode::kIllegalGeneration);
  bool other_protocol = (request.protocol_type && request.protocol_type != protocol_type_) ||
                        (request.protocol_name && *request.protocol_name != protocol_);
  if (other_protocol) return refuse(ErrorCode::kInconsistentGroupProtocol);
  if (state_ == GroupState::kPreparingRebalance) return refuse(ErrorCode::kRebalanceInProgress);
  member->synced = true;
  touch(*member, now);
  if (state_ == GroupState::kStable) {
    response.protocol_type = protocol_type_;
    response.protocol_name = protocol_;
    response.assignment = member->assignment;
    return respond(response);
  }
  member->syncing = std::move(respond);
  if (member->id != leader_ || saving_) return;
  for (const auto& assigned : request.assignments) {
    auto found = members_.find(assigned.member_id);
    if (found != members_.end()) found->second.assignment = Bytes(assigned.assignment);
  }
  Generation saved{generation_, protocol_type_, protocol_, leader_, {}};
  for (const auto& [id, each] : members_) {
    GroupMember& copy = saved.members.emplace_back(each);
    copy.joining = nullptr;
    copy.syncing = nullptr;
  }
  saving_ = true;
  listener_.save(id_, saved, [this, generation = generation_, now](ErrorCode outcome) {
    saving_ = false;
    if (generation != generation_ || state_ != GroupState::kCompletingRebalance) return;
    hand_out(generation, outcome, now);
    if (outcome != ErrorCode::kNone) return;
    state_ = GroupState::kStable;
    end_rebalance(now.wall);
  });
}

protocol::ErrorCode ClassicGroup::heartbeat(const protocol::HeartbeatRequest& request, const Now& now) {
  ErrorCode error = ErrorCode::kNone;
  GroupMember* member = find_member(request.member_id, request.group_instance_id, error);
  if (member == nullptr) return error;
  if (request.generation_id != generation_) return ErrorCode::kIllegalGeneration;
  touch(*member, now);
  return state_ == GroupState::kPreparingRebalance ? ErrorCode::kRebalanceInProgress : ErrorCode::kNone;
}

protocol::ErrorCode ClassicGroup::check_commit(const std::string& member_id,
                                               const std::optional<std::string>& instance_id, int32_t generation,
                                               bool transactional, const Now& now) {
  bool anonymous = generation < 0 && member_id.empty() && !instance_id;
  // A consumer without a group may commit while nobody is in the group; a transaction's producer may always (before
  // KIP-447 it did not say whose offsets they are).
  if (anonymous) {
    return is_empty() || transactional ? ErrorCode::kNone : ErrorCode::kUnknownMemberId;
  }
  ErrorCode error = ErrorCode::kNone;
  GroupMember* member = find_member(member_id, instance_id, error);
  if (member == nullptr) return error;
  if (generation != generation_) return ErrorCode::kIllegalGeneration;
  if (state_ == GroupState::kCompletingRebalance && !transactional) return ErrorCode::kRebalanceInProgress;
  touch(*member, now);
  return ErrorCode::kNone;
}

protocol::LeaveGroupResponse ClassicGroup::leave(const protocol::LeaveGroupRequest& request, int16_t version,
                                                 const Now& now) {
  constexpr int16_t kSeveralMembers = 3;
  protocol::LeaveGroupResponse out;
  using Identity = protocol::LeaveGroupRequest::Member;
  std::vector<Identity> leaving = request.members;
  if (version < kSeveralMembers) leaving = {Identity{request.member_id, std::nullopt, std::nullopt}};
  for (const Identity& identity : leaving) {
    std::string member_id = identity.member_id;
    // An administrator knows the instance only.
    bool by_admin = member_id.empty() && identity.group_instance_id;
    if (by_admin && statics_.contains(*identity.group_instance_id))
      member_id = statics_.at(*identity.group_instance_id);
    ErrorCode error = ErrorCode::kNone;
    if (pending_.erase(member_id) > 0) {
      complete_join_if_all(now);
    } else if (find_member(member_id, identity.group_instance_id, error) != nullptr) {
      remove_member(member_id, by_admin ? RebalanceCause::kRemovedByAdmin : RebalanceCause::kLeft, identity.reason,
                    now);
    }
    if (version < kSeveralMembers) {
      out.error_code = static_cast<int16_t>(error);
    } else {
      out.members.push_back({identity.member_id, identity.group_instance_id, static_cast<int16_t>(error)});
    }
  }
  return out;
}

void ClassicGroup::die() {
  state_ = GroupState::kDead;
  end_rebalance(std::nullopt);
}

}  // namespace leat
