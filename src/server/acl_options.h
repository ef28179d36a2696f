#pragma once
// Access rules as commands name them.
#include "security/acl.h"
#include "server/arguments.h"
#include "server/console.h"

namespace leat {

// --topic, --group, --transactional-id, --cluster, --prefix, --principal, --host, --operation, --deny.
std::vector<OptionInfo> acl_options();
// Exactly the rules that the options spell out. kInvalidArgument: something is missing or too much.
Result<std::vector<Acl>> read_acls(const Arguments&);
// Rules of which only some things are said.
Result<AclFilter> read_acl_filter(const Arguments&);
Status write_acls(Console&, const std::vector<Acl>&, bool json);

}  // namespace leat
