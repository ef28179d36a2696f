// leat group reset
#include "server/cluster_access.h"
#include "server/command.h"
#include "server/group_text.h"
#include "server/human.h"
#include "server/listing.h"
#include "server/reset_plan.h"

namespace leat {
namespace {

using Plan = std::map<TopicPartition, PartitionReset>;

Listing listing_of(const Plan& plan) {
  Listing out({{"topic"},
               {"partition", Shown::kCount},
               {"from", Shown::kCount},
               {"to", Shown::kCount},
               {"read again", Shown::kCount},
               {"never read", Shown::kCount},
               {"kept from", Shown::kCount},
               {"kept since", Shown::kTime},
               {"end", Shown::kCount}});
  for (const auto& [partition, reset] : plan) {
    ListValue from, kept_since;
    if (reset.from) from = reset.from->value;
    if (reset.kept_since) kept_since = reset.kept_since->value;
    int64_t again = reset.again();
    out.add({partition.topic, int64_t{partition.partition.value}, from, reset.to.value, std::max<int64_t>(again, 0),
             std::max<int64_t>(-again, 0), reset.start.value, kept_since, reset.end.value});
  }
  return out;
}

std::string summary_of(const Plan& plan) {
  int64_t again = 0, never = 0, into_range = 0;
  for (const auto& [partition, reset] : plan) {
    again += std::max<int64_t>(reset.again(), 0);
    never += std::max<int64_t>(-reset.again(), 0);
    into_range += reset.moved_into_range ? 1 : 0;
  }
  std::string out = human_count(again) + " offsets are read again, " + human_count(never) + " never";
  if (into_range > 0) {
    out += "; in " + human_count(into_range) +
           " partitions what was asked for is not kept any more, or not written yet: the nearest that is";
  }
  return out;
}

Result<ResetTo> target_of(const Arguments& arguments, WallTime now) {
  auto given = arguments.last("--to");
  if (!given)
    return Error{Errc::kInvalidArgument, "where to? Give --to earliest, latest, offset N, timestamp T or duration D"};
  std::optional<std::string> value;
  if (arguments.operands().size() > 1) value = arguments.operands()[1];
  size_t equals = given->find('=');
  if (equals == std::string::npos) return ResetTo::parse(*given, value, now);
  return ResetTo::parse(given->substr(0, equals), given->substr(equals + 1), now);
}

Status reset(const Arguments& arguments, Console& console) {
  std::vector<std::string> topics = arguments.all("--topic");
  if (topics.empty()) return Error{Errc::kInvalidArgument, "of which topic? Give --topic TOPIC"};
  PosixEnv posix;
  TRY_ASSIGN(ResetTo to, target_of(arguments, posix.env().clock.wall()));
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  client::Cluster& cluster = access->cluster();
  TRY_ASSIGN(auto group, client::describe_group(cluster, arguments.operands()[0]));
  bool execute = arguments.has("--execute");
  if (execute && !group.members.empty()) return has_members(group, "reset its offsets");
  TRY_ASSIGN(Plan plan, plan_reset(cluster, group, topics, to));
  if (execute) {
    std::map<TopicPartition, client::GroupOffset> offsets;
    for (const auto& [partition, each] : plan) offsets[partition] = {each.to, ""};
    TRY(client::commit_offsets(cluster, group.id, offsets));
  }
  TRY(listing_of(plan).write(console, arguments.has("--json")));
  console.note(summary_of(plan));
  if (!execute && !group.members.empty())
    console.note("with --execute refused now: " + has_members(group, "reset its offsets").message);
  console.note(execute ? "done" : "nothing was changed; --execute does it");
  return {};
}

}  // namespace

Command group_reset_command() {
  Command command;
  command.name = "group reset";
  command.operands = "GROUP [VALUE]";
  command.operands_min = 1;
  command.operands_max = 2;
  command.summary = "Move a group to another place in a topic.";
  command.details =
      "Without --execute it is only shown: from where to where, how many offsets are read again or never (markers of "
      "transactions and compacted records count), and how far back retention still reaches. With it, it is refused "
      "while the group has members, who would overwrite it; they are named.\n"
      "--to earliest and latest: where the partition begins and ends. --to offset N. --to timestamp T: the first "
      "record "
      "that is not older than that time in UTC, or the end. --to duration D: the same, so far back from now. What is "
      "not kept any more becomes the oldest that is.";
  command.options =
      with_cluster_options({{"--topic", 't', "TOPIC", "In this topic, all partitions. Repeatable.", {}, true},
                            {"--to", 0, "WHERE", "earliest, latest, offset N, timestamp T, duration D."},
                            {"--execute", 0, "", "Do it."},
                            json_option()});
  command.examples = {
      {"leat group reset totals --topic flights --to earliest", "What would it be to begin anew?"},
      {"leat group reset totals --topic flights --to duration '90 min' --execute", "Back by 90 minutes."},
      {"leat group reset totals --topic flights --to timestamp '2024-02-29 12:00'", "Back to noon."}};
  command.run = run_or_fail<reset>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
