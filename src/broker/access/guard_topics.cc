// Topics: who makes, changes and deletes them.
#include "broker/access/guard.h"
#include "protocol/create_partitions.h"
#include "protocol/create_topics.h"
#include "protocol/delete_topics.h"

namespace leat::access {
namespace {

constexpr const char* kWhy = "Authorization failed.";

// The settings of a topic that was made are for who may see settings.
void hide_configs(const Broker& broker, const Call& call, protocol::CreateTopicsResponse::Topic& topic) {
  if (topic.error_code != 0 || may_topic(broker, call, kDescribeConfigs, topic.name)) return;
  topic.topic_config_error_code = code(kTopicRefused);
  topic.configs.reset();
  topic.num_partitions = -1;
  topic.replication_factor = -1;
}

void guard_create_topics(Service& service, Broker& broker) {
  using Api = protocol::CreateTopics;
  service.guard<Api>([&broker](Call call, Api::Request request, Respond<Api> respond, const Handler<Api>& next) {
    bool every = may_cluster(broker, call, kCreate);
    auto refused = take_refused<Api::Response::Topic>(
        request.topics, [&](const auto& topic) { return every || may_topic(broker, call, kCreate, topic.name); },
        [](const auto& topic) {
          Api::Response::Topic out;
          out.name = topic.name;
          out.error_code = code(kTopicRefused);
          out.error_message = kWhy;
          return out;
        });
    respond = joined<Api>(std::move(respond), &Api::Response::topics, std::move(refused));
    if (!broker.authorizer().is_on()) return next(std::move(call), std::move(request), std::move(respond));
    Respond<Api> filtered = [&broker, call, respond = std::move(respond)](const Api::Response* made) {
      Api::Response out = *made;
      for (auto& topic : out.topics) hide_configs(broker, call, topic);
      respond(out);
    };
    next(std::move(call), std::move(request), std::move(filtered));
  });
}

// Who may not even see the topic does not learn the name behind an id.
void guard_delete_topics(Service& service, Broker& broker) {
  using Api = protocol::DeleteTopics;
  auto refuse = [](const std::optional<std::string>& name, const Uuid& id) {
    Api::Response::Response out;
    out.name = name;
    out.topic_id = id;
    out.error_code = code(kTopicRefused);
    out.error_message = kWhy;
    return out;
  };
  service.guard<Api>(
      [&broker, refuse](Call call, Api::Request request, Respond<Api> respond, const Handler<Api>& next) {
        auto refused = take_refused<Api::Response::Response>(
            request.topics,
            [&](const auto& topic) {
              return topic.name ? may_topic(broker, call, kDelete, *topic.name)
                                : may_topic(broker, call, kDelete, topic.topic_id);
            },
            [&](const auto& topic) { return refuse(topic.name, topic.topic_id); });
        auto by_name = take_refused<Api::Response::Response>(
            request.topic_names, [&](const std::string& name) { return may_topic(broker, call, kDelete, name); },
            [&](const std::string& name) { return refuse(name, {}); });
        refused.insert(refused.end(), by_name.begin(), by_name.end());
        next(std::move(call), std::move(request),
             joined<Api>(std::move(respond), &Api::Response::responses, std::move(refused)));
      });
}

}  // namespace

void guard_topics(Service& service, Broker& broker) {
  guard_create_topics(service, broker);
  guard_delete_topics(service, broker);
  using protocol::CreatePartitions;
  guard_items<CreatePartitions>(
      service, &CreatePartitions::Request::topics, &CreatePartitions::Response::results,
      [&broker](const Call& call, const auto& topic) { return may_topic(broker, call, kAlter, topic.name); },
      [](const auto& topic) {
        CreatePartitions::Response::Result out;
        out.name = topic.name;
        out.error_code = code(kTopicRefused);
        out.error_message = kWhy;
        return out;
      });
}

}  // namespace leat::access
