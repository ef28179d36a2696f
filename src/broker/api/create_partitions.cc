#include "protocol/create_partitions.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"
#include "broker/quota/client_quotas.h"

namespace leat::api {
namespace {

protocol::CreatePartitionsResponse::Result check(const Broker& broker,
                                                 const protocol::CreatePartitionsRequest::Topic& asked) {
  protocol::CreatePartitionsResponse::Result out;
  out.name = asked.name;
  auto refuse = [&](ErrorCode error, const std::string& message) {
    out.error_code = code(error);
    out.error_message = message;
    return out;
  };
  const TopicInfo* topic = broker.state().topic(asked.name);
  if (topic == nullptr)
    return refuse(ErrorCode::kUnknownTopicOrPartition, "The topic '" + asked.name + "' does not exist.");
  if (asked.count <= topic->partitions) {
    return refuse(ErrorCode::kInvalidPartitions,
                  "The topic has " + std::to_string(topic->partitions) + " partitions; partitions can only be added");
  }
  constexpr int32_t kPartitionsMax = 10'000;
  if (asked.count > kPartitionsMax) {
    return refuse(ErrorCode::kInvalidPartitions,
                  "a topic has at most " + std::to_string(kPartitionsMax) + " partitions");
  }
  bool counted =
      !asked.assignments || asked.assignments->size() == static_cast<size_t>(asked.count - topic->partitions);
  if (!counted) return refuse(ErrorCode::kInvalidReplicaAssignment, "an assignment for each new partition is needed");
  return out;
}

void create_partitions(Broker& broker, const Call& call, const protocol::CreatePartitionsRequest& request,
                       Respond<protocol::CreatePartitions> respond) {
  constexpr int16_t kKnowsQuotas = 3;
  auto response = std::make_shared<protocol::CreatePartitionsResponse>();
  std::vector<BrokerEvent> events;
  std::vector<TopicChange> changes;
  for (const auto& asked : request.topics) {
    auto& result = response->results.emplace_back(check(broker, asked));
    if (result.error_code != 0 || request.validate_only) continue;
    TopicInfo changed = *broker.state().topic(asked.name);
    int32_t added = asked.count - changed.partitions;
    result.error_code = code(broker.quotas().change_partitions(*call.client, added, call.version >= kKnowsQuotas));
    if (result.error_code != 0) continue;
    changes.push_back({asked.name, changed.partitions, asked.count, {}, call.client->id});
    changed.partitions = asked.count;
    events.emplace_back(broker_event::TopicChanged{changed});
  }
  broker.record(std::move(events),
                [&broker, changes = std::move(changes), response, respond = std::move(respond)](const Status& outcome) {
                  for (const TopicChange& change : changes) {
                    if (outcome) broker.groups().observer().topic_changed(change);
                  }
                  for (auto& result : response->results) {
                    if (!outcome && result.error_code == 0) result.error_code = code(ErrorCode::kKafkaStorageError);
                  }
                  respond(*response);
                });
}

}  // namespace

void serve_create_partitions(Service& service, Broker& broker) {
  service.serve<protocol::CreatePartitions>(
      0, 3, [&broker](const Call& call, const protocol::CreatePartitionsRequest& request, auto respond) {
        create_partitions(broker, call, request, std::move(respond));
      });
}

}  // namespace leat::api
