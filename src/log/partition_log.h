#pragma once
// PartitionLog: one partition's record batches on disk. docs/formats/partition-log.md.
//
// Lifecycle:  open() recovers; then append and sync; close() makes the next open() short. Without close() nothing is
//             lost.
// Threads:    one owner.
// Durability: append() gives offsets and writes; what is below durable_end() survives a crash; sync() moves it, for all
//             that was appended since the last one: that is group commit.
// Invariant:  start <= last_stable <= durable_end <= end.
// Errors:     after an error in writing the log writes nothing more, and every call that would gives the same error:
//             what the disk holds is unknown until the log is opened again.
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "env/env.h"
#include "log/compaction.h"
#include "log/leader_epochs.h"
#include "log/log_options.h"
#include "log/producer_states.h"
#include "log/segment.h"
#include "log/synced_mark.h"

namespace leat {

class PartitionLog {
 public:
  // `directory` is created if absent. kCorruption names the file and the position.
  static Result<std::unique_ptr<PartitionLog>> open(Env, std::string directory, const LogOptions&);

  // Puts the next offset into the finished batch and writes it. Returns its base offset.
  Result<Offset> append(std::span<char> batch);
  Status sync();
  Status close();
  void set_limits(const LogLimits& limits) { static_cast<LogLimits&>(options_) = limits; }

  // sync() in two, for a group commit: many appends, then one wait for the disk, which the owner does not wait for.
  // begin_sync() says what is to be synced; nullopt: nothing is. `work` does it, on any thread, while the owner
  // appends. finish_sync() takes what came of it, and moves durable_end().
  // Now and then a recovery point goes with it, so that opening need not read more.
  struct PendingSync {
    std::shared_ptr<Segment> segment;  // Whose file it is.
    Offset end;
    std::function<Status()> work;
    std::shared_ptr<const RecoveryPoint> point;  // Null: none.
    uint64_t save = 0;                           // Which of the log's savings of a recovery point was the newest.
  };
  Result<std::optional<PendingSync>> begin_sync();
  Status finish_sync(const PendingSync&, Status outcome);

  // Records below are no longer readable, durably, and whole segments of them are gone. kOutOfRange beyond
  // last_stable(); nothing happens at or below start().
  Status truncate_prefix(Offset new_start);
  // Deletes whole segments, from the oldest, that are beyond the limits of the options and whose records are stable.
  Status apply_retention();
  // Producers that have been idle for so long, and have no open transaction, are forgotten: a batch of theirs is then
  // taken with any number.
  void forget_producers(int64_t idle_ms);
  // Removes the files of segments that were deleted long enough ago.
  Status remove_doomed();
  // Compaction (log/compaction.h). How much of what may be compacted was not yet; `overdue`: beyond the longest lag.
  struct Dirt {
    double ratio = 0;
    bool overdue = false;
    bool is_too_much(const LogLimits& limits) const { return overdue || ratio > limits.min_dirty_ratio; }
  };
  Result<Dirt> dirt() const;
  // Of whole segments, that no longer grow, are stable and old enough. `memory_bytes`: for the table of keys.
  std::unique_ptr<Compaction> begin_compaction(uint64_t memory_bytes) const;
  // Puts the compaction's group into the place of its segments, durably. False: they are no longer there, and the
  // compaction is to be given up.
  Result<bool> swap_in(Compaction&);
  Status finish_compaction(const Compaction&);
  void give_up(const Compaction&);  // What it has written goes.
  Offset clean_end() const { return clean_end_; }
  const LogLimits& limits() const { return options_; }
  // Ends this segment and begins the next; nothing happens if it is empty.
  Status roll();
  // A stretch of a segment's file from the batch that holds `from` on: up to about bytes_max, but that batch as a
  // whole, and nothing of what is at or behind `limit`, which is a batch's base or end. The last batch may be cut off,
  // as Kafka's clients expect. nullopt if `from` is at or behind the limit. kOutOfRange below start().
  struct Stretch {
    std::shared_ptr<Segment> segment;
    uint64_t position = 0, size = 0;
  };
  Result<std::optional<Stretch>> stretch(Offset from, Offset limit, uint64_t bytes_max) const;

  // For a log that is read only: ends an open transaction as the marker would that its writer has not written yet.
  void assume_ended(int64_t producer_id, bool commit) { transactions_.end(producer_id, commit, end()); }

  struct TimedOffset {
    Offset offset;
    WallTime timestamp;
  };
  // The first record that is not older than `time`; nullopt if there is none.
  Result<std::optional<TimedOffset>> find_time(WallTime time) const;
  // The first record that has the largest timestamp of all; nullopt if there are no records.
  Result<std::optional<TimedOffset>> find_newest() const;

  Offset start() const { return start_; }
  Offset last_stable() const { return transactions_.first_open(durable_end_); }
  Offset durable_end() const { return durable_end_; }
  Offset end() const { return segments_.back()->end(); }
  uint64_t bytes() const;
  uint64_t active_bytes() const { return segments_.back()->bytes(); }
  const PartitionTransactions& transactions() const { return transactions_; }
  ProducerStates& producers() { return producers_; }
  const LeaderEpochs& epochs() const { return epochs_; }
  // What is appended from now on is of this epoch, also if nothing is.
  void begin_epoch(int32_t epoch) { epochs_.begin(epoch, end()); }
  const std::string& directory() const { return directory_; }

  // The segment that holds the offset, which is in start() to end(); the last one for end() itself. For LogReader.
  std::shared_ptr<Segment> segment_of(Offset) const;

 private:
  PartitionLog(Env, std::string directory, const LogOptions&);
  Status write(std::span<char> batch);
  Status begin_segment();
  RecoveryPoint recovery_point() const;  // As if everything were synced.
  Status save_recovery_point(std::vector<Offset> swaps = {});
  Result<bool> is_full(const Segment& active, const RecordBatchView& next) const;
  size_t cleanable_segments() const;
  Status put_in_place(const std::shared_ptr<Segment>& cleaned, const std::vector<std::shared_ptr<Segment>>& replaced);
  Status drop_segments(size_t count, Offset new_start);
  bool is_expired(const Segment&, WallTime now, uint64_t bytes) const;
  // Remembers the error: the log is then closed to writing.
  Status fail_on(Status);

  Env env_;
  std::string directory_;
  LogOptions options_;
  SyncedMark mark_;
  std::vector<std::shared_ptr<Segment>> segments_;  // Not empty; the last one grows.
  PartitionTransactions transactions_;
  ProducerStates producers_;
  LeaderEpochs epochs_;
  Offset start_, durable_end_, clean_end_;
  std::vector<Offset> noted_swaps_;                                    // In the recovery point.
  std::vector<std::pair<WallTime, std::shared_ptr<Segment>>> doomed_;  // When they go, in order.
  std::optional<Error> failed_;
  uint64_t saved_bytes_ = 0;  // Of the last segment, in the recovery point.
  uint64_t saves_ = 0;        // Of recovery points.
  bool dirty_ = false;        // Something is not synced.
  bool changed_ = false;      // Since the recovery point was saved.
};

}  // namespace leat
