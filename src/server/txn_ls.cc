// leat txn ls
#include "client/open_transactions.h"
#include "server/cluster_access.h"
#include "server/command.h"
#include "server/listing.h"

namespace leat {
namespace {

using client::Verdict;

// What the coordinators know.
Status list_known(client::Cluster& cluster, WallTime now, bool json, Console& console) {
  TRY_ASSIGN(auto all, client::list_transactions(cluster));
  Listing listing({{"transactional id"},
                   {"state"},
                   {"producer", Shown::kCount},
                   {"coordinator"},
                   {"open for", Shown::kDuration},
                   {"timeout", Shown::kDuration},
                   {"partitions", Shown::kCount}});
  for (const client::TransactionListing& each : all) {
    ListValue open_for, timeout, partitions;
    auto known = client::describe_transaction(cluster, each.id);
    if (!known && known.error().code != Errc::kNotFound) return known.error();
    if (known) timeout = known->timeout_ms;
    if (known && known->started) {
      open_for = now.value - known->started->value;
      partitions = static_cast<int64_t>(known->partitions.size());
    }
    listing.add(
        {each.id, each.state, each.producer_id, cluster.name_of(each.coordinator), open_for, timeout, partitions});
  }
  if (listing.empty() && !json) console.note("no transactional ids");
  return listing.write(console, json);
}

Result<std::set<TopicPartition>> partitions_to_look_at(client::Cluster& cluster,
                                                       const std::vector<std::string>& topics) {
  std::set<TopicPartition> out;
  for (const std::string& name : topics) {
    TRY_ASSIGN(auto topic, cluster.topic(name));
    out.merge(client::partitions_of(topic));
  }
  if (!topics.empty()) return out;
  TRY_ASSIGN(auto all, cluster.topics());
  for (const client::TopicInfo& topic : all) out.merge(client::partitions_of(topic));
  return out;
}

// What the partitions know, and nobody ends.
Status list_hanging(client::Cluster& cluster, const std::vector<std::string>& topics, WallTime now, bool json,
                    Console& console) {
  TRY_ASSIGN(auto partitions, partitions_to_look_at(cluster, topics));
  TRY_ASSIGN(auto open, client::open_transactions(cluster, partitions, now));
  Listing listing({{"topic"},
                   {"partition", Shown::kCount},
                   {"start offset", Shown::kCount},
                   {"producer", Shown::kCount},
                   {"last record", Shown::kTime},
                   {"transactional id"},
                   {"why"}});
  for (const client::OpenTransaction& each : open) {
    if (each.verdict == Verdict::kOpen) continue;
    ListValue last, id;
    if (each.producer.last_timestamp.value >= 0) last = each.producer.last_timestamp.value;
    if (each.known) id = each.known->id;
    listing.add({each.partition.topic, int64_t{each.partition.partition.value}, each.producer.transaction_start->value,
                 each.producer.producer_id, last, id,
                 each.verdict == Verdict::kOverdue ? "open longer than its timeout" : "no coordinator knows it"});
  }
  if (listing.empty() && !json) console.note("no transaction hangs");
  return listing.write(console, json);
}

Status list_transactions(const Arguments& arguments, Console& console) {
  std::vector<std::string> topics = arguments.all("--topic");
  bool hanging = arguments.has("--hanging"), json = arguments.has("--json");
  if (!hanging && !topics.empty())
    return Error{Errc::kInvalidArgument, "--topic says where to look for --hanging ones"};
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  WallTime now = access->env().clock.wall();
  if (hanging) return list_hanging(access->cluster(), topics, now, json, console);
  return list_known(access->cluster(), now, json, console);
}

}  // namespace

Command txn_ls_command() {
  Command command;
  command.name = "txn ls";
  command.summary = "List transactional ids, or the transactions that hang.";
  command.details =
      "A transaction that stays open holds up everybody who reads committed records. With --hanging every partition "
      "is asked for open transactions, and the coordinators for who they are: those are listed that are open longer "
      "than their timeout (and a minute), and those that no coordinator knows, which nobody will end.";
  command.options =
      with_cluster_options({{"--hanging", 0, "", "Those that will not end by themselves."},
                            {"--topic", 't', "TOPIC", "Look for them in this topic only. Repeatable.", {}, true},
                            json_option()});
  command.examples = {{"leat txn ls", "Who writes in transactions?"},
                      {"leat txn ls --hanging", "What holds up my readers?"}};
  command.run = run_or_fail<list_transactions>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
