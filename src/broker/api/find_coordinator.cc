#include "protocol/find_coordinator.h"

#include "broker/api/api.h"
#include "broker/api/topic_creation.h"
#include "broker/catalog/internal_topics.h"

namespace leat::api {
namespace {

// Kafka makes the topic in which it keeps what is coordinated when somebody first asks for a coordinator.
void make_topic_of(Broker& broker, int8_t key_type) {
  enum KeyType : int8_t { kOfGroups = 0, kOfTransactions = 1 };
  NewTopic topic;
  if (key_type == kOfGroups) {
    topic = {kOffsetsTopic, std::stoi(broker.config("offsets.topic.num.partitions")), {}};
  } else if (key_type == kOfTransactions) {
    topic = {kTransactionsTopic, std::stoi(broker.config("transaction.state.log.num.partitions")), {}};
  }
  topic.configs = {{"cleanup.policy", "compact"}};
  bool there = topic.name.empty() || broker.state().topic(topic.name) != nullptr;
  if (!there) create_topic(broker, topic, [](ErrorCode) {});
}

}  // namespace

// There is one broker, and it coordinates everything.
void serve_find_coordinator(Service& service, Broker& broker) {
  service.serve<protocol::FindCoordinator>(
      0, 6, [&broker](const Call&, const protocol::FindCoordinatorRequest& request, const auto& respond) {
        make_topic_of(broker, request.key_type);
        protocol::FindCoordinatorResponse response;
        const BrokerSettings& settings = broker.settings();
        response.node_id = settings.node_id;
        response.host = settings.advertised.host;
        response.port = settings.advertised.port;
        for (const std::string& key : request.coordinator_keys) {
          response.coordinators.push_back(
              {key, settings.node_id, settings.advertised.host, settings.advertised.port, 0, std::nullopt});
        }
        respond(response);
      });
}

}  // namespace leat::api
