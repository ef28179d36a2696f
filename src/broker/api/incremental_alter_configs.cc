#include "protocol/incremental_alter_configs.h"

#include <algorithm>

#include "broker/api/api.h"
#include "broker/api/config_change.h"

namespace leat::api {
namespace {

enum Operation : int8_t { kSet = 0, kDelete = 1, kAppend = 2, kSubtract = 3 };

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ",") + part;
  return out;
}

// Adds to a list or takes from it; what is not set begins with its default.
void edit_list(const Broker& broker, const protocol::IncrementalAlterConfigsRequest::Resource::Config& config,
               ConfigChange& change) {
  bool append = config.config_operation == kAppend;
  const Setting* setting = settings_of(change.resource())->find(config.name);
  if (setting == nullptr) return;  // check_values() says so.
  if (setting->type != ConfigType::kList) {
    return change.refuse(ErrorCode::kInvalidConfig, std::string("Can't ") + (append ? "APPEND" : "SUBTRACT") +
                                                        " to key " + config.name + " because its type is not LIST.");
  }
  ConfigLayers layers = change.resource() == ConfigResource::kBroker
                            ? broker.configs().of_broker(*setting)
                            : broker.configs().of_other(*setting, change.set, ConfigSource::kTopic);
  auto parts = list_parts(value_of(layers).value_or(""));
  for (const std::string& part : list_parts(*config.value)) {
    auto found = std::find(parts.begin(), parts.end(), part);
    if (append && found == parts.end()) parts.push_back(part);
    if (!append && found != parts.end()) parts.erase(found);
  }
  change.set[config.name] = joined(parts);
}

void edit(const Broker& broker, const protocol::IncrementalAlterConfigsRequest::Resource::Config& config,
          ConfigChange& change) {
  change.changed.push_back(config.name);
  if (!config.value && config.config_operation != kDelete) {
    return change.refuse(ErrorCode::kInvalidRequest, "Null value not supported for : " + config.name);
  }
  switch (config.config_operation) {
    case kSet:
      change.set[config.name] = *config.value;
      return;
    case kDelete:
      change.set.erase(config.name);
      return;
    case kAppend:
    case kSubtract:
      return edit_list(broker, config, change);
    default:
      return change.refuse(ErrorCode::kInvalidRequest,
                           "Unknown operation type " + std::to_string(int{config.config_operation}));
  }
}

void edit_all(const Broker& broker, const protocol::IncrementalAlterConfigsRequest::Resource& asked,
              ConfigChange& change) {
  change.set = set_now(broker, change);
  for (const auto& config : asked.configs) edit(broker, config, change);
}

}  // namespace

void serve_incremental_alter_configs(Service& service, Broker& broker) {
  serve_config_changes<protocol::IncrementalAlterConfigs>(service, broker, 1, edit_all);
}

}  // namespace leat::api
