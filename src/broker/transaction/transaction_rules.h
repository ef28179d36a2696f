#pragma once
// What a request may do to a transactional id, by Kafka's rules: KIP-98, KIP-360 (claiming with an epoch), KIP-890
// (an epoch for each transaction). Pure: the coordinator (transactions.h) does what they say.
#include <optional>

#include "broker/state/transaction_state.h"
#include "protocol/error_code.h"

namespace leat {

// What becomes of a transactional id.
struct TransactionVerdict {
  protocol::ErrorCode error = protocol::ErrorCode::kNone;
  std::optional<TransactionState> next;  // Nullopt: it stays as it is.
  bool needs_id = false;  // To be asked again with a fresh producer id: the epochs of this one are used up.
};

// Whether a producer may use it. Null: nobody has claimed it. `knows_fenced`: the request's version has
// PRODUCER_FENCED; older ones are told INVALID_PRODUCER_EPOCH.
protocol::ErrorCode check_producer(const TransactionState*, const ProducerIdentity&, bool knows_fenced);

// InitProducerId. `expected`: who the client believes to be; -1: a new instance.
struct TransactionClaim {
  std::string id;
  int32_t timeout_ms = 0;
  ProducerIdentity expected;
  bool knows_fenced = true;
};
TransactionVerdict judge_claim(const TransactionState*, const TransactionClaim&, std::optional<int64_t> fresh_id,
                               WallTime now);

// EndTxn. `bumps`: version 5, where each transaction has an epoch of its own.
struct TransactionEnd {
  std::string id;
  ProducerIdentity producer;
  bool commit = false;
  bool bumps = false;
  bool knows_fenced = true;
};
TransactionVerdict judge_end(const TransactionState*, const TransactionEnd&, std::optional<int64_t> fresh_id,
                             WallTime now);

// It took too long, or its id was claimed by another: it is aborted, and its producer may not go on.
TransactionVerdict fence(const TransactionState&, std::optional<int64_t> fresh_id, WallTime now);

// All markers are durable.
TransactionState complete(const TransactionState& decided, WallTime now);

// A batch that is about to be written as part of a transaction. kNone with `adds`: the partition belongs to it from
// now on (KIP-890: version 12 of Produce says so by writing).
struct TransactionWrite {
  TopicPartition partition;
  ProducerIdentity producer;
  bool may_add = false;          // Version 12.
  bool knows_abortable = false;  // Version 11 has TRANSACTION_ABORTABLE.
};
struct WriteVerdict {
  protocol::ErrorCode error = protocol::ErrorCode::kNone;
  bool adds = false;
};
WriteVerdict judge_write(const TransactionState*, const TransactionWrite&);

}  // namespace leat
