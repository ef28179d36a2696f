#include "broker/api/produce_check.h"

#include "log/record_reader.h"

namespace leat::api {
namespace {

using protocol::ErrorCode;

BatchCheck refused(ErrorCode error, std::string message) {
  BatchCheck out;
  out.error = error;
  out.message = std::move(message);
  return out;
}

// A record without a key has no place in a topic that keeps the newest of each key. All of them are named: clients give
// the others another error (KIP-467).
BatchCheck check_keys(const RecordBatchView& batch) {
  auto records = RecordReader::open(batch);
  if (!records) return refused(ErrorCode::kCorruptMessage, records.error().message);
  BatchCheck out;
  RecordView record;
  for (int32_t index = 0;; ++index) {
    auto more = records->next(record);
    if (!more) return refused(ErrorCode::kCorruptMessage, more.error().message);
    if (!*more) return out;
    if (record.key) continue;
    out.error = ErrorCode::kInvalidRecord;
    out.message = "Compacted topic cannot accept message without key.";
    out.bad_records.push_back(index);
  }
}

BatchCheck check_timestamps(const TopicPolicy& policy, const RecordBatchView& batch, WallTime now) {
  int64_t newest = batch.max_timestamp().value;
  int64_t after_max = policy.timestamp_ahead_max_ms;
  int64_t before_max = policy.timestamp_behind_max_ms;
  if (newest > now.value && newest - now.value > after_max) {
    return refused(ErrorCode::kInvalidTimestamp, "timestamp " + std::to_string(newest) + " is more than " +
                                                     std::to_string(after_max) + " ms ahead of the broker's clock");
  }
  if (newest >= 0 && newest < now.value && now.value - newest > before_max) {
    return refused(ErrorCode::kInvalidTimestamp, "timestamp " + std::to_string(newest) + " is more than " +
                                                     std::to_string(before_max) + " ms behind the broker's clock");
  }
  return {};
}

BatchCheck check_producer(Partition& partition, const RecordBatchView& batch, int16_t version) {
  BatchCheck out;
  constexpr int16_t kTransactionsWithoutAdding = 12;  // KIP-890, part 2.
  bool starts_at_zero = batch.is_transactional() && version >= kTransactionsWithoutAdding;
  auto judged = partition.log().producers().judge(batch, starts_at_zero);
  out.duplicate = judged.duplicate;
  if (judged.verdict == ProducerStates::Verdict::kFenced) out.error = ErrorCode::kInvalidProducerEpoch;
  if (judged.verdict == ProducerStates::Verdict::kOutOfOrder) out.error = ErrorCode::kOutOfOrderSequenceNumber;
  BatchStamp stamp = batch.stamp();
  if (stamp.transactional) {
    out.transactional = ProducerIdentity{stamp.producer_id, stamp.producer_epoch};
  } else if (partition.log().transactions().find_open(stamp.producer_id) != nullptr) {
    out.error = ErrorCode::kInvalidTxnState;  // A transaction's producer writes nothing beside it.
  }
  return out;
}

}  // namespace

BatchCheck check_batch(Broker& broker, Partition& partition, std::span<char> bytes, int16_t version) {
  const TopicPolicy& policy = partition.policy();
  BytesView view(bytes.data(), bytes.size());
  auto batch = RecordBatchView::parse(view);
  if (!batch) return refused(ErrorCode::kCorruptMessage, batch.error().message);
  if (batch->bytes().size() != view.size()) {
    return refused(ErrorCode::kInvalidRecord, "one record batch is expected for a partition");
  }
  if (view.size() > policy.batch_bytes_max) {
    return refused(ErrorCode::kMessageTooLarge, "a batch of " + std::to_string(view.size()) +
                                                    " bytes, and max.message.bytes is " +
                                                    std::to_string(policy.batch_bytes_max));
  }
  int64_t offsets = batch->next_offset().value - batch->base_offset().value;
  if (batch->is_control() || batch->record_count() < 1 || batch->record_count() != offsets) {
    return refused(ErrorCode::kInvalidRecord, "a client's batch has a record at each of its offsets, and is no marker");
  }
  constexpr int16_t kZstd = 7;
  if (batch->codec() == Codec::kZstd && version < kZstd) {
    return refused(ErrorCode::kUnsupportedCompressionType, "zstd needs version 7 of the request");
  }
  if (BatchCheck times = check_timestamps(policy, *batch, broker.wall()); times.error != ErrorCode::kNone) return times;
  if (policy.compacts) {
    if (BatchCheck keys = check_keys(*batch); keys.error != ErrorCode::kNone) return keys;
  }
  BatchCheck out = check_producer(partition, *batch, version);
  if (out.error == ErrorCode::kNone && !out.duplicate && policy.append_time) {
    out.append_time_ms = broker.wall().value;
    set_append_time(bytes, broker.wall());
  }
  return out;
}

}  // namespace leat::api
