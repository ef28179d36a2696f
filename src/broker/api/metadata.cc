#include "protocol/metadata.h"

#include "broker/api/api.h"
#include "broker/api/topic_creation.h"
#include "broker/catalog/internal_topics.h"

namespace leat::api {
namespace {

void describe(const Broker& broker, const TopicInfo& topic, protocol::MetadataResponse& response) {
  auto& out = response.topics.emplace_back();
  out.name = topic.name;
  out.is_internal = is_internal_topic(topic.name);
  out.topic_id = topic.id;
  for (int32_t index = 0; index < topic.partitions; ++index) {
    auto& partition = out.partitions.emplace_back();
    partition.partition_index = index;
    partition.leader_id = broker.settings().node_id;
    partition.leader_epoch = broker.state().epoch();
    partition.replica_nodes = partition.isr_nodes = {broker.settings().node_id};
  }
}

void describe(const Broker& broker, const protocol::MetadataRequest& request, int16_t version,
              protocol::MetadataResponse& response) {
  const BrokerSettings& settings = broker.settings();
  response.brokers.push_back({settings.node_id, settings.advertised.host, settings.advertised.port, std::nullopt});
  response.cluster_id = broker.state().cluster_id();
  response.controller_id = settings.node_id;
  // In version 0 an empty list stood for every topic.
  if (!request.topics || (version == 0 && request.topics->empty())) {
    for (const auto& [name, topic] : broker.state().topics()) describe(broker, topic, response);
    return;
  }
  for (const auto& asked : *request.topics) {
    // A client that knows the id may leave the name out, or empty.
    bool by_name = asked.name && asked.topic_id.is_zero();
    const TopicInfo* topic = by_name ? broker.state().topic(*asked.name) : broker.state().topic(asked.topic_id);
    if (topic != nullptr) {
      describe(broker, *topic, response);
      continue;
    }
    auto& out = response.topics.emplace_back();
    out.name = asked.name;
    out.topic_id = asked.topic_id;
    out.error_code = code(!by_name                     ? ErrorCode::kUnknownTopicId
                          : is_topic_name(*asked.name) ? ErrorCode::kUnknownTopicOrPartition
                                                       : ErrorCode::kInvalidTopicException);
  }
}

// Makes the topics that are asked for and are not there, then answers.
void answer(Broker& broker, const Call& call, const protocol::MetadataRequest& request,
            Respond<protocol::Metadata> respond) {
  std::vector<std::string> missing;
  if (broker.settings().auto_create_topics && request.allow_auto_topic_creation && request.topics) {
    for (const auto& asked : *request.topics) {
      if (asked.name && asked.topic_id.is_zero() && is_topic_name(*asked.name) &&
          broker.state().topic(*asked.name) == nullptr) {
        missing.push_back(*asked.name);
      }
    }
  }
  auto waiting = std::make_shared<size_t>(missing.size() + 1);
  auto one_done = [&broker, version = call.version, request, waiting, respond = std::move(respond)] {
    if (--*waiting > 0) return;
    protocol::MetadataResponse response;
    describe(broker, request, version, response);
    respond(response);
  };
  for (const std::string& name : missing) {
    NewTopic topic{name, broker.settings().num_partitions, {}, call.client->id};
    create_topic(broker, topic, [one_done](ErrorCode) { one_done(); });
  }
  one_done();
}

}  // namespace

void serve_metadata(Service& service, Broker& broker) {
  service.serve<protocol::Metadata>(
      0, 13, [&broker](const Call& call, const protocol::MetadataRequest& request, auto respond) {
        answer(broker, call, request, std::move(respond));
      });
}

}  // namespace leat::api
