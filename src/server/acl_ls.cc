// leat acl ls
#include "client/acls.h"
#include "server/acl_options.h"
#include "server/cluster_access.h"
#include "server/command.h"

namespace leat {
namespace {

Status list_rules(const Arguments& arguments, Console& console) {
  TRY_ASSIGN(AclFilter filter, read_acl_filter(arguments));
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  TRY_ASSIGN(auto acls, client::acls(access->cluster(), filter));
  if (acls.empty() && !arguments.has("--json")) console.note("no access rules");
  return write_acls(console, acls, arguments.has("--json"));
}

}  // namespace

Command acl_ls_command() {
  Command command;
  command.name = "acl ls";
  command.summary = "List access rules.";
  command.details = "All of them, or those of which everything is so that the options say.";
  std::vector<OptionInfo> options = acl_options();
  options.push_back(json_option());
  command.options = with_cluster_options(std::move(options));
  command.examples = {{"leat acl ls --user admin --principal alice", "What may Alice do?"}};
  command.run = run_or_fail<list_rules>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
