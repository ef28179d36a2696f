// What groups have committed.
#include "client/groups.h"
#include "protocol/offset_commit.h"
#include "protocol/offset_fetch.h"

namespace leat::client {
namespace {

using protocol::OffsetCommit;
using protocol::OffsetFetch;

// Version 10 has ids in the place of topics' names.
constexpr CallOptions kNamesOnly{9};

using Offsets = std::map<TopicPartition, GroupOffset>;

template <class Topics>
int16_t first_error(const Topics& topics) {
  for (const auto& topic : topics) {
    for (const auto& partition : topic.partitions) {
      if (partition.error_code != 0) return partition.error_code;
    }
  }
  return 0;
}

int16_t error_of(const OffsetFetch::Response& response) {
  if (response.error_code != 0) return response.error_code;
  for (const auto& group : response.groups) {
    if (group.error_code != 0) return group.error_code;
    if (int16_t code = first_error(group.topics); code != 0) return code;
  }
  return first_error(response.topics);
}

template <class Topics>
void take(const Topics& topics, Offsets& out) {
  for (const auto& topic : topics) {
    for (const auto& each : topic.partitions) {
      if (each.committed_offset < 0) continue;
      out[{topic.name, PartitionId{each.partition_index}}] = {Offset{each.committed_offset},
                                                              each.metadata.value_or("")};
    }
  }
}

}  // namespace

Result<Offsets> committed_offsets(Cluster& cluster, const std::string& id) {
  OffsetFetch::Request request;
  request.group_id = id;
  request.topics.reset();  // All of them.
  request.require_stable = true;
  auto& group = request.groups.emplace_back();
  group.group_id = id;
  group.topics.reset();
  TRY_ASSIGN(auto answer,
             cluster.at_coordinator<OffsetFetch>(CoordinatorType::kGroup, id, request, error_of, kNamesOnly));
  TRY(kafka_status("OffsetFetch of group '" + id + "'", error_of(*answer)));
  Offsets out;
  take(answer->topics, out);
  for (const auto& each : answer->groups) take(each.topics, out);
  return out;
}

Status commit_offsets(Cluster& cluster, const std::string& id, const Offsets& offsets) {
  OffsetCommit::Request request;
  request.group_id = id;
  request.generation_id_or_member_epoch = -1;  // Of no member.
  for (const auto& [partition, committed] : offsets) {
    if (request.topics.empty() || request.topics.back().name != partition.topic) {
      request.topics.emplace_back().name = partition.topic;
    }
    auto& into = request.topics.back().partitions.emplace_back();
    into.partition_index = partition.partition.value;
    into.committed_offset = committed.offset.value;
    into.committed_metadata = committed.metadata;
  }
  auto code_of = [](const OffsetCommit::Response& response) { return first_error(response.topics); };
  TRY_ASSIGN(auto answer,
             cluster.at_coordinator<OffsetCommit>(CoordinatorType::kGroup, id, request, code_of, kNamesOnly));
  int16_t code = code_of(*answer);
  bool has_members = code == static_cast<int16_t>(protocol::ErrorCode::kUnknownMemberId);
  if (has_members) {
    return Error{Errc::kConflict, "group '" + id + "' has members: only they may commit its offsets"};
  }
  return kafka_status("OffsetCommit of group '" + id + "'", code);
}

}  // namespace leat::client
