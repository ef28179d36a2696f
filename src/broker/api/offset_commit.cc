#include "protocol/offset_commit.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"
#include "broker/request_checks.h"

namespace leat::api {
namespace {

constexpr int16_t kCommitsById = 10;

ErrorCode check_member(Broker& broker, const protocol::OffsetCommitRequest& request, int16_t version) {
  if (request.group_id.empty() && request.generation_id_or_member_epoch >= 0) return ErrorCode::kInvalidGroupId;
  return broker.groups().check_commit(request.group_id, request.member_id, request.group_instance_id,
                                      request.generation_id_or_member_epoch, false, version);
}

// The response as it is when everything goes well, and the events that make it so.
std::vector<BrokerEvent> collect(const Broker& broker, int16_t version, const protocol::OffsetCommitRequest& request,
                                 ErrorCode refused, protocol::OffsetCommitResponse& response) {
  std::vector<BrokerEvent> events;
  for (const auto& topic : request.topics) {
    const TopicInfo* info =
        version >= kCommitsById ? broker.state().topic(topic.topic_id) : broker.state().topic(topic.name);
    auto& out = response.topics.emplace_back();
    out.name = topic.name;
    out.topic_id = topic.topic_id;
    for (const auto& partition : topic.partitions) {
      ErrorCode error = refused;
      bool by_unknown_id = version >= kCommitsById && info == nullptr;
      if (error == ErrorCode::kNone && by_unknown_id) error = ErrorCode::kUnknownTopicId;
      std::string metadata = partition.committed_metadata.value_or("");
      if (error == ErrorCode::kNone) error = check_position(broker, info, partition.partition_index, metadata);
      out.partitions.push_back({partition.partition_index, code(error)});
      if (error != ErrorCode::kNone) continue;
      events.emplace_back(broker_event::OffsetCommitted{
          request.group_id,
          {info->name, PartitionId{partition.partition_index}},
          {Offset{partition.committed_offset}, partition.committed_leader_epoch, metadata, broker.wall()}});
    }
  }
  return events;
}

// How far the positions would move, where there is one already.
int64_t records_committed(const Broker& broker, const protocol::OffsetCommitRequest& request) {
  auto known = broker.state().offsets().find(request.group_id);
  int64_t out = -1;
  if (known == broker.state().offsets().end()) return out;
  for (const auto& topic : request.topics) {
    for (const auto& partition : topic.partitions) {
      auto before = known->second.find({topic.name, PartitionId{partition.partition_index}});
      if (before == known->second.end()) continue;
      out = std::max<int64_t>(out, 0) + std::max<int64_t>(0, partition.committed_offset - before->second.offset.value);
    }
  }
  return out;
}

void commit(Broker& broker, const Call& call, const protocol::OffsetCommitRequest& request,
            Respond<protocol::OffsetCommit> respond) {
  auto response = std::make_shared<protocol::OffsetCommitResponse>();
  ErrorCode refused = check_member(broker, request, call.version);
  broker.groups().observer().committed(call, {request.group_id, request.member_id, request.group_instance_id}, refused,
                                       records_committed(broker, request));
  auto events = collect(broker, call.version, request, refused, *response);
  if (events.empty()) return respond(*response);
  broker.record(std::move(events), [response, respond = std::move(respond)](const Status& outcome) {
    for (auto& topic : response->topics) {
      for (auto& partition : topic.partitions) {
        if (!outcome && partition.error_code == 0) partition.error_code = code(ErrorCode::kCoordinatorNotAvailable);
      }
    }
    respond(*response);
  });
}

}  // namespace

void serve_offset_commit(Service& service, Broker& broker) {
  service.serve<protocol::OffsetCommit>(
      2, 10, [&broker](const Call& call, const protocol::OffsetCommitRequest& request, auto respond) {
        commit(broker, call, request, std::move(respond));
      });
}

}  // namespace leat::api
