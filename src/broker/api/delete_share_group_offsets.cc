#include "protocol/delete_share_group_offsets.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {
namespace {

void forget_topic(Broker& broker, const std::string& group, const std::string& topic,
                  std::vector<BrokerEvent>& events) {
  auto found = broker.state().share_progress().find(group);
  if (found == broker.state().share_progress().end()) return;
  for (const auto& [partition, progress] : found->second) {
    if (partition.topic != topic) continue;
    broker.groups().shares().forget(group, partition);
    events.emplace_back(broker_event::ShareForgotten{group, partition});
  }
}

void delete_offsets(Broker& broker, const protocol::DeleteShareGroupOffsetsRequest& request,
                    Respond<protocol::DeleteShareGroupOffsets> respond) {
  auto response = std::make_shared<protocol::DeleteShareGroupOffsetsResponse>();
  bool shares = broker.groups().kind(request.group_id) == GroupKind::kShare;
  ErrorCode error = !shares ? ErrorCode::kGroupIdNotFound : ErrorCode::kNone;
  if (shares && !broker.state().consumer_group(request.group_id)->members.empty()) error = ErrorCode::kNonEmptyGroup;
  response->error_code = code(error);
  if (error != ErrorCode::kNone) return respond(*response);
  std::vector<BrokerEvent> events;
  for (const auto& topic : request.topics) {
    auto& out = response->responses.emplace_back();
    out.topic_name = topic.topic_name;
    const TopicInfo* info = broker.state().topic(topic.topic_name);
    if (info != nullptr) out.topic_id = info->id;
    out.error_code = code(info != nullptr ? ErrorCode::kNone : ErrorCode::kUnknownTopicOrPartition);
    forget_topic(broker, request.group_id, topic.topic_name, events);
  }
  broker.record(std::move(events), [response, respond = std::move(respond)](const Status& outcome) {
    if (!outcome) response->error_code = code(ErrorCode::kCoordinatorNotAvailable);
    respond(*response);
  });
}

}  // namespace

void serve_delete_share_group_offsets(Service& service, Broker& broker) {
  service.serve<protocol::DeleteShareGroupOffsets>(
      0, 0, [&broker](const Call&, const protocol::DeleteShareGroupOffsetsRequest& request, auto respond) {
        delete_offsets(broker, request, std::move(respond));
      });
}

}  // namespace leat::api
