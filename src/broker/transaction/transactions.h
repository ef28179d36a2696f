#pragma once
// Transactions: the coordinator of a broker's transactions.
//
// The decision is one event; the markers follow, and after a crash they are written again: a marker without a
// transaction moves nothing. An answer to EndTxn means that every marker is durable, so whoever reads committed data
// after it sees all of the transaction. docs/kafka.md.
//
// Threads: the broker's. `done` may be called at once.
#include <functional>
#include <map>
#include <memory>

#include "broker/partition.h"
#include "broker/state/broker_event.h"
#include "broker/transaction/step_connections.h"
#include "broker/transaction/transaction_rules.h"

namespace leat {

class Broker;

// AddPartitionsToTxn, AddOffsetsToTxn: what belongs to the transaction from now on.
struct TransactionAddition {
  std::string id;
  ProducerIdentity producer;
  std::vector<TopicPartition> partitions{};
  std::vector<std::string> groups{};
  bool knows_fenced = false;
};

class Transactions {
 public:
  using ErrorCode = protocol::ErrorCode;
  using Done = std::function<void(ErrorCode)>;
  using IdentityDone = std::function<void(ErrorCode, const ProducerIdentity&)>;

  explicit Transactions(Broker& broker) : broker_(broker) {}
  // What had been decided before the start is gone on with.
  void restore();

  // `over`: the connection that a step came on; null: none.
  using Over = std::shared_ptr<Client>;

  void claim(const TransactionClaim&, IdentityDone done);
  // The partitions exist.
  void add(TransactionAddition, const Over& over, Done done);
  // `adds_group`: the group belongs to the transaction from now on (version 5 of TxnOffsetCommit).
  void stage(const std::string& id, const ProducerIdentity&, const std::string& group,
             const std::vector<std::pair<TopicPartition, GroupOffset>>&, bool adds_group, Done done);
  void end(const TransactionEnd&, const Over& over, IdentityDone done);

  // Before a transactional batch is appended. Not kNone: it must not be. Else `durable` is called when the transaction
  // is known to reach the partition.
  ErrorCode write(const TransactionWrite&, Done durable);

  // A partition was opened: what stands in it of a transaction that is no more was never acknowledged, and is aborted.
  void adopt(const TopicPartition&, Partition&);
  // A transaction is ended in one partition. Kafka's markers (version 0 of their key and value).
  Result<Offset> append_marker(Partition&, const ProducerIdentity&, bool commit);

 private:
  // Calls `act` with a fresh producer id.
  void with_fresh_id(std::function<void(Result<int64_t>)> act);
  void claim_with(const TransactionClaim&, std::optional<int64_t> fresh_id, IdentityDone done);
  void end_with(const TransactionEnd&, std::optional<int64_t> fresh_id, IdentityDone done);
  bool is_from_before(const TransactionEnd&, const Over&) const;
  // Takes what a verdict says: makes it durable, writes the markers if it is decided, completes it.
  void carry_out(TransactionState next, Done done);
  void write_markers(const std::string& id, Done done);
  void finish(const std::string& id, Done done);
  void fence_expired(const std::string& id, std::optional<int64_t> fresh_id);
  void look_at_times();
  bool will_write_marker(const TopicPartition&, const OpenTransaction&) const;

  // The events that make it grow, and from when its time-out counts.
  void grow(broker_event::TransactionGrew, const Over&, std::vector<BrokerEvent> more, Done done);

  Broker& broker_;
  std::map<std::string, Instant> began_;          // The open ones, by a clock that does not jump; in this process.
  std::map<std::string, StepConnections> steps_;  // Of the ids that grew since they were claimed, in this process.
  std::unique_ptr<Loop::Timer> timer_;
};

}  // namespace leat
