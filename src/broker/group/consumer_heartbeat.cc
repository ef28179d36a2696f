#include "broker/group/consumer_heartbeat.h"

#include <algorithm>

#include "broker/group/assignor.h"
#include "broker/group/reconcile.h"
#include "broker/group/topic_pattern.h"

namespace leat {
namespace {

using protocol::ErrorCode;
using Request = protocol::ConsumerGroupHeartbeatRequest;

PartitionsByTopic owned_of(const Request& request) {
  PartitionsByTopic out;
  for (const auto& topic : *request.topic_partitions) {
    if (!topic.partitions.empty()) out[topic.topic_id].insert(topic.partitions.begin(), topic.partitions.end());
  }
  return out;
}

bool is_subset(const PartitionsByTopic& part, const PartitionsByTopic& whole) {
  return std::all_of(part.begin(), part.end(), [&](const auto& entry) {
    auto found = whole.find(entry.first);
    return found != whole.end() &&
           std::includes(found->second.begin(), found->second.end(), entry.second.begin(), entry.second.end());
  });
}

ConsumerRefusal invalid(std::string message) {
  return {ErrorCode::kInvalidRequest, std::move(message)};
}

ConsumerRefusal check_joining(const Request& request) {
  if (request.rebalance_timeout_ms == -1) return invalid("RebalanceTimeoutMs must be provided in first request.");
  if (!request.topic_partitions || !request.topic_partitions->empty()) {
    return invalid("TopicPartitions must be empty when (re-)joining.");
  }
  if (!request.subscribed_topic_names && !request.subscribed_topic_regex) {
    return invalid("Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.");
  }
  return {};
}

bool is_full(const Request& request) {
  return request.member_epoch == 0 ||
         (request.rebalance_timeout_ms != -1 && request.topic_partitions.has_value() &&
          (request.subscribed_topic_names.has_value() || request.subscribed_topic_regex.has_value()));
}

}  // namespace

ConsumerRefusal check_heartbeat(const Request& request, int16_t version, const GroupSettings& settings) {
  constexpr int16_t kClientsNameMembers = 1;  // KIP-1082.
  bool has_name =
      version >= kClientsNameMembers || request.member_epoch > 0 || request.member_epoch == ConsumerMember::kLeaves;
  if (request.group_id.empty()) return invalid("GroupId can't be empty.");
  if (request.instance_id && request.instance_id->empty()) return invalid("InstanceId can't be empty.");
  if (request.rack_id && request.rack_id->empty()) return invalid("RackId can't be empty.");
  if (has_name && request.member_id.empty()) return invalid("MemberId can't be empty.");
  if (request.member_epoch < ConsumerMember::kAway) return invalid("MemberEpoch is invalid.");
  if (request.member_epoch == ConsumerMember::kAway && !request.instance_id) {
    return invalid("InstanceId can't be null.");
  }
  if (request.member_epoch == 0) {
    if (ConsumerRefusal refused = check_joining(request)) return refused;
  }
  const auto& known = settings.consumer_assignors;
  if (request.server_assignor && std::find(known.begin(), known.end(), *request.server_assignor) == known.end()) {
    std::string names;
    for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
    return {ErrorCode::kUnsupportedAssignor,
            "ServerAssignor " + *request.server_assignor + " is not supported. Supported assignors: " + names + "."};
  }
  if (request.subscribed_topic_regex && !request.subscribed_topic_regex->empty()) {
    auto compiled = TopicPattern::compile(*request.subscribed_topic_regex);
    if (!compiled) {
      return {ErrorCode::kInvalidRegularExpression,
              "SubscribedTopicRegex `" + *request.subscribed_topic_regex +
                  "` is not a valid regular expression: " + compiled.error().message + "."};
    }
  }
  return {};
}

RebalanceTrigger consumer_trigger(RebalanceCause cause, const ConsumerMember& member) {
  RebalanceTrigger out;
  out.cause = cause;
  out.member_id = member.id;
  out.instance_id = member.instance_id.value_or("");
  out.client_id = member.client_id;
  out.client_host = member.client_host;
  out.rebalance_timeout_ms = member.rebalance_timeout_ms;
  if (member.classic) out.session_timeout_ms = member.classic->session_timeout_ms;
  return out;
}

void ConsumerHeartbeat::trigger(RebalanceCause cause, const ConsumerMember& member) {
  triggers_.push_back(consumer_trigger(cause, member));
}

ConsumerRefusal ConsumerHeartbeat::check_epoch(const ConsumerMember& member, const PartitionsByTopic* owned) const {
  int32_t said = request_.member_epoch;
  if (said > member.epoch) {
    return {ErrorCode::kFencedMemberEpoch,
            "The consumer group member has a greater member epoch (" + std::to_string(said) +
                ") than the one known by the group coordinator (" + std::to_string(member.epoch) +
                "). The member must abandon all its partitions and rejoin."};
  }
  // The response that told it of the newer epoch may have been lost.
  bool may_be = group_.head().shares || (owned != nullptr && is_subset(*owned, member.assigned));
  bool lost = said == member.previous_epoch && may_be;
  if (said < member.epoch && !lost) {
    return {ErrorCode::kFencedMemberEpoch,
            "The consumer group member has a smaller member epoch (" + std::to_string(said) +
                ") than the one known by the group coordinator (" + std::to_string(member.epoch) +
                "). The member must abandon all its partitions and rejoin."};
  }
  return {};
}

ConsumerRefusal ConsumerHeartbeat::find(const HeartbeatSender& sender) {
  if (request_.instance_id) return find_static(sender);
  const ConsumerMember* member = group_.member(request_.member_id);
  is_new_ = member == nullptr;
  if (request_.member_epoch == 0) return {};
  if (is_new_) {
    return {ErrorCode::kUnknownMemberId,
            "Member " + request_.member_id + " is not a member of group " + request_.group_id + "."};
  }
  PartitionsByTopic owned = request_.topic_partitions ? owned_of(request_) : PartitionsByTopic();
  return check_epoch(*member, request_.topic_partitions ? &owned : nullptr);
}

ConsumerRefusal ConsumerHeartbeat::find_static(const HeartbeatSender& sender) {
  const std::string& instance = *request_.instance_id;
  const ConsumerMember* member = group_.static_member(instance);
  if (request_.member_epoch == 0) {
    is_new_ = member == nullptr && group_.member(request_.member_id) == nullptr;
    if (member == nullptr || member->id == request_.member_id) return {};
    // Those of the classic protocol cannot say that they will come back.
    bool released = member->epoch == ConsumerMember::kAway || member->classic || sender.classic;
    if (!released) {
      return {ErrorCode::kUnreleasedInstanceId,
              "Static member " + request_.member_id + " with instance id " + instance +
                  " cannot join the group because the instance id is owned by member " + member->id + "."};
    }
    // It takes the place, and the assignment, of its former self.
    ConsumerMember again = *member;
    group_.remove(again.id);
    again.id = request_.member_id;
    again.previous_epoch = 0;
    group_.edit(again.id) = again;
    replaces_ = true;
    return {};
  }
  if (member == nullptr) {
    return {ErrorCode::kUnknownMemberId, "Instance id " + instance + " is unknown."};
  }
  if (member->id != request_.member_id) {
    return {ErrorCode::kFencedInstanceId, "Static member " + request_.member_id + " with instance id " + instance +
                                              " was fenced by member " + member->id + "."};
  }
  PartitionsByTopic owned = request_.topic_partitions ? owned_of(request_) : PartitionsByTopic();
  return check_epoch(*member, request_.topic_partitions ? &owned : nullptr);
}

// True: what it subscribes to is different.
bool ConsumerHeartbeat::describe_itself(ConsumerMember& member, const HeartbeatSender& sender) {
  auto topics = member.topics;
  auto pattern = member.pattern;
  member.client_id = sender.client_id;
  member.client_host = sender.client_host;
  member.classic = sender.classic;
  if (request_.instance_id) member.instance_id = request_.instance_id;
  if (request_.rack_id) member.rack_id = request_.rack_id;
  if (request_.rebalance_timeout_ms != -1) member.rebalance_timeout_ms = request_.rebalance_timeout_ms;
  if (request_.server_assignor) member.assignor = request_.server_assignor;
  if (request_.subscribed_topic_regex) member.pattern = *request_.subscribed_topic_regex;
  if (request_.subscribed_topic_names) {
    member.topics = *request_.subscribed_topic_names;
    std::sort(member.topics.begin(), member.topics.end());
    member.topics.erase(std::unique(member.topics.begin(), member.topics.end()), member.topics.end());
  }
  return topics != member.topics || pattern != member.pattern;
}

ConsumerRefusal ConsumerHeartbeat::come(const HeartbeatSender& sender) {
  if (ConsumerRefusal refused = find(sender)) return refused;
  int32_t most = group_.head().shares ? settings_.share_max_size : settings_.consumer_max_size;
  if (is_new_ && group_.size() >= static_cast<size_t>(most)) {
    return {ErrorCode::kGroupMaxSizeReached,
            "The group has reached its maximum capacity of " + std::to_string(most) + " members."};
  }
  const std::string& id = request_.member_id;
  const ConsumerMember before = is_new_ ? ConsumerMember() : *group_.member(id);
  ConsumerMember after = before;
  after.id = id;
  bool subscribes_anew = describe_itself(after, sender);
  if (is_new_ || after != before) group_.edit(id) = after;
  if (is_new_) {
    trigger(RebalanceCause::kNewMember, after);
  } else if (subscribes_anew) {
    trigger(replaces_ ? RebalanceCause::kStaticMemberChanged : RebalanceCause::kSubscriptionChanged, after);
    triggers_.back().evidence.topics_before = before.topics;
    triggers_.back().evidence.topics_after = after.topics;
  } else if (after.assignor != before.assignor && choose_assignor(group_, settings_) != group_.head().assignor) {
    trigger(RebalanceCause::kAssignorChanged, after);
  }
  if (!triggers_.empty()) begin_epoch(group_, Subscriptions(group_, state_), settings_);
  bool said = request_.topic_partitions.has_value();
  PartitionsByTopic owned = said ? owned_of(request_) : PartitionsByTopic();
  reconcile(group_, id, said ? &owned : nullptr);
  bool says_all = is_full(request_) || (group_.head().shares && request_.subscribed_topic_names.has_value());
  answers_with_assignment_ = says_all || group_.member(id)->assigned != before.assigned;
  return {};
}

ConsumerRefusal ConsumerHeartbeat::leave() {
  const ConsumerMember* member =
      request_.instance_id ? group_.static_member(*request_.instance_id) : group_.member(request_.member_id);
  if (member == nullptr) {
    return {ErrorCode::kUnknownMemberId,
            "Member " + request_.member_id + " is not a member of group " + request_.group_id + "."};
  }
  if (member->id != request_.member_id) {
    return {ErrorCode::kFencedInstanceId, "Static member " + request_.member_id + " with instance id " +
                                              *request_.instance_id + " was fenced by member " + member->id + "."};
  }
  if (request_.member_epoch == ConsumerMember::kAway) {  // It keeps what it has, until its session ends.
    ConsumerMember& away = group_.edit(request_.member_id);
    away.epoch = ConsumerMember::kAway;
    away.state = MemberState::kStable;
    away.revoking.clear();
    return {};
  }
  trigger(RebalanceCause::kLeft, *member);
  group_.remove(request_.member_id);
  begin_epoch(group_, Subscriptions(group_, state_), settings_);
  return {};
}

}  // namespace leat
