// leat txn show
#include "client/transactions.h"
#include "dlq/json_object.h"
#include "server/cluster_access.h"
#include "server/command.h"
#include "server/human.h"
#include "server/listing.h"

namespace leat {
namespace {

using client::TransactionDescription;

// Where it began in each partition.
Result<Listing> partitions_of(client::Cluster& cluster, const TransactionDescription& transaction) {
  Listing out(
      {{"topic"}, {"partition", Shown::kCount}, {"start offset", Shown::kCount}, {"last record", Shown::kTime}});
  if (transaction.partitions.empty()) return out;
  TRY_ASSIGN(auto producers, client::describe_producers(cluster, transaction.partitions));
  for (const TopicPartition& each : transaction.partitions) {
    ListValue start, last;
    for (const client::ProducerState& state : producers[each]) {
      if (state.producer_id != transaction.producer_id || !state.transaction_start) continue;
      start = state.transaction_start->value;
      if (state.last_timestamp.value >= 0) last = state.last_timestamp.value;
    }
    out.add({each.topic, int64_t{each.partition.value}, start, last});
  }
  return out;
}

Bytes as_json(const TransactionDescription& from, const std::string& coordinator, const Listing& partitions) {
  Bytes text;
  JsonObject out(text);
  out.text("transactional_id", from.id);
  out.text("state", from.state);
  out.text("coordinator", coordinator);
  out.number("producer", from.producer_id);
  out.number("epoch", from.producer_epoch);
  out.number("timeout_ms", from.timeout_ms);
  if (from.started) out.time("started", from.started->value);
  out.raw("partitions", partitions.json_array());
  out.close();
  return text + "\n";
}

std::string as_text(const TransactionDescription& from, const std::string& coordinator, WallTime now,
                    const Listing& partitions, size_t width) {
  std::string out = "transactional id  " + printable_line(from.id) + "\nstate             " + from.state +
                    "\ncoordinator       " + coordinator + "\nproducer          " + std::to_string(from.producer_id) +
                    ", epoch " + std::to_string(from.producer_epoch) + "\ntimeout           " +
                    human_duration(from.timeout_ms) + "\n";
  if (from.started) {
    out += "open since        " + human_time(from.started->value) + ", for " +
           human_duration(now.value - from.started->value) + "\n";
  }
  return partitions.empty() ? out : out + "\n" + partitions.table(width);
}

Status show_transaction(const Arguments& arguments, Console& console) {
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  client::Cluster& cluster = access->cluster();
  TRY_ASSIGN(auto found, client::describe_transaction(cluster, arguments.operands()[0]));
  TRY_ASSIGN(Listing partitions, partitions_of(cluster, found));
  std::string coordinator = cluster.name_of(found.coordinator);
  WallTime now = access->env().clock.wall();
  return console.write(arguments.has("--json") ? as_json(found, coordinator, partitions)
                                               : as_text(found, coordinator, now, partitions, console.width()));
}

}  // namespace

Command txn_show_command() {
  Command command;
  command.name = "txn show";
  command.operands = "ID";
  command.operands_min = command.operands_max = 1;
  command.summary = "Show what is known of a transactional id, and what it has open.";
  command.options = with_cluster_options({json_option()});
  command.examples = {{"leat txn show totals-0", "Since when is it open, and where?"}};
  command.run = run_or_fail<show_transaction>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
