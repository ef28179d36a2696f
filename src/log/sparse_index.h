#pragma once
// SparseIndex: where in a segment's file some of its batches stand, one in about every 4 KiB; by offset and by time.
//
// It is kept in memory, and a file grows with it by what was added since the last time, so that whoever opens the
// segment need not read it from its start. It is only ever a hint: whoever uses an entry checks what it finds there,
// and the file is never synced, because the segment can be scanned again. docs/formats/partition-log.md.
#include <vector>

#include "env/env.h"
#include "log/record_batch.h"

namespace leat {

class SparseIndex {
 public:
  struct Entry {
    Offset offset;
    uint64_t position = 0;
    WallTime newest_before;  // No batch before this one has a later timestamp.
  };

  // Of the batches of one segment, in order; one that is there already changes nothing.
  void add(const RecordBatchView&, uint64_t position);
  WallTime newest() const { return newest_; }

  // The last entry at or before the offset: where to begin to look for it.
  Entry before(Offset) const;
  // The last entry before which everything is older than `time`.
  Entry before(WallTime time) const;

  // `path`: of the index's file. `base`: of the segment.
  Status save(FileSystem&, const std::string& path, Offset base);
  // As far as the file is whole, and fits a segment of that size. Returns the position of the last entry's batch: the
  // index knows everything before it.
  uint64_t load(FileSystem&, const std::string& path, Offset base, uint64_t bytes);

 private:
  bool take_chunk(BytesView& chunks, Offset base, uint64_t bytes);

  std::vector<Entry> entries_;
  uint64_t next_position_ = 0;
  WallTime newest_{std::numeric_limits<int64_t>::min()};
  size_t saved_ = 0;          // Entries that are in the file,
  uint64_t saved_bytes_ = 0;  // which are its first so many bytes.
};

}  // namespace leat
