#pragma once
// LogReader: the record batches of a partition from an offset on, across its segments.
//
// Lifecycle: the log must outlive it; what is appended after it was made, it sees. Threads: the log's owner.
#include "log/batch_scanner.h"
#include "log/partition_log.h"

namespace leat {

class LogReader {
 public:
  LogReader(const PartitionLog& log, Offset from) : log_(log), position_(from) {}

  // The whole batch that holds position(), and then each that follows; valid until the next call. nullopt when
  // position() has come to `limit`. kOutOfRange if position() is below the log's start; kCorruption names the place.
  Result<std::optional<RecordBatchView>> next(Offset limit);
  Offset position() const { return position_; }

 private:
  Status seek();
  Status go_on();
  Result<std::optional<RecordBatchView>> next_in_segment();
  Status enter(std::shared_ptr<Segment>, uint64_t position);

  const PartitionLog& log_;
  Offset position_;
  Offset due_;  // The base offset of the batch that the scanner gives next.
  std::shared_ptr<Segment> segment_;
  std::optional<BatchScanner> scanner_;
};

}  // namespace leat
