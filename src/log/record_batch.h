#pragma once
// A Kafka record batch, version 2 (magic 2; KIP-98), as the bytes that stand in the log. docs/formats/record-batch.md.
#include <optional>
#include <span>

#include "base/result.h"
#include "base/types.h"
#include "log/codec.h"

namespace leat {

// What a batch says of its producer.
struct BatchStamp {
  int64_t producer_id = -1;
  int16_t producer_epoch = -1;
  int32_t base_sequence = -1;
  bool transactional = false;
  bool control = false;
};

// A view of one batch whose checksum is right. It lives as long as the bytes that it was parsed from.
class RecordBatchView {
 public:
  static constexpr size_t kHeaderBytes = 61;
  static constexpr size_t kPrefixBytes = 12;  // Enough to know a batch's size.
  static constexpr size_t kBytesMax = kRecordsBytesMax + (size_t{16} << 20);

  // The size of the batch that begins with these kPrefixBytes bytes. kCorruption if it cannot be one.
  static Result<size_t> size_of(BytesView prefix);
  // Checks the length, the magic, the checksum and what can be told from the header; not the records. `bytes` may go
  // on behind the batch. kCorruption says what is wrong.
  static Result<RecordBatchView> parse(BytesView bytes);

  // Of bytes that this process has just made.
  static RecordBatchView trusted(BytesView bytes) { return RecordBatchView(bytes); }

  BytesView bytes() const { return bytes_; }
  BytesView records() const { return bytes_.substr(kHeaderBytes); }  // Compressed, if codec() says so.
  Offset base_offset() const;
  Offset last_offset() const;
  Offset next_offset() const { return {last_offset().value + 1}; }
  int32_t record_count() const;
  int32_t leader_epoch() const;
  WallTime base_timestamp() const;
  WallTime max_timestamp() const;
  BatchStamp stamp() const;
  Codec codec() const;
  bool is_control() const;
  // When its tombstones and markers may be forgotten; compaction puts it in.
  std::optional<WallTime> delete_horizon() const;
  bool is_transactional() const;

 private:
  explicit RecordBatchView(BytesView bytes) : bytes_(bytes) {}
  BytesView bytes_;
};

// Puts the offset of the first record into a finished batch. The checksum does not cover it.
void set_base_offset(char* batch, Offset);
// Gives the finished batch, and with it all of its records, the time at which it was appended (LogAppendTime).
void set_append_time(std::span<char> batch, WallTime);
// Puts in the epoch of the leader that took the batch (KIP-101). The checksum does not cover it either.
void set_leader_epoch(char* batch, int32_t epoch);

}  // namespace leat
