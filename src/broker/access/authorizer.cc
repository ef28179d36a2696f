#include "broker/access/authorizer.h"

namespace leat {
namespace {

using enum AclOperation;

// What can be done with a resource of a kind at all.
std::vector<AclOperation> operations_of(AclResource resource) {
  switch (resource) {
    case AclResource::kTopic:
      return {kRead, kWrite, kCreate, kDelete, kAlter, kDescribe, kDescribeConfigs, kAlterConfigs};
    case AclResource::kGroup:
      return {kRead, kDescribe, kDelete, kDescribeConfigs, kAlterConfigs};
    case AclResource::kCluster:
      return {kCreate, kClusterAction, kDescribeConfigs, kAlterConfigs, kIdempotentWrite, kAlter, kDescribe};
    case AclResource::kTransactionalId:
      return {kDescribe, kWrite};
    default:
      return {};
  }
}

}  // namespace

bool Authorizer::is_super_user(const Client& client) const {
  const std::string &supers = settings_.super_users, &who = client.principal;
  for (size_t at = supers.find(who); at != std::string::npos; at = supers.find(who, at + 1)) {
    bool begins = at == 0 || supers[at - 1] == ';';
    bool ends = at + who.size() == supers.size() || supers[at + who.size()] == ';';
    if (begins && ends) return true;
  }
  return false;
}

bool Authorizer::allows(const Client& client, AclOperation operation, AclResource resource,
                        const std::string& name) const {
  if (!is_on() || is_super_user(client)) return true;
  switch (acls_.judge(resource, name, client.principal, client.peer.host, operation)) {
    case AclSet::Verdict::kAllowed:
      return true;
    case AclSet::Verdict::kNoRule:
      return settings_.allows_without_rule;
    case AclSet::Verdict::kDenied:
      break;
  }
  return false;
}

bool Authorizer::allows_some(const Client& client, AclOperation operation, AclResource resource) const {
  if (!is_on() || is_super_user(client)) return true;
  const std::string& host = client.peer.host;
  return acls_.allows_some(resource, client.principal, host, operation) ||
         (settings_.allows_without_rule && !acls_.denies_every(resource, client.principal, host, operation));
}

int32_t Authorizer::operations(const Client& client, AclResource resource, const std::string& name) const {
  int32_t out = 0;
  for (AclOperation each : operations_of(resource)) {
    if (allows(client, each, resource, name)) out |= 1 << static_cast<int>(each);
  }
  return out;
}

}  // namespace leat
