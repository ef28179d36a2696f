#pragma once
// BatchRewriter: a record batch with some of its records left out, as compaction leaves it: the offsets of those that
// stay, the batch's first and last offset, its producer, its codec are as they were.
#include <optional>

#include "log/record_reader.h"

namespace leat {

class BatchRewriter {
 public:
  // `horizon`: when its tombstones and markers may go; it is put into the batch. The original outlives this.
  BatchRewriter(const RecordBatchView& original, std::optional<WallTime> horizon);

  void keep(const RecordView&);
  int32_t kept() const { return count_; }
  // The batch; without records it is a header only. Valid while this lives.
  BytesView finish();

 private:
  RecordBatchView original_;
  std::optional<WallTime> horizon_;
  WallTime base_timestamp_, newest_;
  Bytes bytes_;  // Room for the header, then the records.
  int32_t count_ = 0;
};

}  // namespace leat
