#pragma once
// What a broker remembers of a transactional id. Kafka's states (KIP-98), with what KIP-360 and KIP-890 add.
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/types.h"

namespace leat {

enum class TransactionPhase : int8_t {
  kEmpty,          // Nothing was begun since its producer got its epoch.
  kOngoing,        // Partitions or groups were added.
  kPrepareCommit,  // Decided: the markers are being written, which a restart goes on with.
  kPrepareAbort,
  kCompleteCommit,  // All markers are durable.
  kCompleteAbort,
};
std::string to_string(TransactionPhase);  // As Kafka writes them.

struct ProducerIdentity {
  int64_t id = -1;
  int16_t epoch = -1;
  bool operator==(const ProducerIdentity&) const = default;
};

struct TransactionState {
  std::string id;             // The transactional id.
  ProducerIdentity producer;  // Who may use it.
  ProducerIdentity last;      // Who might before, so that a request which is sent again is known for what it is.
  ProducerIdentity marker;    // What its markers say, from the decision on.
  int32_t timeout_ms = 0;
  TransactionPhase phase = TransactionPhase::kEmpty;
  WallTime began;    // Of the ongoing one.
  WallTime changed;  // The last time that anything was.
  std::set<TopicPartition> partitions;
  std::set<std::string> groups;

  // One that is over, or was never begun, begins.
  void grow(const std::vector<TopicPartition>& more_partitions, const std::vector<std::string>& more_groups,
            WallTime now);
  bool is_decided() const {
    return phase == TransactionPhase::kPrepareCommit || phase == TransactionPhase::kPrepareAbort;
  }
  bool commits() const {
    return phase == TransactionPhase::kPrepareCommit || phase == TransactionPhase::kCompleteCommit;
  }
  bool operator==(const TransactionState&) const = default;
};

// As the value of an entry of the log; its key has the id. docs/formats/broker-state.md.
Bytes encode_transaction(const TransactionState&);
Result<TransactionState> decode_transaction(std::string id, BytesView value);  // kCorruption.

}  // namespace leat
