// leat group ls
#include "client/groups.h"
#include "server/cluster_access.h"
#include "server/command.h"
#include "server/listing.h"

namespace leat {
namespace {

ListValue text_or_none(const std::string& text) {
  return text.empty() ? ListValue() : ListValue(text);
}

Status list_groups(const Arguments& arguments, Console& console) {
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  TRY_ASSIGN(auto groups, client::list_groups(access->cluster()));
  Listing listing({{"group"}, {"state"}, {"type"}, {"protocol"}});
  for (const client::GroupListing& each : groups) {
    listing.add({each.id, text_or_none(each.state), text_or_none(each.type), text_or_none(each.protocol_type)});
  }
  if (listing.empty() && !arguments.has("--json")) console.note("no groups");
  return listing.write(console, arguments.has("--json"));
}

}  // namespace

Command group_ls_command() {
  Command command;
  command.name = "group ls";
  command.summary = "List the groups of a cluster.";
  command.details = "Empty groups have no members, and still have what they committed.";
  command.options = with_cluster_options({json_option()});
  command.examples = {{"leat group ls", "Which groups are there, and are they at work?"}};
  command.run = run_or_fail<list_groups>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
