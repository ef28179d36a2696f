#pragma once
// Authorizer: whether a client may do something: its principal, the rules in the broker's state, the super users.
// Off: everybody may do everything. What it says is Kafka's StandardAuthorizer's.
#include "broker/access/security_settings.h"
#include "broker/call.h"
#include "security/acl.h"

namespace leat {

class Authorizer {
 public:
  // Both outlive it.
  Authorizer(const SecuritySettings& settings, const AclSet& acls) : settings_(settings), acls_(acls) {}

  bool is_on() const { return settings_.authorizes(); }
  bool allows(const Client&, AclOperation, AclResource, const std::string& name) const;
  bool allows_cluster(const Client& client, AclOperation operation) const {
    return allows(client, operation, AclResource::kCluster, kClusterName);
  }
  // With one resource of the kind at least.
  bool allows_some(const Client&, AclOperation, AclResource) const;
  // Every operation that the client may do with it, a bit for each, as responses have them.
  int32_t operations(const Client&, AclResource, const std::string& name) const;

 private:
  bool is_super_user(const Client&) const;

  const SecuritySettings& settings_;
  const AclSet& acls_;
};

}  // namespace leat
