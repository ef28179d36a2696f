#include "protocol/describe_configs.h"

#include <algorithm>

#include "broker/api/api.h"
#include "broker/api/config_change.h"

namespace leat::api {
namespace {

bool is_wanted(const protocol::DescribeConfigsRequest::Resource& resource, const std::string& name) {
  return !resource.configuration_keys ||
         std::count(resource.configuration_keys->begin(), resource.configuration_keys->end(), name) > 0;
}

ConfigLayers layers_of(const Broker& broker, const ConfigChange& resource, const Setting& setting) {
  switch (resource.resource()) {
    case ConfigResource::kBroker:
      // "": only what was changed for all brokers.
      return resource.name.empty() ? BrokerConfigs({}, set_now(broker, resource), {}).of_broker(setting)
                                   : broker.configs().of_broker(setting);
    case ConfigResource::kGroup:
      return broker.configs().of_other(setting, set_now(broker, resource), ConfigSource::kGroup);
    case ConfigResource::kClientMetrics:
      return broker.configs().of_other(setting, set_now(broker, resource), ConfigSource::kClientMetrics);
    default:
      return broker.configs().of_other(setting, set_now(broker, resource), ConfigSource::kTopic);
  }
}

void describe(const Setting& setting, const ConfigLayers& layers, bool read_only,
              const protocol::DescribeConfigsRequest& request, protocol::DescribeConfigsResponse::Result& result) {
  auto& config = result.configs.emplace_back();
  config.name = setting.name;
  config.is_sensitive = setting.type == ConfigType::kPassword;
  if (!config.is_sensitive) config.value = value_of(layers);
  config.read_only = read_only;
  config.config_source = static_cast<int8_t>(layers.empty() ? ConfigSource::kDefault : layers.front().source);
  config.config_type = static_cast<int8_t>(setting.type);
  if (request.include_documentation) config.documentation = setting.about;
  if (!request.include_synonyms) return;
  for (const ConfigLayer& layer : layers) {
    auto value = config.is_sensitive ? std::nullopt : std::optional(layer.value);
    config.synonyms.push_back({layer.name, value, static_cast<int8_t>(layer.source)});
  }
}

void describe(const Broker& broker, const protocol::DescribeConfigsRequest::Resource& asked,
              const protocol::DescribeConfigsRequest& request, protocol::DescribeConfigsResponse::Result& result) {
  result.resource_type = asked.resource_type;
  result.resource_name = asked.resource_name;
  ConfigChange resource;
  resource.type = asked.resource_type;
  resource.name = asked.resource_name;
  check_resource(broker, resource);
  result.error_code = code(resource.error);
  if (resource.error != ErrorCode::kNone) {
    result.error_message = resource.message;
    return;
  }
  bool is_broker = resource.resource() == ConfigResource::kBroker;
  for (const Setting& setting : *settings_of(resource.resource())) {
    if (!is_wanted(asked, setting.name)) continue;
    ConfigLayers layers = layers_of(broker, resource, setting);
    bool set_for_all = !layers.empty() && layers.front().source == ConfigSource::kDynamicDefault;
    if (is_broker && resource.name.empty() && !set_for_all) continue;
    describe(setting, layers, is_broker && !is_dynamic(setting.name), request, result);
  }
}

}  // namespace

void serve_describe_configs(Service& service, Broker& broker) {
  service.serve<protocol::DescribeConfigs>(
      1, 4, [&broker](const Call&, const protocol::DescribeConfigsRequest& request, const auto& respond) {
        protocol::DescribeConfigsResponse response;
        for (const auto& resource : request.resources)
          describe(broker, resource, request, response.results.emplace_back());
        respond(response);
      });
}

}  // namespace leat::api
