// Members of the classic protocol in groups of KIP-848, and the end of such a group when only they are left.
#include "broker/broker.h"
#include "broker/group/consumer_groups.h"
#include "broker/group/generation_codec.h"
#include "broker/group/reconcile.h"
#include "explain/consumer_protocol.h"

namespace leat {
namespace {

using protocol::ErrorCode;

protocol::JoinGroupResponse refused_join(ErrorCode error, const std::string& member_id) {
  protocol::JoinGroupResponse out;
  out.error_code = static_cast<int16_t>(error);
  out.member_id = member_id;
  out.protocol_name = "";
  return out;
}

ClassicSide classic_side(const protocol::JoinGroupRequest& request) {
  ClassicSide out;
  out.session_timeout_ms = request.session_timeout_ms;
  for (const auto& protocol : request.protocols) out.protocols.emplace_back(protocol.name, Bytes(protocol.metadata));
  return out;
}

ErrorCode check_join(const protocol::JoinGroupRequest& request, const ConsumerGroupDraft& group,
                     const ClassicSide& side, const GroupSettings& settings) {
  if (side.session_timeout_ms < settings.min_session_timeout_ms ||
      side.session_timeout_ms > settings.max_session_timeout_ms) {
    return ErrorCode::kInvalidSessionTimeout;
  }
  bool fits = request.protocol_type == "consumer" && !side.protocols.empty() &&
              has_common_protocol(group, side.protocols) && decode_subscription(side.protocols.front().second);
  if (!fits) return ErrorCode::kInconsistentGroupProtocol;
  if (request.member_id.empty() || !request.group_instance_id) return ErrorCode::kNone;
  const ConsumerMember* known = group.static_member(*request.group_instance_id);
  if (known == nullptr) return ErrorCode::kUnknownMemberId;
  return known->id == request.member_id ? ErrorCode::kNone : ErrorCode::kFencedInstanceId;
}

// What the same member would say in a heartbeat. `member_id`: its own, or one that it is given.
protocol::ConsumerGroupHeartbeatRequest as_heartbeat(const protocol::JoinGroupRequest& request,
                                                     const std::string& member_id, const BrokerState& state) {
  ConsumerSubscription subscription = *decode_subscription(request.protocols.front().metadata);  // Was checked.
  protocol::ConsumerGroupHeartbeatRequest out;
  out.group_id = request.group_id;
  out.member_id = member_id;
  out.instance_id = request.group_instance_id;
  if (!subscription.rack.empty()) out.rack_id = subscription.rack;
  out.rebalance_timeout_ms =
      request.rebalance_timeout_ms < 0 ? request.session_timeout_ms : request.rebalance_timeout_ms;
  out.subscribed_topic_names = std::move(subscription.topics);
  out.subscribed_topic_regex = "";
  out.topic_partitions.emplace();
  for (const auto& [topic, indexes] : by_id(state, subscription.owned)) {
    out.topic_partitions->push_back({topic, {indexes.begin(), indexes.end()}});
  }
  return out;
}

}  // namespace

void ConsumerGroups::join(const Call& call, const protocol::JoinGroupRequest& request,
                          Respond<protocol::JoinGroup> respond) {
  const std::string& group = request.group_id;
  ConsumerGroupDraft draft(group, broker_.state().consumer_group(group));
  HeartbeatSender sender{call.client->id, call.client->peer.host, classic_side(request)};
  const GroupSettings& settings = broker_.settings().group;
  ErrorCode error = check_join(request, draft, *sender.classic, settings);
  if (error != ErrorCode::kNone) return respond(refused_join(error, request.member_id));
  const auto& instance = request.group_instance_id;
  std::string member_id = request.member_id;
  if (member_id.empty()) {
    member_id = listener_.new_member_id(instance.value_or(call.client->id));
    constexpr int16_t kComesBack = 4;  // KIP-394.
    if (call.version >= kComesBack && !instance) return respond(refused_join(ErrorCode::kMemberIdRequired, member_id));
  }
  const ConsumerMember* former = instance ? draft.static_member(*instance) : nullptr;
  std::string former_id = former != nullptr ? former->id : member_id;
  auto heartbeat = as_heartbeat(request, member_id, broker_.state());
  ConsumerHeartbeat step(draft, heartbeat, broker_.state(), settings);
  ConsumerRefusal refusal = step.come(sender);
  if (refusal) return respond(refused_join(refusal.error, request.member_id));
  auto triggers = step.triggers();
  for (RebalanceTrigger& trigger : triggers) {
    trigger.software_name = call.client->software_name;
    trigger.software_version = call.client->software_version;
    trigger.client_reason = request.reason.value_or("");
  }
  if (former_id != member_id) listener_.instance_taken(group, *instance, former_id, member_id, !triggers.empty());
  const ConsumerMember member = *draft.member(member_id);
  protocol::JoinGroupResponse response;
  response.generation_id = member.epoch;
  response.protocol_type = "consumer";
  response.protocol_name = member.classic->protocols.front().first;
  response.member_id = member_id;
  live_[group].sessions[member_id] = {broker_.monotonic().value + member.classic->session_timeout_ms * kNsPerMs};
  live_[group].expected.erase(member_id);
  decide(group, draft, std::move(triggers), {}, [response, respond = std::move(respond)](const Status& outcome) {
    respond(outcome ? response : refused_join(ErrorCode::kCoordinatorNotAvailable, response.member_id));
  });
  expect(group, member, RebalanceCause::kSyncTimeout);
}

void ConsumerGroups::sync(const protocol::SyncGroupRequest& request, Respond<protocol::SyncGroup> respond) {
  protocol::SyncGroupResponse response;
  auto refuse = [&](ErrorCode code) {
    response.error_code = static_cast<int16_t>(code);
    respond(response);
  };
  ErrorCode error = ErrorCode::kNone;
  const std::string& group = request.group_id;
  const ConsumerMember* member = find_classic(group, request.member_id, request.group_instance_id, error);
  if (member == nullptr) return refuse(error);
  if (request.generation_id != member->epoch) return refuse(ErrorCode::kIllegalGeneration);
  const auto& [name, metadata] = member->classic->protocols.front();
  bool other_protocol = (request.protocol_type && *request.protocol_type != "consumer") ||
                        (request.protocol_name && *request.protocol_name != name);
  if (other_protocol) return refuse(ErrorCode::kInconsistentGroupProtocol);
  // A newer epoch has begun. Whoever has to give partitions up first learns which from the assignment.
  bool is_old = broker_.state().consumer_group(group)->head.epoch > member->epoch;
  if (is_old && member->state != MemberState::kUnrevoked) {
    expect(group, *member, RebalanceCause::kRebalanceTimeout);
    return refuse(ErrorCode::kRebalanceInProgress);
  }
  live_[group].expected.erase(member->id);
  auto subscription = decode_subscription(metadata);
  Bytes assignment =
      encode_assignment(by_name(broker_.state(), member->assigned), subscription ? subscription->version : int16_t{0});
  response.protocol_type = "consumer";
  response.protocol_name = name;
  response.assignment = assignment;
  respond(response);
}

ErrorCode ConsumerGroups::heartbeat(const protocol::HeartbeatRequest& request) {
  ErrorCode error = ErrorCode::kNone;
  const std::string& id = request.group_id;
  const ConsumerMember* member = find_classic(id, request.member_id, request.group_instance_id, error);
  if (member == nullptr) return error;
  if (request.generation_id != member->epoch) return ErrorCode::kIllegalGeneration;
  live_[id].sessions[member->id] = {broker_.monotonic().value + member->classic->session_timeout_ms * kNsPerMs};
  const ConsumerGroupState& group = *broker_.state().consumer_group(id);
  bool gets_more =
      member->state == MemberState::kUnreleased && !waits_for_others(ConsumerGroupDraft(id, &group), *member);
  bool must_join = member->epoch < group.head.epoch || member->state == MemberState::kUnrevoked || gets_more;
  if (!must_join) return ErrorCode::kNone;
  expect(id, *member, RebalanceCause::kRebalanceTimeout);
  return ErrorCode::kRebalanceInProgress;
}

const ConsumerMember* ConsumerGroups::find_classic(const std::string& group_id, const std::string& member_id,
                                                   const std::optional<std::string>& instance_id,
                                                   ErrorCode& error) const {
  error = ErrorCode::kUnknownMemberId;
  const ConsumerGroupState* group = broker_.state().consumer_group(group_id);
  if (group == nullptr) return nullptr;
  const ConsumerMember* known = instance_id ? ConsumerGroupDraft(group_id, group).static_member(*instance_id) : nullptr;
  if (known != nullptr && known->id != member_id) error = ErrorCode::kFencedInstanceId;
  auto found = group->members.find(member_id);
  bool is_it = found != group->members.end() && found->second.classic && (!instance_id || known == &found->second);
  return is_it ? &found->second : nullptr;
}

// Once told, it has its max.poll.interval.ms for it, however often it is told again.
void ConsumerGroups::expect(const std::string& group, const ConsumerMember& member, RebalanceCause otherwise) {
  Live& live = live_[group];
  Instant deadline{broker_.monotonic().value + member.rebalance_timeout_ms * kNsPerMs};
  auto [entry, is_new] = live.expected.try_emplace(member.id, Expected{otherwise, deadline});
  if (!is_new && entry->second.cause != otherwise) entry->second = {otherwise, deadline};
  arm(group, live);
}

// The last member of this protocol has gone, and those that are left can go on by themselves.
bool ConsumerGroups::becomes_classic(const ConsumerGroupState* before, const ConsumerGroupDraft& draft) const {
  const std::string& policy = broker_.settings().group.consumer_migration_policy;
  if (policy != "bidirectional" && policy != "downgrade") return false;
  size_t size = draft.size();
  bool shrinks = before != nullptr && size < before->members.size() && size > 0;
  if (!shrinks || size > static_cast<size_t>(broker_.settings().group.max_size)) return false;
  bool all = true;
  draft.for_each([&all](const ConsumerMember& member) { all &= member.classic.has_value(); });
  return all;
}

void ConsumerGroups::give_back(const std::string& id, const ConsumerGroupDraft& draft,
                               const std::vector<RebalanceTrigger>& triggers, std::function<void(const Status&)> done) {
  const ConsumerGroupHead& head = broker_.state().consumer_group(id)->head;
  Generation generation = as_generation(draft, head.epoch, broker_.state());
  auto& rebalance = live_[id].rebalance;
  if (rebalance) listener_.rebalanced(id, *rebalance);  // Given up for the one that follows.
  broker_.record(
      {broker_event::ConsumerGroupForgotten{id}, broker_event::GenerationSaved{id, encode_generation(generation)}},
      std::move(done));
  forget(id);
  listener_.became_classic(id, generation, triggers);
}

}  // namespace leat
