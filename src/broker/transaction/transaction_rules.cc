#include "broker/transaction/transaction_rules.h"

#include <limits>

namespace leat {
namespace {

using protocol::ErrorCode;
using enum TransactionPhase;

// The largest one is kept for the marker that fences.
constexpr int16_t kEpochMax = std::numeric_limits<int16_t>::max() - 1;

TransactionVerdict refused(ErrorCode error) {
  return {error, std::nullopt, false};
}
TransactionVerdict unchanged() {
  return {};
}
TransactionVerdict becomes(TransactionState next) {
  return {ErrorCode::kNone, std::move(next), false};
}
TransactionVerdict needs_id() {
  return {ErrorCode::kNone, std::nullopt, true};
}

ErrorCode fenced(bool knows_fenced) {
  return knows_fenced ? ErrorCode::kProducerFenced : ErrorCode::kInvalidProducerEpoch;
}

bool is_over(TransactionPhase phase) {
  return phase == kEmpty || phase == kCompleteCommit || phase == kCompleteAbort;
}

// The next epoch, or a fresh id with the first one.
void bump(TransactionState& transaction, std::optional<int64_t> fresh_id) {
  transaction.last = transaction.producer;
  if (transaction.producer.epoch >= kEpochMax) {
    transaction.producer = {*fresh_id, 0};
  } else {
    ++transaction.producer.epoch;
  }
}
bool bump_needs_id(const TransactionState& transaction, std::optional<int64_t> fresh_id) {
  return transaction.producer.epoch >= kEpochMax && !fresh_id;
}

TransactionVerdict decide_end(const TransactionState& transaction, bool commit, bool bumps,
                              std::optional<int64_t> fresh_id, WallTime now) {
  if (bumps && bump_needs_id(transaction, fresh_id)) return needs_id();
  TransactionState next = transaction;
  next.marker = transaction.producer;
  if (bumps) {
    ++next.marker.epoch;  // What comes late with the old one is refused by each partition.
    bump(next, fresh_id);
  }
  next.phase = commit ? kPrepareCommit : kPrepareAbort;
  next.changed = now;
  return becomes(std::move(next));
}

}  // namespace

ErrorCode check_producer(const TransactionState* transaction, const ProducerIdentity& producer, bool knows_fenced) {
  if (transaction == nullptr || transaction->producer.id != producer.id) return ErrorCode::kInvalidProducerIdMapping;
  return transaction->producer.epoch == producer.epoch ? ErrorCode::kNone : fenced(knows_fenced);
}

TransactionVerdict judge_claim(const TransactionState* transaction, const TransactionClaim& claim,
                               std::optional<int64_t> fresh_id, WallTime now) {
  TransactionState next;
  if (transaction == nullptr) {
    if (!fresh_id) return needs_id();
    next.id = claim.id;
    next.producer = {*fresh_id, 0};
  } else {
    next = *transaction;
    bool names_one = claim.expected.id >= 0;
    if (names_one && transaction->phase == kEmpty && claim.expected == transaction->last) return unchanged();  // Again.
    if (names_one && claim.expected != transaction->producer) return refused(fenced(claim.knows_fenced));
    if (transaction->is_decided()) return refused(ErrorCode::kConcurrentTransactions);
    if (transaction->phase == kOngoing) return fence(*transaction, fresh_id, now);
    if (bump_needs_id(next, fresh_id)) return needs_id();
    bump(next, fresh_id);
  }
  next.timeout_ms = claim.timeout_ms;
  next.phase = kEmpty;
  next.marker = {};
  next.changed = now;
  return becomes(std::move(next));
}

TransactionVerdict fence(const TransactionState& transaction, std::optional<int64_t> fresh_id, WallTime now) {
  return decide_end(transaction, false, true, fresh_id, now);
}

TransactionVerdict judge_end(const TransactionState* transaction, const TransactionEnd& end,
                             std::optional<int64_t> fresh_id, WallTime now) {
  bool same_outcome = transaction != nullptr && transaction->commits() == end.commit;
  bool ended = transaction != nullptr && transaction->phase != kEmpty && transaction->phase != kOngoing;
  // Sent again: the epoch was bumped by the one before it.
  bool again = end.bumps && ended && end.producer == transaction->last;
  if (!again) {
    ErrorCode error = check_producer(transaction, end.producer, end.knows_fenced);
    if (error != ErrorCode::kNone) return refused(error);
  }
  if (transaction->is_decided()) {
    return refused(same_outcome ? ErrorCode::kConcurrentTransactions : ErrorCode::kInvalidTxnState);
  }
  if (again) return same_outcome ? unchanged() : refused(ErrorCode::kInvalidTxnState);
  if (transaction->phase == kOngoing) return decide_end(*transaction, end.commit, end.bumps, fresh_id, now);
  if (!end.bumps) return ended && same_outcome ? unchanged() : refused(ErrorCode::kInvalidTxnState);
  if (end.commit) return refused(ErrorCode::kInvalidTxnState);
  // A client that aborts does not know whether anything it wrote has arrived. Nothing had, and nothing will.
  TransactionVerdict aborted = decide_end(*transaction, false, true, fresh_id, now);
  if (aborted.next) aborted.next = complete(*aborted.next, now);
  return aborted;
}

TransactionState complete(const TransactionState& decided, WallTime now) {
  CHECK(decided.is_decided());
  TransactionState next = decided;
  next.phase = decided.commits() ? kCompleteCommit : kCompleteAbort;
  next.partitions.clear();
  next.groups.clear();
  next.changed = now;
  return next;
}

WriteVerdict judge_write(const TransactionState* transaction, const TransactionWrite& write) {
  ErrorCode producer = check_producer(transaction, write.producer, false);
  if (producer != ErrorCode::kNone) return {producer};
  bool belongs = transaction->phase == kOngoing && transaction->partitions.contains(write.partition);
  if (belongs) return {};
  bool can_grow = transaction->phase == kOngoing || is_over(transaction->phase);
  if (write.may_add && can_grow) return {ErrorCode::kNone, true};
  return {write.knows_abortable ? ErrorCode::kTransactionAbortable : ErrorCode::kInvalidTxnState};
}

}  // namespace leat
