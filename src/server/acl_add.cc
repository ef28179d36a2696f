// leat acl add
#include "client/acls.h"
#include "server/acl_options.h"
#include "server/cluster_access.h"
#include "server/command.h"

namespace leat {
namespace {

Status add_rules(const Arguments& arguments, Console& console) {
  TRY_ASSIGN(auto acls, read_acls(arguments));
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  TRY(client::add_acls(access->cluster(), acls));
  return write_acls(console, acls, arguments.has("--json"));
}

}  // namespace

Command acl_add_command() {
  Command command;
  command.name = "acl add";
  command.summary = "Add access rules.";
  command.details =
      "A rule for each --operation. Who may read, write, delete or alter something may also describe it. Rules are in "
      "force where the broker has super.users or authorizer.class.name; docs/security.md says what each request "
      "needs.";
  std::vector<OptionInfo> options = acl_options();
  options.push_back(json_option());
  command.options = with_cluster_options(std::move(options));
  command.examples = {{"leat acl add --user admin --topic orders --principal alice --operation write",
                       "Alice may write to the topic orders."},
                      {"leat acl add --user admin --group app- --prefix --principal app --operation read",
                       "The user app may take part in groups whose names begin with app-."}};
  command.run = run_or_fail<add_rules>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
