// leat group lag
#include <algorithm>

#include "server/cluster_access.h"
#include "server/command.h"
#include "server/group_text.h"
#include "server/human.h"
#include "server/listing.h"

namespace leat {
namespace {

using Offsets = std::map<TopicPartition, client::TimedOffset>;

// Of partitions whose topics are gone there is no lag to tell.
Result<Offsets> ends_of(client::Cluster& cluster, const std::set<TopicPartition>& partitions) {
  std::set<TopicPartition> there;
  for (const TopicPartition& each : partitions) {
    auto topic = cluster.topic(each.topic);
    if (!topic && topic.error().code != Errc::kNotFound) return topic.error();
    if (topic && topic->partitions.contains(each.partition.value)) there.insert(each);
  }
  if (there.empty()) return Offsets();
  return client::list_offsets(cluster, there, client::kLatest);
}

Status show_lag(const Arguments& arguments, Console& console) {
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  client::Cluster& cluster = access->cluster();
  TRY_ASSIGN(auto group, client::describe_group(cluster, arguments.operands()[0]));
  TRY_ASSIGN(auto committed, client::committed_offsets(cluster, group.id));
  std::map<TopicPartition, const client::GroupMember*> owners;
  std::set<TopicPartition> partitions;
  for (const client::GroupMember& member : group.members) {
    for (const TopicPartition& each : member.assignment) owners[each] = &member;
    partitions.insert(member.assignment.begin(), member.assignment.end());
  }
  for (const auto& [partition, offset] : committed) partitions.insert(partition);
  TRY_ASSIGN(Offsets ends, ends_of(cluster, partitions));
  Listing listing({{"topic"},
                   {"partition", Shown::kCount},
                   {"committed", Shown::kCount},
                   {"end", Shown::kCount},
                   {"lag", Shown::kCount},
                   {"client"},
                   {"host"}});
  int64_t total = 0;
  for (const TopicPartition& each : partitions) {
    ListValue at, end, lag, client, host;
    if (committed.contains(each)) at = committed[each].offset.value;
    if (ends.contains(each)) end = ends[each].offset.value;
    if (committed.contains(each) && ends.contains(each)) {
      int64_t behind = std::max<int64_t>(ends[each].offset.value - committed[each].offset.value, 0);
      lag = behind;
      total += behind;
    }
    if (owners.contains(each)) {
      client = owners[each]->client_id;
      host = owners[each]->host;
    }
    listing.add({each.topic, int64_t{each.partition.value}, at, end, lag, client, host});
  }
  TRY(listing.write(console, arguments.has("--json")));
  if (!arguments.has("--json"))
    console.note("group '" + group.id + "' is " + group.state + ", lag " + human_count(total));
  return {};
}

}  // namespace

Command group_lag_command() {
  Command command;
  command.name = "group lag";
  command.operands = "GROUP";
  command.operands_min = command.operands_max = 1;
  command.summary = "Show how far a group is behind, partition by partition.";
  command.details =
      "The lag is counted to the last stable offset, which is what a reader of committed records can reach: a "
      "transaction that stays open is not the group's fault. `leat txn ls --hanging` finds those.\n"
      "A partition without a committed offset has no lag to tell; one without a client is read by nobody now.";
  command.options = with_cluster_options({json_option()});
  command.examples = {{"leat group lag totals", "Does it keep up?"},
                      {"leat group lag totals --json | jq -s 'map(.lag) | add'", "In one number."}};
  command.run = run_or_fail<show_lag>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
