// leat acl rm
#include "client/acls.h"
#include "server/acl_options.h"
#include "server/cluster_access.h"
#include "server/command.h"
#include "server/confirm.h"

namespace leat {
namespace {

Status remove_rules(const Arguments& arguments, Console& console) {
  TRY_ASSIGN(AclFilter filter, read_acl_filter(arguments));
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  TRY_ASSIGN(auto matching, client::acls(access->cluster(), filter));
  if (matching.empty()) return Error{Errc::kNotFound, "no access rule is like that"};
  TRY(confirm(arguments, console, "Remove " + std::to_string(matching.size()) + " access rules?"));
  TRY_ASSIGN(auto removed, client::remove_acls(access->cluster(), filter));
  return write_acls(console, removed, arguments.has("--json"));
}

}  // namespace

Command acl_rm_command() {
  Command command;
  command.name = "acl rm";
  command.summary = "Remove access rules.";
  command.details = "Those of which everything is so that the options say; they are shown.";
  std::vector<OptionInfo> options = acl_options();
  options.push_back(yes_option());
  options.push_back(json_option());
  command.options = with_cluster_options(std::move(options));
  command.examples = {{"leat acl rm --user admin --topic orders --principal alice", "It asks."}};
  command.run = run_or_fail<remove_rules>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
