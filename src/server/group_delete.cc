// leat group delete
#include "server/cluster_access.h"
#include "server/command.h"
#include "server/confirm.h"
#include "server/group_text.h"

namespace leat {
namespace {

Status remove_groups(const Arguments& arguments, Console& console) {
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  TRY_ASSIGN(auto group, client::describe_group(access->cluster(), arguments.operands()[0]));
  if (!group.members.empty()) return has_members(group, "delete it");
  TRY_ASSIGN(auto committed, client::committed_offsets(access->cluster(), group.id));
  TRY(confirm(
      arguments, console,
      "Delete group '" + group.id + "' and where it was in " + std::to_string(committed.size()) + " partitions?"));
  TRY(client::delete_group(access->cluster(), group.id));
  console.note("deleted group '" + group.id + "'");
  return {};
}

}  // namespace

Command group_delete_command() {
  Command command;
  command.name = "group delete";
  command.operands = "GROUP";
  command.operands_min = command.operands_max = 1;
  command.summary = "Delete a group, and what it has committed.";
  command.details = "Refused while it has members; they are named.";
  command.options = with_cluster_options({yes_option()});
  command.examples = {{"leat group delete totals", "It asks."}};
  command.run = run_or_fail<remove_groups>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
