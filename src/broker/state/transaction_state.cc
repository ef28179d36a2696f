#include "broker/state/transaction_state.h"

#include "broker/journal_text.h"

namespace leat {
namespace {

void put(Bytes& out, const ProducerIdentity& producer) {
  put_field(out, producer.id);
  put_field(out, int64_t{producer.epoch});
}

Status take(FieldReader& in, ProducerIdentity& producer) {
  TRY(in.number(producer.id));
  return in.number(producer.epoch);
}

}  // namespace

std::string to_string(TransactionPhase phase) {
  switch (phase) {
    case TransactionPhase::kEmpty:
      return "Empty";
    case TransactionPhase::kOngoing:
      return "Ongoing";
    case TransactionPhase::kPrepareCommit:
      return "PrepareCommit";
    case TransactionPhase::kPrepareAbort:
      return "PrepareAbort";
    case TransactionPhase::kCompleteCommit:
      return "CompleteCommit";
    case TransactionPhase::kCompleteAbort:
      break;
  }
  return "CompleteAbort";
}

void TransactionState::grow(const std::vector<TopicPartition>& more_partitions,
                            const std::vector<std::string>& more_groups, WallTime now) {
  if (phase != TransactionPhase::kOngoing) {
    phase = TransactionPhase::kOngoing;
    began = now;
    partitions.clear();
    groups.clear();
  }
  changed = now;
  partitions.insert(more_partitions.begin(), more_partitions.end());
  groups.insert(more_groups.begin(), more_groups.end());
}

Bytes encode_transaction(const TransactionState& transaction) {
  Bytes out;
  put(out, transaction.producer);
  put(out, transaction.last);
  put(out, transaction.marker);
  put_field(out, int64_t{transaction.timeout_ms});
  put_field(out, static_cast<int64_t>(transaction.phase));
  put_field(out, transaction.began.value);
  put_field(out, transaction.changed.value);
  put_field(out, static_cast<int64_t>(transaction.partitions.size()));
  for (const TopicPartition& partition : transaction.partitions) put_field(out, partition);
  for (const std::string& group : transaction.groups) put_field(out, BytesView(group));
  return out;
}

Result<TransactionState> decode_transaction(std::string id, BytesView value) {
  FieldReader in(value);
  TransactionState out;
  out.id = std::move(id);
  TRY(take(in, out.producer));
  TRY(take(in, out.last));
  TRY(take(in, out.marker));
  TRY(in.number(out.timeout_ms));
  TRY_ASSIGN(int64_t phase, in.number());
  if (phase < 0 || phase > static_cast<int64_t>(TransactionPhase::kCompleteAbort)) {
    return Error{Errc::kCorruption, std::to_string(phase) + " is no phase of a transaction"};
  }
  out.phase = static_cast<TransactionPhase>(phase);
  TRY(in.number(out.began.value));
  TRY(in.number(out.changed.value));
  TRY_ASSIGN(int64_t partitions, in.number());
  for (int64_t i = 0; i < partitions; ++i) {
    TopicPartition partition;
    TRY(in.partition(partition));
    out.partitions.insert(std::move(partition));
  }
  while (!in.at_end()) {
    TRY_ASSIGN(std::string group, in.text());
    out.groups.insert(std::move(group));
  }
  return out;
}

}  // namespace leat
