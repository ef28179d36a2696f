#include "protocol/alter_share_group_offsets.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {
namespace {

ErrorCode check_group(Broker& broker, const std::string& id) {
  if (id.empty()) return ErrorCode::kInvalidGroupId;
  GroupKind kind = broker.groups().kind(id);
  if (kind == GroupKind::kNone) return ErrorCode::kNone;  // It is made.
  if (kind != GroupKind::kShare) return ErrorCode::kGroupIdNotFound;
  return broker.state().consumer_group(id)->members.empty() ? ErrorCode::kNone : ErrorCode::kNonEmptyGroup;
}

void alter(Broker& broker, const protocol::AlterShareGroupOffsetsRequest& request,
           Respond<protocol::AlterShareGroupOffsets> respond) {
  auto response = std::make_shared<protocol::AlterShareGroupOffsetsResponse>();
  response->error_code = code(check_group(broker, request.group_id));
  if (response->error_code != 0) return respond(*response);
  std::vector<BrokerEvent> events;
  if (broker.groups().kind(request.group_id) == GroupKind::kNone) {
    ConsumerGroupHead head;
    head.shares = true;
    events.emplace_back(broker_event::ConsumerGroupSaved{request.group_id, head});
  }
  for (const auto& topic : request.topics) {
    auto& out = response->responses.emplace_back();
    out.topic_name = topic.topic_name;
    const TopicInfo* info = broker.state().topic(topic.topic_name);
    if (info != nullptr) out.topic_id = info->id;
    for (const auto& partition : topic.partitions) {
      int32_t index = partition.partition_index;
      bool exists = info != nullptr && index >= 0 && index < info->partitions;
      ErrorCode error = !exists                      ? ErrorCode::kUnknownTopicOrPartition
                        : partition.start_offset < 0 ? ErrorCode::kInvalidRequest
                                                     : ErrorCode::kNone;
      out.partitions.push_back({index, code(error), std::nullopt});
      if (error != ErrorCode::kNone) continue;
      ShareDelta moved;
      moved.start = partition.start_offset;
      TopicPartition name{topic.topic_name, PartitionId{index}};
      broker.groups().shares().forget(request.group_id, name);
      events.emplace_back(broker_event::ShareProgressed{request.group_id, std::move(name), std::move(moved)});
    }
  }
  broker.record(std::move(events), [response, respond = std::move(respond)](const Status& outcome) {
    if (!outcome) response->error_code = code(ErrorCode::kCoordinatorNotAvailable);
    respond(*response);
  });
}

}  // namespace

void serve_alter_share_group_offsets(Service& service, Broker& broker) {
  service.serve<protocol::AlterShareGroupOffsets>(
      0, 0, [&broker](const Call&, const protocol::AlterShareGroupOffsetsRequest& request, auto respond) {
        alter(broker, request, std::move(respond));
      });
}

}  // namespace leat::api
