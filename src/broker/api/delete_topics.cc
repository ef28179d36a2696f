#include "protocol/delete_topics.h"

#include "broker/api/api.h"

namespace leat::api {
namespace {

using Request = protocol::DeleteTopicsRequest;
using Response = protocol::DeleteTopicsResponse;

// From version 6 on a topic is named or, by clients that know it, identified.
Response::Response find(const Broker& broker, const Request::Topic& asked) {
  Response::Response out;
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

void delete_topics(Broker& broker, std::vector<Request::Topic> asked, Respond<protocol::DeleteTopics> respond) {
  auto response = std::make_shared<Response>();
  std::vector<BrokerEvent> events;
  std::vector<TopicInfo> deleted;
  for (const auto& topic : asked) {
    Response::Response result = find(broker, topic);
    if (result.error_code == 0) {
      events.emplace_back(broker_event::TopicDeleted{*result.name});
      deleted.push_back(*broker.state().topic(*result.name));
    }
    response->responses.push_back(std::move(result));
  }
  broker.decide(
      [events = std::move(events)](const BrokerState&, WallTime) {
        return Decision<BrokerEvent, Status>{events, {}};
      },
      [&broker, deleted = std::move(deleted), response, respond = std::move(respond)](const Status& outcome) {
        for (auto& result : response->responses) {
          if (!outcome && result.error_code == 0) result.error_code = code(ErrorCode::kKafkaStorageError);
        }
        if (outcome) {
          for (const TopicInfo& topic : deleted) broker.drop_partitions(topic);
        }
        respond(*response);
      });
}

}  // namespace

void serve_delete_topics(Service& service, Broker& broker) {
  service.serve<protocol::DeleteTopics>(1, 6, [&broker](const Call&, Request request, auto respond) {
    for (const std::string& name : request.topic_names) request.topics.push_back({name, {}});
    delete_topics(broker, std::move(request.topics), std::move(respond));
  });
}

}  // namespace leat::api
