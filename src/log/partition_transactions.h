#pragma once
// PartitionTransactions: which transactions are open in a partition, and which of its batches belong to aborted ones.
// A fold over the headers and markers of the partition's batches; Kafka's rules (docs/formats/partition-log.md).
#include <deque>
#include <map>
#include <vector>

#include "base/result.h"
#include "log/record_batch.h"

namespace leat {

struct OpenTransaction {
  int64_t producer_id = -1;
  int16_t producer_epoch = -1;
  Offset first;
  bool operator==(const OpenTransaction&) const = default;
};

struct AbortedTransaction {
  int64_t producer_id = -1;
  Offset first, last;  // `last` is the marker's.
  bool operator==(const AbortedTransaction&) const = default;
};

class PartitionTransactions {
 public:
  PartitionTransactions() = default;
  PartitionTransactions(const std::vector<OpenTransaction>&, std::vector<AbortedTransaction>);

  // kCorruption if a control batch cannot be read.
  Status apply(const RecordBatchView&);

  // Whether a reader of committed data passes over the batch. It stands below the last stable offset.
  bool hides(const RecordBatchView&) const;
  // The first offset of the oldest open transaction, or `end` if none is open.
  Offset first_open(Offset end) const;
  std::vector<OpenTransaction> open() const;        // In order of their first offsets.
  std::vector<AbortedTransaction> aborted() const;  // In order of their markers.
  // Those that a reader of the offsets [from, limit) must know of.
  std::vector<AbortedTransaction> aborted_in(Offset from, Offset limit) const;
  const OpenTransaction* find_open(int64_t producer_id) const;

  // Ends an open transaction as its marker would; for readers, who must not write one.
  void end(int64_t producer_id, bool commit, Offset at);
  // What is below can no longer be read.
  void forget_before(Offset start);

 private:
  // Every transaction whose marker stands behind this one's begins at or behind `next_first`: so a search that goes on
  // from here need not go to the end (as the last stable offset in an entry of Kafka's transaction index).
  struct Aborted {
    AbortedTransaction transaction;
    Offset next_first;
    bool operator==(const Aborted&) const = default;
  };
  // The aborted ones whose markers are at `from` or behind, and that may begin before `limit`.
  template <class F>
  void for_aborted(Offset from, Offset limit, F visit) const;

  std::map<int64_t, OpenTransaction> open_;  // By producer id.
  std::map<Offset, int64_t> firsts_;         // The same by their first offsets.
  std::deque<Aborted> aborted_;              // In order of their markers.
};

}  // namespace leat
