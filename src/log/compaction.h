#pragma once
// Compaction: of a log's segments below an offset, new ones that hold the newest record of each key (CompactionFilter).
//
// Lifecycle:  PartitionLog::begin_compaction() makes one. step() is called until state() is kGroupReady; then
//             PartitionLog::swap_in() puts the new segment into the place of the ones that it was made of; and so on,
//             until it is kDone and PartitionLog::finish_compaction() takes notice. It may be given up at any time.
// Threads:    step() on any thread, one at a time, while the owner of the log appends: it reads segments that no longer
//             change, and writes a file of its own.
// Memory:     the table of keys, and one batch.
// Durability: what it writes stands in BASE.log.cleaned, synced; nothing of the log changes before swap_in().
#include <array>

#include "env/env.h"
#include "log/batch_scanner.h"
#include "log/compaction_filter.h"
#include "log/recovery_point.h"
#include "log/sparse_index.h"

namespace leat {

class Compaction {
 public:
  struct Plan {
    std::string directory;
    std::vector<RecoveryPoint::Segment> segments;  // All below `end`, from the log's first one.
    Offset first_dirty;                            // Below it, each key is there once.
    uint64_t segment_bytes = 0;                    // New segments are about as large at most.
    uint64_t memory_bytes = 0;
    std::array<uint64_t, 2> secret{};
    CompactionFilter::Rules rules;
  };
  // Segments that became one.
  struct Group {
    std::vector<RecoveryPoint::Segment> replaced;
    RecoveryPoint::Segment cleaned;
    SparseIndex index;
  };
  enum class State : uint8_t { kReadingKeys, kWriting, kGroupReady, kDone };

  Compaction(Env env, Plan plan);

  // A piece of work, some tens of milliseconds. kNoSpace also if not one batch's keys fit into the memory.
  Status step();
  State state() const { return state_; }
  const Group& group() const { return group_; }    // Of kGroupReady.
  void next_group();                               // The group was swapped in.
  Offset clean_end() const { return known_end_; }  // Of kDone: what is below is clean.

  static std::string cleaned_path(const std::string& directory, Offset base);
  static std::string swap_path(const std::string& directory, Offset base);

 private:
  Status read_keys();
  Result<bool> note_keys(const RecordBatchView&);
  Status begin_group();
  Status write();
  Status put(BytesView batch);
  Status end_group();
  Status open_segment(const RecoveryPoint::Segment&);
  void end_reading();

  Env env_;
  Plan plan_;
  CompactionFilter filter_;
  std::optional<NewestOffsets> known_;  // From the first step on: to make room for it takes time.
  Offset known_end_;
  State state_ = State::kReadingKeys;
  size_t at_ = 0;  // The segment that is being read.
  std::string path_;
  std::unique_ptr<File> file_, out_;
  std::optional<BatchScanner> scanner_;
  Group group_;
  size_t group_end_ = 0;
  Bytes pending_;  // Of the file that is written.
};

}  // namespace leat
