#include <algorithm>

#include "broker/group/classic_group.h"

namespace leat {

using protocol::JoinGroupResponse;

namespace {

JoinGroupResponse refused(protocol::ErrorCode error, const std::string& member_id) {
  JoinGroupResponse out;
  out.error_code = static_cast<int16_t>(error);
  out.member_id = member_id;
  out.protocol_name = "";
  return out;
}

std::vector<GroupMember::Protocol> protocols_of(const protocol::JoinGroupRequest& request) {
  std::vector<GroupMember::Protocol> out;
  for (const auto& protocol : request.protocols) out.push_back({protocol.name, Bytes(protocol.metadata)});
  return out;
}

}  // namespace

void ClassicGroup::join(const Call& call, const JoinRequest& request, JoinRespond respond, const Now& now) {
  ErrorCode error = check_join(request);
  if (error != ErrorCode::kNone) return respond(refused(error, request.member_id));
  if (request.member_id.empty()) {
    auto known = request.group_instance_id ? statics_.find(*request.group_instance_id) : statics_.end();
    if (known != statics_.end()) {
      return join_static_again(call, request, std::move(respond), std::string(known->second), now);
    }
    return join_new(call, request, std::move(respond), now);
  }
  if (pending_.contains(request.member_id)) {
    return add_member(request.member_id, call, request, std::move(respond), now);
  }
  GroupMember* member = find_member(request.member_id, request.group_instance_id, error);
  if (member == nullptr) return respond(refused(error, request.member_id));
  join_known(call, request, std::move(respond), *member, now);
}

ClassicGroup::ErrorCode ClassicGroup::check_join(const JoinRequest& request) const {
  if (state_ == GroupState::kDead) return ErrorCode::kCoordinatorNotAvailable;
  if (request.session_timeout_ms < settings_.min_session_timeout_ms ||
      request.session_timeout_ms > settings_.max_session_timeout_ms) {
    return ErrorCode::kInvalidSessionTimeout;
  }
  if (request.protocol_type.empty() || request.protocols.empty()) return ErrorCode::kInconsistentGroupProtocol;
  auto others = std::count_if(members_.begin(), members_.end(),
                              [&](const auto& entry) { return entry.first != request.member_id; });
  if (others == 0) return ErrorCode::kNone;
  if (protocol_type_ && *protocol_type_ != request.protocol_type) return ErrorCode::kInconsistentGroupProtocol;
  bool common = std::any_of(request.protocols.begin(), request.protocols.end(), [&](const auto& protocol) {
    return std::all_of(members_.begin(), members_.end(), [&](const auto& entry) {
      return entry.first == request.member_id || entry.second.metadata_of(protocol.name) != nullptr;
    });
  });
  return common ? ErrorCode::kNone : ErrorCode::kInconsistentGroupProtocol;
}

void ClassicGroup::join_new(const Call& call, const JoinRequest& request, JoinRespond respond, const Now& now) {
  if (members_.size() + pending_.size() >= static_cast<size_t>(settings_.max_size)) {
    return respond(refused(ErrorCode::kGroupMaxSizeReached, ""));
  }
  std::string member_id = listener_.new_member_id(request.group_instance_id.value_or(call.client->id));
  // From version 4 on a client comes back with the id that it is given, so that one that goes away in between leaves
  // no member behind (KIP-394).
  constexpr int16_t kComesBack = 4;
  if (call.version >= kComesBack && !request.group_instance_id) {
    pending_[member_id] = {now.monotonic.value + int64_t{request.session_timeout_ms} * kNsPerMs};
    return respond(refused(ErrorCode::kMemberIdRequired, member_id));
  }
  add_member(member_id, call, request, std::move(respond), now);
}

void ClassicGroup::add_member(const std::string& member_id, const Call& call, const JoinRequest& request,
                              JoinRespond respond, const Now& now) {
  pending_.erase(member_id);
  GroupMember& member = members_[member_id];
  member.id = member_id;
  member.instance_id = request.group_instance_id;
  member.is_new = true;
  if (member.instance_id) statics_[*member.instance_id] = member_id;
  update_member(member, call, request);
  protocol_type_ = request.protocol_type;
  member.joining = std::move(respond);
  // A client of before KIP-394 may have gone without a trace: then its place is not kept for ever.
  member.deadline = {now.monotonic.value + settings_.new_member_timeout_ms * kNsPerMs};
  prepare_rebalance(RebalanceCause::kNewMember, member, request.reason, now);
}

// True: something changed that the leader must see.
bool ClassicGroup::update_member(GroupMember& member, const Call& call, const JoinRequest& request) {
  auto protocols = protocols_of(request);
  bool changed = protocols != member.protocols;
  member.protocols = std::move(protocols);
  member.client_id = call.client->id;
  member.client_host = call.client->peer.host;
  member.session_timeout_ms = request.session_timeout_ms;
  // Version 0 has one time-out for both.
  member.rebalance_timeout_ms =
      request.rebalance_timeout_ms < 0 ? request.session_timeout_ms : request.rebalance_timeout_ms;
  return changed;
}

// A static member that was started again: it takes the place, and the assignment, of its former self.
void ClassicGroup::join_static_again(const Call& call, const JoinRequest& request, JoinRespond respond,
                                     const std::string& old_id, const Now& now) {
  std::string member_id = listener_.new_member_id(*request.group_instance_id);
  auto node = members_.extract(old_id);
  node.key() = member_id;
  GroupMember& member = members_.insert(std::move(node)).position->second;
  JoinGroupResponse fenced = refused(ErrorCode::kFencedInstanceId, old_id);
  if (auto old = std::exchange(member.joining, nullptr)) old(fenced);
  if (auto old = std::exchange(member.syncing, nullptr)) {
    protocol::SyncGroupResponse response;
    response.error_code = fenced.error_code;
    old(response);
  }
  member.id = member_id;
  statics_[*request.group_instance_id] = member_id;
  std::string leader_before = leader_;
  if (leader_ == old_id) leader_ = member_id;
  update_member(member, call, request);
  touch(member, now);
  // What else it says does not matter, as in Kafka: sticky clients tell there what they owned, which is less after a
  // start, and a client whose subscription does not match what it gets joins again by itself.
  bool same = preferred_protocol() == protocol_;
  listener_.instance_taken(id_, *request.group_instance_id, old_id, member_id, state_ != GroupState::kStable || !same);
  if (state_ == GroupState::kStable && same) {
    // Nobody assigns anew. A client that knows of this (version 9, KIP-814) is told; another one is made to think that
    // the leader is somebody else.
    constexpr int16_t kKnowsOfSkipping = 9;
    JoinGroupResponse response = generation_for(member);
    response.skip_assignment = call.version >= kKnowsOfSkipping && leader_ == member_id;
    if (call.version < kKnowsOfSkipping) {
      response.leader = leader_before;
      response.members.clear();
    }
    return respond(response);
  }
  member.joining = std::move(respond);
  if (state_ == GroupState::kPreparingRebalance) return complete_join_if_all(now);
  prepare_rebalance(RebalanceCause::kStaticMemberChanged, member, request.reason, now);
}

void ClassicGroup::join_known(const Call& call, const JoinRequest& request, JoinRespond respond, GroupMember& member,
                              const Now& now) {
  bool changed = update_member(member, call, request);
  touch(member, now);
  bool leads = member.id == leader_;
  bool answer_now =
      (state_ == GroupState::kCompletingRebalance && !changed) || (state_ == GroupState::kStable && !changed && !leads);
  if (answer_now) return respond(generation_for(member));
  member.joining = std::move(respond);
  if (state_ == GroupState::kPreparingRebalance) return complete_join_if_all(now);
  RebalanceCause cause = state_ == GroupState::kCompletingRebalance ? RebalanceCause::kJoinedAgain
                         : changed                                  ? RebalanceCause::kSubscriptionChanged
                                                                    : RebalanceCause::kLeaderRejoined;
  prepare_rebalance(cause, member, request.reason, now);
}

JoinGroupResponse ClassicGroup::generation_for(const GroupMember& member) const {
  JoinGroupResponse out;
  out.generation_id = generation_;
  out.protocol_type = protocol_type_;
  out.protocol_name = protocol_;
  out.leader = leader_;
  out.member_id = member.id;
  if (member.id != leader_) return out;
  for (const auto& [id, other] : members_) {
    const Bytes* metadata = other.metadata_of(protocol_);
    out.members.push_back({id, other.instance_id, metadata != nullptr ? BytesView(*metadata) : BytesView()});
  }
  return out;
}

}  // namespace leat
