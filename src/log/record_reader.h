#pragma once
// RecordReader: the records of one batch, decompressed if need be, in order. The bytes may be hostile.
#include <memory>
#include <vector>

#include "log/record_batch.h"
#include "log/record_batch_builder.h"

namespace leat {

// Valid until the reader's next call.
struct RecordView {
  Offset offset;
  WallTime timestamp;
  std::optional<BytesView> key, value;  // nullopt: null, which is not the same as empty.
  std::vector<HeaderView> headers;
};

class RecordReader {
 public:
  // The batch's bytes must outlive the reader. kCorruption if they cannot be decompressed.
  static Result<RecordReader> open(const RecordBatchView&, size_t bytes_max = kRecordsBytesMax);

  // False after the last record. kCorruption if the bytes do not hold the records that the batch's header promises.
  Result<bool> next(RecordView& into);

 private:
  RecordReader(const RecordBatchView& batch, Bytes decompressed);
  const char* take_record(BytesView record, RecordView& into);

  // On the heap, because views into it must survive a move of the reader.
  std::unique_ptr<Bytes> decompressed_;
  BytesView rest_;
  Offset base_offset_;
  WallTime base_timestamp_;
  int32_t count_, read_ = 0;
  int64_t next_delta_ = 0, last_delta_;
};

// What ends a transaction in a partition: the one record of a control batch. The value holds Kafka's version 0 and the
// coordinator's epoch, which is always 0 here.
enum class MarkerType : int16_t { kAbort = 0, kCommit = 1 };
void add_marker(RecordBatchBuilder&, WallTime, MarkerType);
// kCorruption if the control batch holds something else.
Result<MarkerType> read_marker(const RecordBatchView&);

}  // namespace leat
