#pragma once
// CompactionFilter: what of a batch stays when its log is compacted. Kafka's rules (LogCleaner, Cleaner):
// * of each key the newest record stays, at its offset; what is behind the known keys stays;
// * a tombstone, and the marker of a transaction whose records are all gone, stays until the horizon that the first
//   compaction put into its batch;
// * records of aborted transactions go;
// * the batch that has the last sequence number of an active producer stays, without records if need be.
// It must see every batch from the log's start on, in order.
#include <map>
#include <set>

#include "log/batch_rewriter.h"
#include "log/newest_offsets.h"
#include "log/partition_transactions.h"
#include "log/producer_states.h"

namespace leat {

class CompactionFilter {
 public:
  struct Rules {
    WallTime now;
    int64_t delete_retention_ms = 0;
    std::vector<AbortedTransaction> aborted;
    std::vector<ProducerState> producers;  // Those that are active.
  };
  explicit CompactionFilter(Rules rules);

  // Whether the batch is data of an aborted transaction.
  bool is_aborted(const RecordBatchView&) const;

  // What is left of the batch; empty: nothing. `keeps_end`: it stays as a header at least. `known`: the newest offsets
  // of the keys below `known_end`. The bytes are valid until the next call.
  Result<BytesView> apply(const RecordBatchView&, bool keeps_end, const NewestOffsets& known, Offset known_end);

 private:
  struct Fate {
    bool drops_records = false;
    bool is_empty_marker = false;  // Of a transaction of which nothing is left.
  };
  struct Selection {
    std::vector<bool> keeps;
    int32_t count = 0;
    bool has_tombstone = false;
  };
  Fate judge(const RecordBatchView&);
  Result<Selection> select(const RecordBatchView&, const NewestOffsets&, Offset known_end) const;
  bool marker_is_empty(const RecordBatchView&);
  bool is_last_of_producer(const RecordBatchView&) const;
  const AbortedTransaction* aborted_of(const RecordBatchView&) const;
  bool stays(const RecordBatchView&, const RecordView&, const NewestOffsets&, Offset known_end) const;

  Rules rules_;
  std::map<int64_t, std::vector<AbortedTransaction>> aborted_;  // By producer, in order of their markers.
  std::map<int64_t, ProducerState> producers_;
  std::set<int64_t> writing_;  // Producers of which records were seen since their last marker.
  std::optional<BatchRewriter> rewriter_;
};

}  // namespace leat
