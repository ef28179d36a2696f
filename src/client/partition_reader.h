#pragma once
// PartitionReader: the records of one partition, in order, from an offset on, as a consumer outside of groups reads
// them.
//
// kReadCommitted: up to the last stable offset, without aborted records. Markers are never shown.
// Memory is bounded by one response and the records of one batch. Hostile batches are kCorruption.
#include <deque>

#include "client/offsets.h"
#include "log/record_batch.h"
#include "topic/topic.h"

namespace leat::client {

class PartitionReader {
 public:
  PartitionReader(Cluster& cluster, TopicPartition partition, Offset from, Isolation isolation)
      : cluster_(cluster), partition_(std::move(partition)), isolation_(isolation), next_(from) {}

  // The records of the next batch that has some to show; empty if nothing came within `wait_ms`, or if there was
  // nothing to show in what came. kOutOfRange: nothing is kept at the position. kNotFound.
  Result<std::vector<ConsumedRecord>> poll(int64_t wait_ms);

  Offset position() const { return next_; }  // The next offset that poll() may return.
  // What there was to read at the last answer: position() reaches it unless more comes.
  Offset end() const { return end_; }

 private:
  struct Aborted {
    int64_t producer_id;
    int64_t first_offset;
  };

  Status fetch(int64_t wait_ms);
  Result<std::vector<ConsumedRecord>> take_batch(const RecordBatchView&);
  bool is_aborted(const RecordBatchView&);

  Cluster& cluster_;
  TopicPartition partition_;
  Isolation isolation_;
  Offset next_, end_;
  Bytes fetched_;  // Batches that were not looked at yet, from taken_ on.
  size_t taken_ = 0;
  std::deque<Aborted> to_abort_;  // By first offset: of transactions that begin further on.
  std::set<int64_t> aborting_;    // Producers whose records are being skipped.
};

}  // namespace leat::client
