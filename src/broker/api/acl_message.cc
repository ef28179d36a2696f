#include "broker/api/acl_message.h"

#include <algorithm>

namespace leat::api {
namespace {

constexpr size_t kTextBytesMax = 1024;

bool fits_resource(AclResource resource, AclOperation operation) {
  using enum AclOperation;
  auto one_of = [operation](std::initializer_list<AclOperation> all) {
    return std::find(all.begin(), all.end(), operation) != all.end();
  };
  switch (resource) {
    case AclResource::kTopic:
      return one_of({kAll, kRead, kWrite, kCreate, kDelete, kAlter, kDescribe, kDescribeConfigs, kAlterConfigs});
    case AclResource::kGroup:
      return one_of({kAll, kRead, kDescribe, kDelete, kDescribeConfigs, kAlterConfigs});
    case AclResource::kCluster:
      return one_of(
          {kAll, kCreate, kClusterAction, kDescribeConfigs, kAlterConfigs, kIdempotentWrite, kAlter, kDescribe});
    case AclResource::kTransactionalId:
      return one_of({kAll, kDescribe, kWrite, kTwoPhaseCommit});
    case AclResource::kDelegationToken:
      return one_of({kAll, kDescribe});
    case AclResource::kUser:
      return one_of({kAll, kCreateTokens, kDescribeTokens});
    case AclResource::kAny:
      break;
  }
  return false;
}

}  // namespace

std::string complaint_about(const Acl& acl) {
  if (acl.pattern != AclPattern::kLiteral && acl.pattern != AclPattern::kPrefixed) return "Invalid pattern type";
  if (acl.permission != AclPermission::kAllow && acl.permission != AclPermission::kDeny) {
    return "Invalid permission type";
  }
  if (!fits_resource(acl.resource, acl.operation)) return "The operation does not go with the type of resource";
  if (acl.name.empty()) return "Resource name should not be empty";
  if (acl.resource == AclResource::kCluster && acl.name != kClusterName) {
    return "The only valid name for the CLUSTER resource is kafka-cluster";
  }
  size_t colon = acl.principal.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == acl.principal.size()) {
    return "Could not parse principal from `" + acl.principal +
           "` (no colon is present separating the principal type "
           "from the principal name)";
  }
  if (acl.host.empty()) return "The host should not be empty";
  if (acl.name.size() > kTextBytesMax || acl.principal.size() > kTextBytesMax || acl.host.size() > kTextBytesMax) {
    return "A text is longer than 1024 bytes";
  }
  return "";
}

}  // namespace leat::api
