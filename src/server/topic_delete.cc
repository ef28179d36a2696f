// leat topic delete
#include "client/offsets.h"
#include "client/topics.h"
#include "server/cluster_access.h"
#include "server/command.h"
#include "server/confirm.h"
#include "server/human.h"

namespace leat {
namespace {

Status remove_topics(const Arguments& arguments, Console& console) {
  const std::string& name = arguments.operands()[0];
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  TRY_ASSIGN(auto topic, access->cluster().topic(name));
  TRY_ASSIGN(auto start, client::list_offsets(access->cluster(), client::partitions_of(topic), client::kEarliest));
  TRY_ASSIGN(auto end, client::list_offsets(access->cluster(), client::partitions_of(topic), client::kLatest));
  int64_t offsets = 0;
  for (const auto& [partition, at] : end) offsets += at.offset.value - start[partition].offset.value;
  TRY(confirm(arguments, console, "Delete topic '" + name + "' with " + human_count(offsets) + " offsets, for ever?"));
  TRY(client::delete_topic(access->cluster(), name));
  console.note("deleted topic '" + name + "'");
  return {};
}

}  // namespace

Command topic_delete_command() {
  Command command;
  command.name = "topic delete";
  command.operands = "TOPIC";
  command.operands_min = command.operands_max = 1;
  command.summary = "Delete a topic, and every record in it.";
  command.options = with_cluster_options({yes_option()});
  command.examples = {{"leat topic delete flights", "It asks."}, {"leat topic delete flights --yes", "In a script."}};
  command.run = run_or_fail<remove_topics>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
