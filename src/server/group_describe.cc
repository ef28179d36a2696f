// leat group describe
#include "dlq/json_object.h"
#include "server/cluster_access.h"
#include "server/command.h"
#include "server/group_text.h"
#include "server/listing.h"

namespace leat {
namespace {

Listing members_of(const client::GroupDescription& group, bool json) {
  Listing out({{"client"}, {"host"}, {"member"}, {"instance"}, {"partitions", Shown::kJson}});
  for (const client::GroupMember& each : group.members) {
    ListValue instance;
    if (!each.instance_id.empty()) instance = each.instance_id;
    out.add({each.client_id, each.host, each.id, instance,
             json ? assignment_json(each.assignment) : assignment_text(each.assignment)});
  }
  return out;
}

Bytes as_json(const client::GroupDescription& group, const std::string& coordinator) {
  Bytes text;
  JsonObject out(text);
  out.text("group", group.id);
  out.text("state", group.state);
  out.text("type", group.type);
  out.text("assignor", group.assignor);
  out.text("coordinator", coordinator);
  if (group.epoch >= 0) out.number("epoch", group.epoch);
  out.raw("members", members_of(group, true).json_array());
  out.close();
  return text + "\n";
}

std::string as_text(const client::GroupDescription& group, const std::string& coordinator, size_t width) {
  std::string out = "group        " + group.id + "\nstate        " + group.state + "\ntype         " + group.type +
                    "\nassignor     " + (group.assignor.empty() ? "-" : group.assignor) + "\ncoordinator  " +
                    coordinator + "\n";
  if (group.epoch >= 0) out += "epoch        " + std::to_string(group.epoch) + "\n";
  if (group.members.empty()) return out + "members      none\n";
  return out + "\n" + members_of(group, false).table(width);
}

Status describe_group(const Arguments& arguments, Console& console) {
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  TRY_ASSIGN(auto group, client::describe_group(access->cluster(), arguments.operands()[0]));
  std::string coordinator = access->cluster().name_of(group.coordinator);
  return console.write(arguments.has("--json") ? as_json(group, coordinator)
                                               : as_text(group, coordinator, console.width()));
}

}  // namespace

Command group_describe_command() {
  Command command;
  command.name = "group describe";
  command.operands = "GROUP";
  command.operands_min = command.operands_max = 1;
  command.summary = "Show a group's state, and who its members are.";
  command.options = with_cluster_options({json_option()});
  command.examples = {{"leat group describe totals", "Who reads which partitions?"}};
  command.run = run_or_fail<describe_group>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
