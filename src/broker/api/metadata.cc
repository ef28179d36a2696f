#include "protocol/metadata.h"

#include "broker/api/api.h"
#include "broker/api/topic_creation.h"

namespace leat::api {
namespace {

using Request = protocol::MetadataRequest;
using Response = protocol::MetadataResponse;

void describe(const Broker& broker, const TopicInfo& topic, Response& response) {
  auto& out = response.topics.emplace_back();
  out.name = topic.name;
  out.topic_id = topic.id;
  for (int32_t index = 0; index < topic.partitions; ++index) {
    auto& partition = out.partitions.emplace_back();
    partition.partition_index = index;
    partition.leader_id = broker.settings().node_id;
    partition.leader_epoch = broker.state().epoch();
    partition.replica_nodes = partition.isr_nodes = {broker.settings().node_id};
  }
}

void describe(const Broker& broker, const Request& request, int16_t version, Response& response) {
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
    const TopicInfo* topic = asked.name ? broker.state().topic(*asked.name) : broker.state().topic(asked.topic_id);
    if (topic != nullptr) {
      describe(broker, *topic, response);
      continue;
    }
    auto& out = response.topics.emplace_back();
    out.name = asked.name;
    out.topic_id = asked.topic_id;
    out.error_code = code(!asked.name                  ? ErrorCode::kUnknownTopicId
                          : is_topic_name(*asked.name) ? ErrorCode::kUnknownTopicOrPartition
                                                       : ErrorCode::kInvalidTopicException);
  }
}

// Makes the topics that are asked for and are not there, then answers.
void answer(Broker& broker, int16_t version, const Request& request, Respond<protocol::Metadata> respond) {
  std::vector<std::string> missing;
  if (broker.settings().auto_create_topics && request.allow_auto_topic_creation && request.topics) {
    for (const auto& asked : *request.topics) {
      if (asked.name && is_topic_name(*asked.name) && broker.state().topic(*asked.name) == nullptr) {
        missing.push_back(*asked.name);
      }
    }
  }
  auto waiting = std::make_shared<size_t>(missing.size() + 1);
  auto one_done = [&broker, version, request, waiting, respond = std::move(respond)] {
    if (--*waiting > 0) return;
    Response response;
    describe(broker, request, version, response);
    respond(response);
  };
  for (const std::string& name : missing) {
    create_topic(broker, {name, broker.settings().num_partitions, {}}, [one_done](ErrorCode) { one_done(); });
  }
  one_done();
}

}  // namespace

void serve_metadata(Service& service, Broker& broker) {
  service.serve<protocol::Metadata>(0, 13, [&broker](const Call& call, const Request& request, auto respond) {
    answer(broker, call.version, request, std::move(respond));
  });
}

}  // namespace leat::api
