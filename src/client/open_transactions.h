#pragma once
// Transactions that are open in partitions, and which of them hang: as Kafka's kafka-transactions.sh find-hanging.
#include "client/transactions.h"

namespace leat::client {

enum class Verdict : uint8_t {
  kOpen,          // Its coordinator knows it, and it is within its time.
  kOverdue,       // Its coordinator knows it, and should have ended it long ago.
  kNoCoordinator  // No coordinator has a transaction of this producer in this partition: nobody will end it.
};

struct OpenTransaction {
  TopicPartition partition;
  ProducerState producer;
  std::optional<TransactionDescription> known;  // What its coordinator says, if one does.
  Verdict verdict = Verdict::kOpen;
};

// A transaction that is known is overdue when it is older than its timeout and this: coordinators look now and then.
inline constexpr int64_t kOverdueGraceMs = 60'000;

// In these partitions; `now` is the time that ages are counted to. A transaction that has just ended may still be
// named: its markers are being written. So one that nobody knows counts only if the partition still has it when asked
// again.
Result<std::vector<OpenTransaction>> open_transactions(Cluster&, const std::set<TopicPartition>&, WallTime now);

}  // namespace leat::client
