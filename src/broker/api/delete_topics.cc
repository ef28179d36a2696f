#include "protocol/delete_topics.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"
#include "broker/quota/client_quotas.h"

namespace leat::api {
namespace {

// From version 6 on a topic is named or, by clients that know it, identified.
protocol::DeleteTopicsResponse::Response find(const Broker& broker, const protocol::DeleteTopicsRequest::Topic& asked) {
  protocol::DeleteTopicsResponse::Response out;
  out.name = asked.name;
  out.topic_id = asked.topic_id;
  const TopicInfo* topic = asked.name ? broker.state().topic(*asked.name) : broker.state().topic(asked.topic_id);
  if (topic == nullptr) {
    out.error_code = code(asked.name ? ErrorCode::kUnknownTopicOrPartition : ErrorCode::kUnknownTopicId);
    return out;
  }
  out.name = topic->name;
  out.topic_id = topic->id;
  return out;
}

void delete_topics(Broker& broker, const Call& call, std::vector<protocol::DeleteTopicsRequest::Topic> asked,
                   Respond<protocol::DeleteTopics> respond) {
  constexpr int16_t kKnowsQuotas = 5;
  auto response = std::make_shared<protocol::DeleteTopicsResponse>();
  std::vector<BrokerEvent> events;
  std::vector<TopicInfo> deleted;
  for (const auto& topic : asked) {
    protocol::DeleteTopicsResponse::Response result = find(broker, topic);
    if (!broker.settings().delete_topics) {
      result.error_code = code(ErrorCode::kTopicDeletionDisabled);
      result.error_message = "Topic deletion is disabled.";
    }
    if (result.error_code == 0) {
      int32_t count = broker.state().topic(*result.name)->partitions;
      result.error_code = code(broker.quotas().change_partitions(*call.client, count, call.version >= kKnowsQuotas));
    }
    if (result.error_code == 0) {
      events.emplace_back(broker_event::TopicDeleted{*result.name});
      deleted.push_back(*broker.state().topic(*result.name));
    }
    response->responses.push_back(std::move(result));
  }
  broker.record(std::move(events), [&broker, deleted = std::move(deleted), by = call.client->id, response,
                                    respond = std::move(respond)](const Status& outcome) {
    for (auto& result : response->responses) {
      if (!outcome && result.error_code == 0) result.error_code = code(ErrorCode::kKafkaStorageError);
    }
    if (outcome) {
      for (const TopicInfo& topic : deleted) {
        broker.groups().observer().topic_changed({topic.name, topic.partitions, 0, {}, by});
        broker.drop_partitions(topic);
      }
    }
    respond(*response);
  });
}

}  // namespace

void serve_delete_topics(Service& service, Broker& broker) {
  service.serve<protocol::DeleteTopics>(
      1, 6, [&broker](const Call& call, protocol::DeleteTopicsRequest request, auto respond) {
        for (const std::string& name : request.topic_names) request.topics.push_back({name, {}});
        delete_topics(broker, call, std::move(request.topics), std::move(respond));
      });
}

}  // namespace leat::api
