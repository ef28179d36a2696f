#include "protocol/share_acknowledge.h"

#include "broker/api/share_acks.h"

namespace leat::api {
namespace {

std::vector<BrokerEvent> collect(Broker& broker, const protocol::ShareAcknowledgeRequest& request,
                                 protocol::ShareAcknowledgeResponse& response) {
  std::vector<BrokerEvent> events;
  for (const auto& topic : request.topics) {
    auto& out = response.responses.emplace_back();
    out.topic_id = topic.topic_id;
    for (const auto& partition : topic.partitions) {
      auto& result = out.partitions.emplace_back();
      result.partition_index = partition.partition_index;
      result.current_leader = {broker.settings().node_id, broker.state().epoch()};
      result.error_code =
          code(take_acks(broker, *request.group_id, *request.member_id, topic.topic_id, partition, events));
    }
  }
  return events;
}

void acknowledge(Broker& broker, const Call& call, const protocol::ShareAcknowledgeRequest& request,
                 Respond<protocol::ShareAcknowledge> respond) {
  auto response = std::make_shared<protocol::ShareAcknowledgeResponse>();
  ErrorCode refused = check_share_request(broker, request);
  ShareGroups& shares = broker.groups().shares();
  if (refused == ErrorCode::kNone) {
    refused = shares.enter(call, *request.group_id, *request.member_id, request.share_session_epoch, false);
  }
  response->error_code = code(refused);
  if (refused != ErrorCode::kNone) return respond(*response);
  response->acquisition_lock_timeout_ms = static_cast<int32_t>(shares.lock_ms(*request.group_id));
  auto events = collect(broker, request, *response);
  bool gives_back = !events.empty();
  broker.record(std::move(events), [response, respond = std::move(respond)](const Status& outcome) {
    if (!outcome) response->error_code = code(ErrorCode::kCoordinatorNotAvailable);
    respond(*response);
  });
  if (request.share_session_epoch == ShareGroups::kCloses) shares.close(*request.group_id, *request.member_id);
  if (gives_back) shares.poke(*request.group_id);
}

}  // namespace

void serve_share_acknowledge(Service& service, Broker& broker) {
  service.serve<protocol::ShareAcknowledge>(
      1, 2, [&broker](const Call& call, const protocol::ShareAcknowledgeRequest& request, auto respond) {
        acknowledge(broker, call, request, std::move(respond));
      });
}

}  // namespace leat::api
