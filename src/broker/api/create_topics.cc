#include "protocol/create_topics.h"

#include "broker/api/api.h"
#include "broker/api/topic_creation.h"
#include "broker/catalog/topic_settings.h"
#include "broker/quota/client_quotas.h"

namespace leat::api {
namespace {

Refusal read(const protocol::CreateTopicsRequest::Topic& asked, const Broker& broker, NewTopic& out) {
  out.name = asked.name;
  out.partitions = asked.num_partitions;
  if (!asked.assignments.empty()) {
    if (asked.num_partitions != -1 || asked.replication_factor != -1) {
      return {ErrorCode::kInvalidRequest, "either assignments or numbers of partitions and replicas, not both"};
    }
    out.partitions = static_cast<int32_t>(asked.assignments.size());
  } else if (asked.num_partitions == -1) {
    out.partitions = broker.settings().num_partitions;
  }
  if (asked.replication_factor > 1 || asked.replication_factor == 0 || asked.replication_factor < -1) {
    return {ErrorCode::kInvalidReplicationFactor,
            "there is one broker, so the replication factor is 1, not " + std::to_string(asked.replication_factor)};
  }
  for (const auto& config : asked.configs) {
    if (!config.value) return {ErrorCode::kInvalidConfig, "topic setting '" + config.name + "' without a value"};
    out.configs[config.name] = *config.value;
  }
  return check_new_topic(broker, out);
}

void refuse(protocol::CreateTopicsResponse::Topic& topic, ErrorCode error, const std::string& message) {
  topic.error_code = code(error);
  topic.error_message = message.empty() ? std::nullopt : std::optional(message);
  topic.num_partitions = -1;
  topic.replication_factor = -1;
}

void describe(const Broker& broker, const NewTopic& made, protocol::CreateTopicsResponse::Topic& topic) {
  if (const TopicInfo* info = broker.state().topic(made.name)) topic.topic_id = info->id;
  topic.num_partitions = made.partitions;
  topic.replication_factor = 1;
  topic.configs.emplace();
  for (const Setting& setting : topic_settings()) {
    ConfigLayers layers = broker.configs().of_other(setting, made.configs, ConfigSource::kTopic);
    ConfigSource source = layers.empty() ? ConfigSource::kDefault : layers.front().source;
    topic.configs->push_back({setting.name, value_of(layers), false, static_cast<int8_t>(source), false});
  }
}

void create_topics(Broker& broker, const Call& call, const protocol::CreateTopicsRequest& request,
                   Respond<protocol::CreateTopics> respond) {
  constexpr int16_t kKnowsQuotas = 6;
  auto response = std::make_shared<protocol::CreateTopicsResponse>();
  response->topics.resize(request.topics.size());
  auto waiting = std::make_shared<size_t>(1);
  auto one_done = [waiting, response, respond = std::move(respond)] {
    if (--*waiting == 0) respond(*response);
  };
  for (size_t i = 0; i < request.topics.size(); ++i) {
    protocol::CreateTopicsResponse::Topic& topic = response->topics[i];
    topic.name = request.topics[i].name;
    NewTopic wanted;
    wanted.by = call.client->id;
    Refusal refusal = read(request.topics[i], broker, wanted);
    auto same_name = [&](const auto& other) { return other.name == topic.name; };
    if (std::count_if(request.topics.begin(), request.topics.end(), same_name) > 1) {
      refusal = {ErrorCode::kInvalidRequest, "the topic is asked for twice"};
    }
    if (refusal.error == ErrorCode::kNone && !request.validate_only) {
      bool strictly = call.version >= kKnowsQuotas;
      refusal.error = broker.quotas().change_partitions(*call.client, wanted.partitions, strictly);
    }
    if (refusal.error != ErrorCode::kNone) {
      refuse(topic, refusal.error, refusal.message);
    } else if (request.validate_only) {
      describe(broker, wanted, topic);
    } else {
      ++*waiting;
      create_topic(broker, wanted, [&broker, wanted, response, i, one_done](ErrorCode error) {
        if (error == ErrorCode::kNone) {
          describe(broker, wanted, response->topics[i]);
        } else {
          refuse(response->topics[i], error, "");
        }
        one_done();
      });
    }
  }
  one_done();
}

}  // namespace

void serve_create_topics(Service& service, Broker& broker) {
  service.serve<protocol::CreateTopics>(
      2, 7, [&broker](const Call& call, const protocol::CreateTopicsRequest& request, auto respond) {
        create_topics(broker, call, request, std::move(respond));
      });
}

}  // namespace leat::api
