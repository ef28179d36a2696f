#include "client/groups.h"

#include <algorithm>

#include "base/units.h"
#include "protocol/consumer_group_describe.h"
#include "protocol/delete_groups.h"
#include "protocol/describe_groups.h"
#include "protocol/list_groups.h"

namespace leat::client {
namespace {

using protocol::ConsumerGroupDescribe;
using protocol::DeleteGroups;
using protocol::DescribeGroups;
using protocol::ErrorCode;
using protocol::ListGroups;

constexpr auto kNoSuchGroup = static_cast<int16_t>(ErrorCode::kGroupIdNotFound);

// ConsumerProtocolSubscription and ConsumerProtocolAssignment, version 0 of each; what later ones add follows it.
struct TopicPartitions {
  std::string topic;
  std::vector<int32_t> partitions;
};

std::vector<std::string> decode_subscription(BytesView bytes) {
  Decoder in(bytes, false);
  int16_t version = 0;
  std::vector<std::string> topics;
  in(version);
  in(topics);
  if (!in.status()) topics.clear();
  std::sort(topics.begin(), topics.end());
  return topics;
}

std::set<TopicPartition> decode_assignment(BytesView bytes) {
  std::set<TopicPartition> out;
  Decoder in(bytes, false);
  int16_t version = 0;
  std::vector<TopicPartitions> topics;
  in(version);
  in.array(topics, [&](TopicPartitions& each) {
    in(each.topic);
    in(each.partitions);
  });
  if (!in.status()) return out;
  for (const TopicPartitions& each : topics) {
    for (int32_t number : each.partitions) out.insert({each.topic, PartitionId{number}});
  }
  return out;
}

GroupDescription classic_group(const DescribeGroups::Response::Group& from) {
  GroupDescription out{from.group_id, from.group_state, "classic", from.protocol_data, -1, -1, {}};
  for (const auto& member : from.members) {
    GroupMember& into = out.members.emplace_back();
    into.id = member.member_id;
    into.instance_id = member.group_instance_id.value_or("");
    into.client_id = member.client_id;
    into.host = member.client_host;
    if (from.protocol_type != "consumer") continue;  // Connect's, say, have bytes of another kind.
    into.subscription = decode_subscription(member.member_metadata);
    into.assignment = decode_assignment(member.member_assignment);
  }
  return out;
}

GroupDescription consumer_group(const ConsumerGroupDescribe::Response::Group& from) {
  GroupDescription out{from.group_id, from.group_state, "consumer", from.assignor_name, -1, from.group_epoch, {}};
  for (const auto& member : from.members) {
    GroupMember& into = out.members.emplace_back();
    into.id = member.member_id;
    into.instance_id = member.instance_id.value_or("");
    into.client_id = member.client_id;
    into.host = member.client_host;
    into.subscription = member.subscribed_topic_names;
    for (const auto& topic : member.assignment.topic_partitions) {
      for (int32_t number : topic.partitions) into.assignment.insert({topic.topic_name, PartitionId{number}});
    }
  }
  return out;
}

template <class Api>
int16_t first_error(const typename Api::Response& response) {
  return response.groups.empty() ? int16_t{0} : response.groups[0].error_code;
}

// nullopt: the coordinator knows no such group, or is too old for the question.
Result<std::optional<GroupDescription>> describe_consumer_group(Cluster& cluster, const std::string& id) {
  ConsumerGroupDescribe::Request request;
  request.group_ids = {id};
  auto answer = cluster.at_coordinator<ConsumerGroupDescribe>(CoordinatorType::kGroup, id, request,
                                                              first_error<ConsumerGroupDescribe>);
  if (!answer && answer.error().code == Errc::kUnsupported) return std::optional<GroupDescription>();
  if (!answer) return answer.error();
  if ((*answer)->groups.size() != 1) return Error{Errc::kCorruption, "ConsumerGroupDescribe: not one group"};
  const auto& group = (*answer)->groups[0];
  auto code = static_cast<ErrorCode>(group.error_code);
  bool other = code == ErrorCode::kGroupIdNotFound || code == ErrorCode::kUnsupportedVersion;
  if (other) return std::optional<GroupDescription>();
  TRY(kafka_status("group '" + id + "'", group.error_code, group.error_message));
  return std::optional(consumer_group(group));
}

Result<std::optional<GroupDescription>> describe_classic_group(Cluster& cluster, const std::string& id) {
  DescribeGroups::Request request;
  request.groups = {id};
  TRY_ASSIGN(auto answer,
             cluster.at_coordinator<DescribeGroups>(CoordinatorType::kGroup, id, request, first_error<DescribeGroups>));
  if (answer->groups.size() != 1) return Error{Errc::kCorruption, "DescribeGroups: not one group"};
  const auto& group = answer->groups[0];
  if (group.error_code == kNoSuchGroup || group.group_state == "Dead") return std::optional<GroupDescription>();
  TRY(kafka_status("group '" + id + "'", group.error_code, group.error_message));
  return std::optional(classic_group(group));
}

Error no_such_group(Cluster& cluster, const std::string& id) {
  std::vector<std::string> names;
  if (auto all = list_groups(cluster)) {
    for (const GroupListing& each : *all) {
      if (each.id == id) return {Errc::kUnsupported, "group '" + id + "' is of type " + each.type};
      names.push_back(each.id);
    }
  }
  std::string near = did_you_mean(id, names);
  return {Errc::kNotFound, "no group '" + id + "'" + (near.empty() ? "; `leat group ls` lists them" : near)};
}

}  // namespace

Result<std::vector<GroupListing>> list_groups(Cluster& cluster) {
  std::vector<GroupListing> out;
  auto brokers = cluster.brokers();  // A copy: the calls may learn of others.
  for (const auto& [node, at] : brokers) {
    Retry attempts = cluster.retry();
    while (true) {
      TRY_ASSIGN(auto answer, cluster.call<ListGroups>(node, {}));
      if (passes(answer->error_code) && attempts.again()) continue;
      TRY(kafka_status(at.to_string() + ": ListGroups", answer->error_code));
      for (const auto& each : answer->groups) {
        out.push_back({each.group_id, each.group_state, each.group_type, each.protocol_type});
      }
      break;
    }
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return out;
}

Result<GroupDescription> describe_group(Cluster& cluster, const std::string& id) {
  TRY_ASSIGN(auto found, describe_consumer_group(cluster, id));
  if (!found) {
    TRY_ASSIGN(found, describe_classic_group(cluster, id));
  }
  if (!found) return no_such_group(cluster, id);
  TRY_ASSIGN(found->coordinator, cluster.coordinator(CoordinatorType::kGroup, id, cluster.retry().deadline()));
  auto before = [](const GroupMember& a, const GroupMember& b) {
    return std::tie(a.client_id, a.id) < std::tie(b.client_id, b.id);
  };
  std::sort(found->members.begin(), found->members.end(), before);
  return *std::move(found);
}

Status delete_group(Cluster& cluster, const std::string& id) {
  DeleteGroups::Request request;
  request.groups_names = {id};
  auto code_of = [](const DeleteGroups::Response& response) {
    return response.results.empty() ? int16_t{0} : response.results[0].error_code;
  };
  TRY_ASSIGN(auto answer, cluster.at_coordinator<DeleteGroups>(CoordinatorType::kGroup, id, request, code_of));
  if (answer->results.size() != 1) return Error{Errc::kCorruption, "DeleteGroups: the answer is not about one group"};
  if (answer->results[0].error_code == kNoSuchGroup) return no_such_group(cluster, id);
  return kafka_status("DeleteGroups of '" + id + "'", answer->results[0].error_code);
}

}  // namespace leat::client
