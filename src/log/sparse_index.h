#pragma once
// SparseIndex: where in a segment's file some of its batches stand, one in about every 4 KiB; by offset and by time.
//
// It is kept in memory and saved as Kafka's two files: .index (relative offset uint32, position uint32) and .timeindex
// (the newest timestamp before that batch int64, relative offset uint32). It is only ever a hint: whoever uses an entry
// checks what it finds there, and the files are never synced, because the segment can be scanned again.
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

  // Of the batches of one segment, in order.
  void add(const RecordBatchView&, uint64_t position);
  WallTime newest() const { return newest_; }

  // The last entry at or before the offset: where to begin to look for it.
  Entry before(Offset) const;
  // The last entry before which everything is older than `time`.
  Entry before(WallTime time) const;

  // `stem`: the path of the segment's files without .index and .timeindex.
  Status save(FileSystem&, const std::string& stem, Offset base) const;
  // False if there are no files, or they cannot belong to a segment of that size. `newest`: of the whole segment.
  bool load(FileSystem&, const std::string& stem, Offset base, uint64_t bytes, WallTime newest);

 private:
  std::vector<Entry> entries_;
  uint64_t next_position_ = 0;
  WallTime newest_{std::numeric_limits<int64_t>::min()};
};

}  // namespace leat
