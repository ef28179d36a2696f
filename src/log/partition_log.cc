#include "log/partition_log.h"

#include <algorithm>

#include "log/batch_finder.h"
#include "log/batch_scanner.h"
#include "log/log_reader.h"
#include "log/log_recovery.h"
#include "log/record_reader.h"

namespace leat {
namespace {

// The first record of the batch at or after both.
Result<std::optional<PartitionLog::TimedOffset>> first_at(const RecordBatchView& batch, WallTime time, Offset start) {
  TRY_ASSIGN(auto records, RecordReader::open(batch));
  RecordView record;
  while (true) {
    TRY_ASSIGN(bool found, records.next(record));
    if (!found) return std::optional<PartitionLog::TimedOffset>();
    if (record.timestamp < time || record.offset < start) continue;
    return std::optional<PartitionLog::TimedOffset>({record.offset, record.timestamp});
  }
}

}  // namespace

PartitionLog::PartitionLog(Env env, std::string directory, const LogOptions& options)
    : env_(env), directory_(std::move(directory)), options_(options), mark_(env.files, directory_) {}

Result<std::unique_ptr<PartitionLog>> PartitionLog::open(Env env, std::string directory, const LogOptions& options) {
  std::unique_ptr<PartitionLog> log(new PartitionLog(env, std::move(directory), options));
  bool keeps = options.tail != Tail::kDiscard;
  TRY_ASSIGN(auto recovered, recover_log(env, log->directory_, options, keeps ? log->mark_.offset() : Offset{}));
  log->segments_ = std::move(recovered.segments);
  log->transactions_ = std::move(recovered.transactions);
  log->producers_ = std::move(recovered.producers);
  log->epochs_ = std::move(recovered.epochs);
  log->start_ = recovered.start;
  log->clean_end_ = recovered.clean_end;
  log->noted_swaps_ = std::move(recovered.noted_swaps);
  log->durable_end_ = log->end();
  log->changed_ = recovered.grew;
  bool mark_is_old = keeps && log->mark_.offset() < log->durable_end_;
  if (mark_is_old && !options.read_only) log->mark_.advance(log->durable_end_);
  return log;
}

Status PartitionLog::fail_on(Status status) {
  if (!status) failed_ = status.error();
  return status;
}

Result<Offset> PartitionLog::append(std::span<char> batch) {
  CHECK(!options_.read_only);
  if (failed_) return *failed_;
  Offset base = end();
  set_base_offset(batch.data(), base);
  TRY(fail_on(write(batch)));
  return base;
}

Status PartitionLog::write(std::span<char> batch) {
  BytesView bytes(batch.data(), batch.size());
  TRY_ASSIGN(bool full, is_full(*segments_.back(), RecordBatchView::trusted(bytes)));
  if (full) TRY(roll());
  Segment& active = *segments_.back();
  TRY(active.load_index());
  TRY_ASSIGN(File * file, active.file());
  TRY(file->append({&bytes, 1}));
  RecordBatchView view = RecordBatchView::trusted(bytes);
  TRY(transactions_.apply(view));
  producers_.apply(view);
  if (int64_t id = view.stamp().producer_id; id >= 0) producers_.touch(id, env_.clock.monotonic());
  epochs_.begin(view.leader_epoch(), view.base_offset());
  active.note(view, env_.clock.wall());
  dirty_ = changed_ = true;
  return {};
}

Result<bool> PartitionLog::is_full(const Segment& active, const RecordBatchView& next) const {
  if (active.bytes() == 0) return false;
  if (active.bytes() + next.bytes().size() > options_.segment_bytes) return true;
  // A record must not stay uncompacted for longer than it may.
  int64_t age_max =
      options_.compacts ? std::min(options_.segment_ms, options_.max_compaction_lag_ms) : options_.segment_ms;
  if (age_max == std::numeric_limits<int64_t>::max()) return false;
  TRY_ASSIGN(auto first, segments_.back()->first_timestamp());
  return first && first->value >= 0 && next.max_timestamp().value - first->value > age_max;
}

Status PartitionLog::sync() {
  if (failed_) return *failed_;
  if (!dirty_) return {};
  TRY_ASSIGN(File * file, segments_.back()->file());
  if (options_.durable) TRY(fail_on(file->sync()));
  dirty_ = false;
  durable_end_ = end();
  if (options_.tail != Tail::kDiscard) mark_.advance(durable_end_);
  return {};
}

Result<std::optional<PartitionLog::PendingSync>> PartitionLog::begin_sync() {
  if (failed_) return *failed_;
  if (!dirty_) return std::optional<PendingSync>();
  TRY_ASSIGN(File * file, segments_.back()->file());
  PendingSync pending;
  pending.segment = segments_.back();
  pending.end = end();
  if (active_bytes() >= saved_bytes_ + options_.recovery_point_bytes) {
    TRY(segments_.back()->save_index());
    pending.point = std::make_shared<RecoveryPoint>(recovery_point());
    saved_bytes_ = active_bytes();
    saves_++;
  }
  pending.save = saves_;
  pending.work = [file, durable = options_.durable, point = pending.point, &files = env_.files,
                  directory = directory_]() -> Status {
    if (durable) TRY(file->sync());
    return point ? point->prepare(files, directory) : Status();
  };
  return std::optional<PendingSync>(std::move(pending));
}

Status PartitionLog::finish_sync(const PendingSync& pending, Status outcome) {
  TRY(fail_on(std::move(outcome)));
  if (failed_) return *failed_;
  if (pending.end <= durable_end_) return {};  // A segment was closed meanwhile, and synced.
  dirty_ = pending.end < end();
  durable_end_ = pending.end;
  if (options_.tail == Tail::kKeep) mark_.advance(durable_end_);
  bool counts = pending.point && pending.save == saves_;  // Else a newer one was saved meanwhile.
  return counts ? fail_on(RecoveryPoint::adopt_prepared(env_.files, directory_)) : Status();
}

Status PartitionLog::close() {
  if (!changed_ || options_.read_only) return {};
  TRY(sync());
  TRY(fail_on(segments_.back()->save_index()));
  return fail_on(save_recovery_point());
}

void PartitionLog::forget_producers(int64_t idle_ms) {
  producers_.forget_idle(idle_ms * kNsPerMs, env_.clock.monotonic(),
                         [this](int64_t id) { return transactions_.find_open(id) != nullptr; });
}

Status PartitionLog::roll() {
  if (failed_) return *failed_;
  if (segments_.back()->bytes() == 0) return {};
  TRY(sync());
  return fail_on(begin_segment());
}

Status PartitionLog::begin_segment() {
  TRY(segments_.back()->save_index());
  auto next = std::make_shared<Segment>(env_.files, directory_, RecoveryPoint::Segment{end(), end(), 0, {}, {}});
  TRY(next->open(OpenMode::kCreateNew));
  TRY(env_.files.sync_directory(directory_));
  segments_.push_back(std::move(next));
  return save_recovery_point();
}

RecoveryPoint PartitionLog::recovery_point() const {
  RecoveryPoint point;
  point.start = start_;
  for (const auto& segment : segments_) point.segments.push_back(segment->known());
  point.open = transactions_.open();
  point.aborted = transactions_.aborted();
  point.producers = producers_.all();
  point.epochs = epochs_;
  point.clean_end = clean_end_;
  point.swaps = noted_swaps_;
  return point;
}

Status PartitionLog::save_recovery_point(std::vector<Offset> swaps) {
  CHECK(!dirty_);
  noted_swaps_ = std::move(swaps);
  TRY(recovery_point().save(env_.files, directory_));
  changed_ = false;
  saved_bytes_ = active_bytes();
  saves_++;
  return {};
}

Status PartitionLog::drop_segments(size_t count, Offset new_start) {
  std::vector<std::shared_ptr<Segment>> dropped(segments_.begin(), segments_.begin() + static_cast<ptrdiff_t>(count));
  segments_.erase(segments_.begin(), segments_.begin() + static_cast<ptrdiff_t>(count));
  start_ = new_start;
  clean_end_ = std::max(clean_end_, std::min(start_, segments_.front()->base()));
  transactions_.forget_before(start_);
  epochs_.forget_before(start_);
  // First the decision, then the deed: a file that outlives a crash is removed by recovery.
  TRY(save_recovery_point());
  WallTime due{env_.clock.wall().value + options_.delete_delay_ms};
  for (const auto& segment : dropped) doomed_.emplace_back(due, segment);
  return remove_doomed();
}

Status PartitionLog::remove_doomed() {
  WallTime now = env_.clock.wall();
  while (!doomed_.empty() && doomed_.front().first <= now) {
    TRY(doomed_.front().second->remove());
    doomed_.erase(doomed_.begin());
  }
  return {};
}

Status PartitionLog::truncate_prefix(Offset new_start) {
  if (new_start > last_stable()) {
    return Error{Errc::kOutOfRange, directory_ + ": records can be deleted up to offset " +
                                        std::to_string(last_stable().value) + ", not " +
                                        std::to_string(new_start.value)};
  }
  if (new_start <= start_) return {};
  TRY(sync());
  if (new_start == end()) TRY(roll());
  size_t count = 0;
  while (count + 1 < segments_.size() && segments_[count]->end() <= new_start) ++count;
  return fail_on(drop_segments(count, new_start));
}

bool PartitionLog::is_expired(const Segment& segment, WallTime now, uint64_t bytes) const {
  if (segment.bytes() == 0 || segment.end() > last_stable()) return false;
  bool too_old = options_.retention_ms >= 0 && segment.known().kept_since.value < now.value - options_.retention_ms;
  bool too_much = options_.retention_bytes >= 0 && &segment != segments_.back().get() &&
                  bytes - segment.bytes() >= static_cast<uint64_t>(options_.retention_bytes);
  return too_old || too_much;
}

Status PartitionLog::apply_retention() {
  if (failed_) return *failed_;
  WallTime now = env_.clock.wall();
  size_t count = 0;
  for (uint64_t left = bytes(); count < segments_.size() && is_expired(*segments_[count], now, left); ++count) {
    left -= segments_[count]->bytes();
  }
  if (count == 0) return {};
  if (count == segments_.size()) TRY(roll());
  TRY(sync());
  return fail_on(drop_segments(count, std::max(start_, segments_[count]->base())));
}

uint64_t PartitionLog::bytes() const {
  uint64_t sum = 0;
  for (const auto& segment : segments_) sum += segment->bytes();
  return sum;
}

std::shared_ptr<Segment> PartitionLog::segment_of(Offset offset) const {
  auto after = std::upper_bound(segments_.begin(), segments_.end(), offset,
                                [](Offset wanted, const auto& segment) { return wanted < segment->base(); });
  return after == segments_.begin() ? segments_.front() : *(after - 1);
}

Result<std::optional<PartitionLog::Stretch>> PartitionLog::stretch(Offset from, Offset limit,
                                                                   uint64_t bytes_max) const {
  if (from < start_) {
    return Error{Errc::kOutOfRange, directory_ + ": offset " + std::to_string(from.value) +
                                        " was deleted; the first one is " + std::to_string(start_.value)};
  }
  if (from >= std::min(limit, end())) return std::optional<Stretch>();
  auto segment = segment_of(from);
  if (from >= segment->end()) return std::optional<Stretch>();
  TRY_ASSIGN(uint64_t position, position_of(*segment, from));
  TRY_ASSIGN(uint64_t end_position, position_of(*segment, limit));
  if (position >= end_position) return std::optional<Stretch>();
  uint64_t size = end_position - position;
  if (size > bytes_max) {
    Bytes prefix(RecordBatchView::kPrefixBytes, '\0');
    TRY_ASSIGN(File * file, segment->file());
    TRY(file->read_at(position, prefix));
    TRY_ASSIGN(size_t first, RecordBatchView::size_of(prefix));
    size = std::min(size, std::max<uint64_t>(bytes_max, first));
  }
  return std::optional<Stretch>({segment, position, size});
}

Result<std::optional<PartitionLog::TimedOffset>> PartitionLog::find_time(WallTime time) const {
  for (const auto& segment : segments_) {
    if (segment->bytes() == 0 || segment->known().newest < time) continue;
    TRY_ASSIGN(const SparseIndex* index, segment->index());
    LogReader reader(*this, std::max({start_, segment->base(), index->before(time).offset}));
    while (reader.position() < segment->end()) {
      TRY_ASSIGN(auto batch, reader.next(segment->end()));
      if (!batch || batch->is_control() || batch->max_timestamp() < time) continue;
      TRY_ASSIGN(auto found, first_at(*batch, time, start_));
      if (found) return found;
    }
  }
  return std::optional<TimedOffset>();
}

Result<std::optional<PartitionLog::TimedOffset>> PartitionLog::find_newest() const {
  std::optional<WallTime> newest;
  for (const auto& segment : segments_) {
    if (segment->bytes() > 0 && (!newest || segment->known().newest > *newest)) newest = segment->known().newest;
  }
  if (!newest) return std::optional<TimedOffset>();
  return find_time(*newest);
}

}  // namespace leat
