// Settings: of topics and groups for who may see or change theirs, of the broker for who may those of the cluster.
#include "broker/access/guard.h"
#include "protocol/alter_configs.h"
#include "protocol/describe_configs.h"
#include "protocol/incremental_alter_configs.h"

namespace leat::access {
namespace {

enum ConfigResource : int8_t { kOfTopic = 2, kOfGroup = 32 };

bool may_config(const Broker& broker, const Call& call, AclOperation operation, int8_t type, const std::string& name) {
  if (type == kOfTopic) return may_topic(broker, call, operation, name);
  if (type == kOfGroup) return may_group(broker, call, operation, name);
  return may_cluster(broker, call, operation);
}

template <class Api, class Answered>
void guard_resources(Service& service, Broker& broker, AclOperation operation,
                     std::vector<Answered> Api::Response::*answered) {
  guard_items<Api>(
      service, &Api::Request::resources, answered,
      [&broker, operation](const Call& call, const auto& resource) {
        return may_config(broker, call, operation, resource.resource_type, resource.resource_name);
      },
      [](const auto& resource) {
        Answered out;
        out.resource_type = resource.resource_type;
        out.resource_name = resource.resource_name;
        out.error_code = code(resource.resource_type == kOfTopic   ? ErrorCode::kTopicAuthorizationFailed
                              : resource.resource_type == kOfGroup ? ErrorCode::kGroupAuthorizationFailed
                                                                   : ErrorCode::kClusterAuthorizationFailed);
        return out;
      });
}

}  // namespace

void guard_configs(Service& service, Broker& broker) {
  using protocol::AlterConfigs, protocol::DescribeConfigs, protocol::IncrementalAlterConfigs;
  guard_resources<DescribeConfigs>(service, broker, kDescribeConfigs, &DescribeConfigs::Response::results);
  guard_resources<AlterConfigs>(service, broker, kAlterConfigs, &AlterConfigs::Response::responses);
  guard_resources<IncrementalAlterConfigs>(service, broker, kAlterConfigs,
                                           &IncrementalAlterConfigs::Response::responses);
}

}  // namespace leat::access
