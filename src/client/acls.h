#pragma once
// Access rules of a cluster.
#include "client/cluster.h"
#include "security/acl.h"

namespace leat::client {

Result<std::vector<Acl>> acls(Cluster&, const AclFilter&);
Status add_acls(Cluster&, const std::vector<Acl>&);
// Those that were removed.
Result<std::vector<Acl>> remove_acls(Cluster&, const AclFilter&);

}  // namespace leat::client
