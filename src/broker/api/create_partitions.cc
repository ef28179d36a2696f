#include "protocol/create_partitions.h"

#include "broker/api/api.h"

namespace leat::api {
namespace {

using Request = protocol::CreatePartitionsRequest;
using Response = protocol::CreatePartitionsResponse;

Response::Result check(const Broker& broker, const Request::Topic& asked) {
  Response::Result out;
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

void create_partitions(Broker& broker, const Request& request, Respond<protocol::CreatePartitions> respond) {
  auto response = std::make_shared<Response>();
  std::vector<BrokerEvent> events;
  for (const auto& asked : request.topics) {
    response->results.push_back(check(broker, asked));
    if (response->results.back().error_code != 0 || request.validate_only) continue;
    TopicInfo changed = *broker.state().topic(asked.name);
    changed.partitions = asked.count;
    events.emplace_back(broker_event::TopicChanged{changed});
  }
  broker.decide(
      [events = std::move(events)](const BrokerState&, WallTime) {
        return Decision<BrokerEvent, Status>{events, {}};
      },
      [response, respond = std::move(respond)](const Status& outcome) {
        for (auto& result : response->results) {
          if (!outcome && result.error_code == 0) result.error_code = code(ErrorCode::kKafkaStorageError);
        }
        respond(*response);
      });
}

}  // namespace

void serve_create_partitions(Service& service, Broker& broker) {
  service.serve<protocol::CreatePartitions>(0, 3, [&broker](const Call&, const Request& request, auto respond) {
    create_partitions(broker, request, std::move(respond));
  });
}

}  // namespace leat::api
