#include "protocol/offset_commit.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {
namespace {

using Request = protocol::OffsetCommitRequest;
using Response = protocol::OffsetCommitResponse;

constexpr int16_t kTopicsById = 10;

ErrorCode check_member(Broker& broker, const Request& request) {
  Groups& groups = broker.groups();
  if (request.group_id.empty() && request.generation_id_or_member_epoch >= 0) return ErrorCode::kInvalidGroupId;
  ClassicGroup* group = groups.find(request.group_id);
  if (group == nullptr) {
    // A consumer that assigns itself its partitions needs no group.
    return request.generation_id_or_member_epoch < 0 ? ErrorCode::kNone : ErrorCode::kIllegalGeneration;
  }
  ErrorCode error = group->check_commit(request.member_id, request.group_instance_id,
                                        request.generation_id_or_member_epoch, false, groups.now());
  groups.arm(*group);
  return error;
}

// The response as it is when everything goes well, and the events that make it so.
std::vector<BrokerEvent> collect(const Broker& broker, int16_t version, const Request& request, ErrorCode refused,
                                 Response& response) {
  std::vector<BrokerEvent> events;
  for (const auto& topic : request.topics) {
    const TopicInfo* info =
        version >= kTopicsById ? broker.state().topic(topic.topic_id) : broker.state().topic(topic.name);
    auto& out = response.topics.emplace_back();
    out.name = topic.name;
    out.topic_id = topic.topic_id;
    for (const auto& partition : topic.partitions) {
      ErrorCode error = refused;
      if (error == ErrorCode::kNone && info == nullptr) {
        error = version >= kTopicsById ? ErrorCode::kUnknownTopicId : ErrorCode::kUnknownTopicOrPartition;
      }
      bool exists = info != nullptr && partition.partition_index >= 0 && partition.partition_index < info->partitions;
      if (error == ErrorCode::kNone && !exists) error = ErrorCode::kUnknownTopicOrPartition;
      std::string metadata = partition.committed_metadata.value_or("");
      if (error == ErrorCode::kNone &&
          metadata.size() > static_cast<size_t>(broker.settings().offset_metadata_bytes_max)) {
        error = ErrorCode::kOffsetMetadataTooLarge;
      }
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

void commit(Broker& broker, int16_t version, const Request& request, Respond<protocol::OffsetCommit> respond) {
  auto response = std::make_shared<Response>();
  auto events = collect(broker, version, request, check_member(broker, request), *response);
  if (events.empty()) return respond(*response);
  broker.decide(
      [events = std::move(events)](const BrokerState&, WallTime) {
        return Decision<BrokerEvent, Status>{events, {}};
      },
      [response, respond = std::move(respond)](const Status& outcome) {
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
  service.serve<protocol::OffsetCommit>(2, 10, [&broker](const Call& call, const Request& request, auto respond) {
    commit(broker, call.version, request, std::move(respond));
  });
}

}  // namespace leat::api
