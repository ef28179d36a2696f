// leat txn abort
#include "client/open_transactions.h"
#include "server/cluster_access.h"
#include "server/command.h"
#include "server/confirm.h"

namespace leat {
namespace {

Status abort_by_id(const Arguments& arguments, client::Cluster& cluster, Console& console) {
  const std::string& id = arguments.operands()[0];
  TRY_ASSIGN(auto found, client::describe_transaction(cluster, id));
  std::string open = found.started
                         ? "it has a transaction open in " + std::to_string(found.partitions.size()) + " partitions"
                         : "it has nothing open (" + found.state + ")";
  TRY(confirm(arguments, console, "Fence the producer '" + id + "', so that it must start anew? " + open + "."));
  TRY(client::fence_producer(cluster, id));
  console.note("fenced '" + id + "'" + (found.started ? "; what it had open is aborted" : ""));
  return {};
}

Result<client::OpenTransaction> find_open(client::Cluster& cluster, const TopicPartition& partition, Offset start,
                                          WallTime now) {
  TRY(cluster.leader(partition));
  TRY_ASSIGN(auto open, client::open_transactions(cluster, {partition}, now));
  std::string starts;
  for (const client::OpenTransaction& each : open) {
    if (*each.producer.transaction_start == start) return each;
    starts += (starts.empty() ? "" : ", ") + std::to_string(each.producer.transaction_start->value);
  }
  return Error{Errc::kNotFound, "no open transaction begins at offset " + std::to_string(start.value) + " of '" +
                                    partition.topic + "' partition " + std::to_string(partition.partition.value) +
                                    (starts.empty() ? ": none is open there" : "; open ones begin at " + starts)};
}

// Past its coordinator: only where there is none to do it.
Status abort_in_partition(const Arguments& arguments, client::Cluster& cluster, WallTime now, Console& console) {
  TRY_ASSIGN(int64_t number, arguments.number_or("--partition", -1));
  TRY_ASSIGN(int64_t start, arguments.number_or("--start-offset", -1));
  auto topic = arguments.last("--topic");
  if (!topic || number < 0 || number > INT32_MAX || start < 0) {
    return Error{Errc::kInvalidArgument,
                 "which transaction? Give its transactional id, or --topic, --partition and --start-offset"};
  }
  TopicPartition partition{*topic, PartitionId{static_cast<int32_t>(number)}};
  TRY_ASSIGN(auto open, find_open(cluster, partition, Offset{start}, now));
  if (open.verdict != client::Verdict::kNoCoordinator) {
    return Error{Errc::kConflict, "the coordinator of '" + open.known->id +
                                      "' knows this transaction, and it may be in "
                                      "other partitions too: `leat txn abort " +
                                      open.known->id + "` ends all of it"};
  }
  TRY(confirm(arguments, console,
              "Abort the transaction of producer " + std::to_string(open.producer.producer_id) + " in '" + *topic +
                  "' partition " + std::to_string(number) + "? Its records there will never be read."));
  TRY(client::abort_in_partition(cluster, partition, open.producer));
  console.note("aborted");
  return {};
}

Status abort(const Arguments& arguments, Console& console) {
  bool place = arguments.has("--topic") || arguments.has("--partition") || arguments.has("--start-offset");
  bool by_id = !arguments.operands().empty();
  if (place && by_id) {
    return Error{Errc::kInvalidArgument, "give a transactional id, or --topic, --partition and --start-offset"};
  }
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  if (by_id) return abort_by_id(arguments, access->cluster(), console);
  return abort_in_partition(arguments, access->cluster(), access->env().clock.wall(), console);
}

}  // namespace

Command txn_abort_command() {
  Command command;
  command.name = "txn abort";
  command.operands = "[ID]";
  command.operands_max = 1;
  command.summary = "End a transaction that hangs.";
  command.details =
      "By its transactional id: the producer is fenced and its coordinator aborts what is open, in all partitions; the "
      "producer must start anew.\n"
      "By topic, partition and the offset at which it begins (`leat txn ls --hanging` shows them): an abort marker is "
      "written into that partition. Only for a transaction that no coordinator knows.";
  command.options = with_cluster_options({{"--topic", 't', "TOPIC", "Where it hangs."},
                                          {"--partition", 'p', "N", "Where it hangs."},
                                          {"--start-offset", 0, "OFFSET", "Where it begins there."},
                                          yes_option()});
  command.examples = {{"leat txn abort totals-0", "Fence that producer; it asks."},
                      {"leat txn abort --topic flights --partition 3 --start-offset 4711", "One that nobody knows."}};
  command.run = run_or_fail<abort>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
