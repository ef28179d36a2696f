// leat group explain
#include <algorithm>

#include "base/units.h"
#include "client/groups.h"
#include "explain/report.h"
#include "server/cluster_access.h"
#include "server/command.h"
#include "server/group_history_reader.h"

namespace leat {
namespace {

constexpr int64_t kMinuteMs = 60'000;
// What came shortly before helps to understand what is asked for: who was in the group, who had just gone.
constexpr int64_t kLookBackMs = 60 * kMinuteMs;

struct Asked {
  WallTime from, until;
  std::optional<int32_t> what_if;
};

Result<Asked> read_options(const Arguments& arguments, WallTime now) {
  Asked out;
  TRY_ASSIGN(int64_t since_ms, parse_duration_ms(arguments.value_or("--since", "24 h")));
  out.until = now;
  out.from = {now.value - since_ms};
  if (auto text = arguments.last("--what-if")) {
    size_t digits = text->find_first_not_of("+-");
    bool good = !text->empty() && digits != std::string::npos && digits <= 1 && text->size() - digits <= 3 &&
                text->find_first_not_of("0123456789", digits) == std::string::npos;
    int32_t count = good ? std::stoi(text->substr(digits)) : 0;
    if (count == 0) {
      return Error{Errc::kInvalidArgument,
                   "--what-if " + *text + ": expected how many members come or go, as +1 or -1"};
    }
    out.what_if = text->front() == '-' ? -count : count;
  }
  return out;
}

const Rebalance* last_rebalance(const GroupPast& past) {
  for (auto each = past.records.rbegin(); each != past.records.rend(); ++each) {
    const auto* rebalance = std::get_if<Rebalance>(&each->what);
    if (rebalance != nullptr && rebalance->ended) return rebalance;
  }
  return nullptr;
}

// As it is described, with what only the history knows of its members.
Result<GroupNow> group_now(client::Cluster& cluster, const std::string& id, const GroupPast& past) {
  GroupNow out;
  out.id = id;
  const Rebalance* last = last_rebalance(past);
  if (last != nullptr) {
    out.generation = last->to_generation;
    out.leader = last->leader;
  }
  auto described = client::describe_group(cluster, id);
  if (!described) {
    if (described.error().code == Errc::kNotFound && !past.records.empty()) return out;
    return described.error();
  }
  out.state = described->state;
  out.assignor = described->assignor;
  out.consumer_protocol = described->type == "consumer" || described->type == "Consumer";
  if (described->epoch >= 0) out.generation = described->epoch;
  for (const client::GroupMember& each : described->members) {
    RebalanceMember& member = out.members.emplace_back();
    member.id = each.id;
    member.instance_id = each.instance_id;
    member.client_id = each.client_id;
    member.client_host = each.host;
    member.topics = each.subscription;
    for (const TopicPartition& partition : each.assignment) {
      member.assigned[partition.topic].push_back(partition.partition.value);
    }
    for (const RebalanceMember& known : last != nullptr ? last->members : std::vector<RebalanceMember>()) {
      if (known.id != each.id) continue;
      if (member.topics.empty()) member.topics = known.topics;
      member.software_name = known.software_name;
      member.software_version = known.software_version;
    }
  }
  return out;
}

Result<WhatIf> imagine(client::Cluster& cluster, const GroupNow& group, int32_t added) {
  if (group.members.empty()) {
    return Error{Errc::kConflict, "--what-if: group '" + group.id + "' has no members now"};
  }
  TRY_ASSIGN(auto topics, cluster.topics());
  std::map<std::string, int32_t> partitions;
  for (const auto& topic : topics) partitions[topic.name] = static_cast<int32_t>(topic.partitions.size());
  return what_if(group.members, partitions, group.assignor, group.consumer_protocol, added);
}

Status explain(const Arguments& arguments, Console& console) {
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  TRY_ASSIGN(Asked asked, read_options(arguments, access->env().clock.wall()));
  const std::string& id = arguments.operands()[0];
  TRY_ASSIGN(GroupPast past, read_group_past(access->cluster(), id, {asked.from.value - kLookBackMs}));
  TRY_ASSIGN(GroupNow now, group_now(access->cluster(), id, past));
  Diagnosis diagnosis = diagnose(past.records, asked.from, asked.until);
  diagnosis.limits = past.limits;
  std::optional<WhatIf> what;
  if (asked.what_if) {
    TRY_ASSIGN(what, imagine(access->cluster(), now, *asked.what_if));
  }
  if (arguments.has("--json")) return console.write(report_json(now, diagnosis, what));
  ReportStyle style;
  if (console.out_is_terminal()) {
    style.width = std::clamp<size_t>(console.width(), 60, 120);
    std::string bold = console.paint_out(Paint::kBold, "\n"), dim = console.paint_out(Paint::kDim, "\n");
    style.bold = bold.substr(0, bold.find('\n'));
    style.dim = dim.substr(0, dim.find('\n'));
    style.plain = bold.substr(bold.find('\n') + 1);
  }
  if (arguments.has("--all")) style.rebalances_max = SIZE_MAX;
  return console.write(report_text(now, diagnosis, what, style));
}

int run_group_explain(const Arguments& arguments, Console& console) {
  Status done = explain(arguments, console);
  if (done) return kDone;
  return console.fail(done.error(), done.error().code == Errc::kInvalidArgument ? kUsage : kFailed);
}

}  // namespace

Command group_explain_command() {
  Command command;
  command.name = "group explain";
  command.operands = "GROUP";
  command.operands_min = command.operands_max = 1;
  command.summary = "Say why a group rebalances, what that cost, and what to change.";
  command.details =
      "Each cause is named with its evidence, and with how sure it is: observed by the broker, reported by the client, "
      "or "
      "inferred from timing. The history is kept for a week, in topic __leat_group_history. Of other clusters only "
      "what "
      "__consumer_offsets still has is known. docs/group-explain.md says what each cause means.";
  command.options = with_cluster_options(
      {{"--since", 0, "TIME", "How far to look back, as 1h or 7d. Default: 24h."},
       {"--what-if", 0, "N", "Who would give up which partitions if N members came (+1), or went (-1)?"},
       {"--all", 'a', "", "List every rebalance, not only the last ten."},
       json_option()});
  command.examples = {{"leat group explain totals", "Why did it rebalance in the last 24 hours?"},
                      {"leat group explain totals --since 1h --what-if +1", "And what would one more member do?"}};
  command.run = run_group_explain;
  command.examples_run = false;
  return command;
}

}  // namespace leat
