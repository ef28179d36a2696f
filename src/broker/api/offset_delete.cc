#include "protocol/offset_delete.h"

#include <algorithm>

#include "broker/api/api.h"
#include "broker/group/groups.h"
#include "explain/consumer_protocol.h"

namespace leat::api {
namespace {

bool subscribes(const ClassicGroup& group, const std::string& topic) {
  return std::any_of(group.members().begin(), group.members().end(), [&](const auto& entry) {
    const Bytes* metadata = entry.second.metadata_of(group.protocol());
    auto subscription = decode_subscription(metadata != nullptr ? BytesView(*metadata) : BytesView());
    return subscription && std::count(subscription->topics.begin(), subscription->topics.end(), topic) > 0;
  });
}

ErrorCode check_deletable(Broker& broker, const std::string& id) {
  GroupKind kind = broker.groups().kind(id);
  if (kind == GroupKind::kConsumer) return ErrorCode::kNone;
  const ClassicGroup* group = broker.groups().find(id);
  if (kind != GroupKind::kClassic || group == nullptr) return ErrorCode::kGroupIdNotFound;
  // What members of another protocol type read nobody can know.
  bool known = group->is_empty() || group->protocol_type() == "consumer";
  return known ? ErrorCode::kNone : ErrorCode::kNonEmptyGroup;
}

bool is_subscribed(Broker& broker, const std::string& id, const std::string& topic) {
  if (const ConsumerGroupState* group = broker.state().consumer_group(id)) return subscribes(*group, topic);
  return subscribes(*broker.groups().find(id), topic);
}

void delete_offsets(Broker& broker, const protocol::OffsetDeleteRequest& request,
                    Respond<protocol::OffsetDelete> respond) {
  auto response = std::make_shared<protocol::OffsetDeleteResponse>();
  response->error_code = code(check_deletable(broker, request.group_id));
  if (response->error_code != 0) return respond(*response);
  std::vector<BrokerEvent> events;
  for (const auto& topic : request.topics) {
    auto& out = response->topics.emplace_back();
    out.name = topic.name;
    const TopicInfo* info = broker.state().topic(topic.name);
    bool in_use = is_subscribed(broker, request.group_id, topic.name);
    for (const auto& partition : topic.partitions) {
      int32_t index = partition.partition_index;
      bool exists = info != nullptr && index >= 0 && index < info->partitions;
      ErrorCode error = !exists  ? ErrorCode::kUnknownTopicOrPartition
                        : in_use ? ErrorCode::kGroupSubscribedToTopic
                                 : ErrorCode::kNone;
      out.partitions.push_back({index, code(error)});
      if (error != ErrorCode::kNone) continue;
      events.emplace_back(broker_event::OffsetForgotten{request.group_id, {topic.name, PartitionId{index}}});
    }
  }
  broker.record(std::move(events), [response, respond = std::move(respond)](const Status& outcome) {
    if (!outcome) *response = protocol::OffsetDeleteResponse{code(ErrorCode::kCoordinatorNotAvailable), 0, {}};
    respond(*response);
  });
}

}  // namespace

void serve_offset_delete(Service& service, Broker& broker) {
  service.serve<protocol::OffsetDelete>(
      0, 0, [&broker](const Call&, const protocol::OffsetDeleteRequest& request, auto respond) {
        delete_offsets(broker, request, std::move(respond));
      });
}

}  // namespace leat::api
