// leat topic offsets
#include "client/offsets.h"
#include "server/cluster_access.h"
#include "server/command.h"
#include "server/listing.h"
#include "server/topic_source.h"

namespace leat {
namespace {

Status show_offsets(const Arguments& arguments, Console& console) {
  TRY_ASSIGN(ReadFrom at, ReadFrom::parse(arguments.value_or("--at", "latest")));
  if (at.kind == ReadFrom::kOffset) {
    return Error{Errc::kInvalidArgument, "--at " + arguments.value_or("--at", "") + ": expected a time"};
  }
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  client::Cluster& cluster = access->cluster();
  TRY_ASSIGN(auto topic, cluster.topic(arguments.operands()[0]));
  auto partitions = client::partitions_of(topic);
  int64_t time = at.kind == ReadFrom::kTime     ? at.value
                 : at.kind == ReadFrom::kLatest ? client::kLatest
                                                : client::kEarliest;
  TRY_ASSIGN(auto found, client::list_offsets(cluster, partitions, time));
  Listing listing({{"partition", Shown::kCount}, {"offset", Shown::kCount}, {"timestamp", Shown::kTime}});
  for (const auto& [partition, place] : found) {
    ListValue offset, timestamp;
    if (place.offset.value >= 0) offset = place.offset.value;
    if (place.timestamp.value >= 0) timestamp = place.timestamp.value;
    listing.add({int64_t{partition.partition.value}, offset, timestamp});
  }
  return listing.write(console, arguments.has("--json"));
}

}  // namespace

Command topic_offsets_command() {
  Command command;
  command.name = "topic offsets";
  command.operands = "TOPIC";
  command.operands_min = command.operands_max = 1;
  command.summary = "Show where a topic's partitions begin, end, or were at a time.";
  command.details =
      "At a time: the offset and the timestamp of the first record that is not older; nothing if all are. The end is "
      "the last stable offset: what readers of committed records reach.";
  command.options = with_cluster_options(
      {{"--at", 0, "WHERE", "latest (default), earliest, or a time in UTC: '2024-02-29 12:34:56.789'."},
       json_option()});
  command.examples = {{"leat topic offsets flights --at '2024-02-29 12:00'", "Where was it at noon?"}};
  command.run = run_or_fail<show_offsets>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
