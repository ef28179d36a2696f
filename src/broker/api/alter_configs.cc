#include "protocol/alter_configs.h"

#include "broker/api/api.h"
#include "broker/api/config_change.h"

namespace leat::api {
namespace {

// What is not named is no longer set.
void edit(const Broker&, const protocol::AlterConfigsRequest::Resource& asked, ConfigChange& change) {
  for (const auto& config : asked.configs) {
    if (!config.value) change.refuse(ErrorCode::kInvalidRequest, "Null value not supported for : " + config.name);
    change.changed.push_back(config.name);
    change.set[config.name] = config.value.value_or("");
  }
}

}  // namespace

void serve_alter_configs(Service& service, Broker& broker) {
  serve_config_changes<protocol::AlterConfigs>(service, broker, 2, edit);
}

}  // namespace leat::api
