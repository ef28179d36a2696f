#pragma once
// Transactions from outside: what their coordinators know, what the partitions know, and how to end one.
#include "client/offsets.h"

namespace leat::client {

struct TransactionListing {
  std::string id, state;
  int64_t producer_id = -1;
  int32_t coordinator = -1;
};
// Of every broker, by id.
Result<std::vector<TransactionListing>> list_transactions(Cluster&);

struct TransactionDescription {
  std::string id, state;  // "Ongoing", "PrepareCommit", "Empty", …
  int32_t coordinator = -1;
  int64_t timeout_ms = 0;
  std::optional<WallTime> started;  // nullopt: none is open.
  int64_t producer_id = -1;
  int16_t producer_epoch = -1;
  std::set<TopicPartition> partitions;
};
// kNotFound, naming the nearest, if no coordinator knows the id.
Result<TransactionDescription> describe_transaction(Cluster&, const std::string& id);

// What a partition remembers of a producer.
struct ProducerState {
  int64_t producer_id = -1;
  int32_t producer_epoch = -1;
  int32_t coordinator_epoch = -1;
  WallTime last_timestamp;                  // Of its last record; -1: unknown.
  std::optional<Offset> transaction_start;  // The first offset of its open transaction.
};
Result<std::map<TopicPartition, std::vector<ProducerState>>> describe_producers(Cluster&,
                                                                                const std::set<TopicPartition>&);

// Ends the producer's transaction in one partition, past its coordinator: for what no coordinator knows any more.
Status abort_in_partition(Cluster&, const TopicPartition&, const ProducerState&);
// Fences the producer that has the transactional id, and so aborts what it has open. Waits until that is done.
Status fence_producer(Cluster&, const std::string& id);

}  // namespace leat::client
