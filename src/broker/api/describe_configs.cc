#include "protocol/describe_configs.h"

#include <algorithm>

#include "broker/api/api.h"

namespace leat::api {
namespace {

using Request = protocol::DescribeConfigsRequest;
using Response = protocol::DescribeConfigsResponse;

enum ResourceType : int8_t { kTopic = 2, kBroker = 4 };
enum Source : int8_t { kTopicConfig = 1, kDefaultConfig = 5 };

bool is_wanted(const Request::Resource& resource, const std::string& name) {
  return !resource.configuration_keys ||
         std::count(resource.configuration_keys->begin(), resource.configuration_keys->end(), name) > 0;
}

void describe_topic(const TopicInfo& topic, const Request::Resource& resource, const Request& request,
                    Response::Result& result) {
  for (const auto& known : known_topic_configs()) {
    if (!is_wanted(resource, known.name)) continue;
    bool set = topic.configs.set.contains(known.name);
    auto& config = result.configs.emplace_back();
    config.name = known.name;
    config.value = topic.configs.get(known.name);
    config.config_source = set ? kTopicConfig : kDefaultConfig;
    config.config_type = static_cast<int8_t>(known.type);
    if (request.include_documentation) config.documentation = known.about;
    if (!request.include_synonyms) continue;
    if (set) config.synonyms.push_back({known.name, config.value, kTopicConfig});
    config.synonyms.push_back({known.name, known.fallback, kDefaultConfig});
  }
}

void describe(const Broker& broker, const Request::Resource& resource, const Request& request,
              Response::Result& result) {
  result.resource_type = resource.resource_type;
  result.resource_name = resource.resource_name;
  if (resource.resource_type == kTopic) {
    const TopicInfo* topic = broker.state().topic(resource.resource_name);
    if (topic != nullptr) return describe_topic(*topic, resource, request, result);
    result.error_code = code(ErrorCode::kUnknownTopicOrPartition);
    return;
  }
  bool this_broker =
      resource.resource_name.empty() || resource.resource_name == std::to_string(broker.settings().node_id);
  if (resource.resource_type == kBroker && this_broker) return;
  result.error_code = code(ErrorCode::kInvalidRequest);
  result.error_message = "there are settings of topics (type 2) and of broker " +
                         std::to_string(broker.settings().node_id) + " (type 4) here";
}

}  // namespace

void serve_describe_configs(Service& service, Broker& broker) {
  service.serve<protocol::DescribeConfigs>(1, 4, [&broker](const Call&, const Request& request, const auto& respond) {
    Response response;
    for (const auto& resource : request.resources) describe(broker, resource, request, response.results.emplace_back());
    respond(response);
  });
}

}  // namespace leat::api
