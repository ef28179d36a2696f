#include "log/compaction.h"

#include <algorithm>

#include "log/segment.h"

namespace leat {
namespace {

constexpr uint64_t kStepBytes = 4 << 20;   // Read in one step.
constexpr size_t kWriteBytes = 256 << 10;  // Written at once.

uint64_t dirty_offsets(const Compaction::Plan& plan) {
  Offset end = plan.segments.empty() ? plan.first_dirty : plan.segments.back().end;
  return static_cast<uint64_t>(std::max<int64_t>(end.value - plan.first_dirty.value, 0));
}

}  // namespace

Compaction::Compaction(Env env, Plan plan)
    : env_(env), plan_(std::move(plan)), filter_(plan_.rules), known_end_(plan_.first_dirty) {
  while (at_ < plan_.segments.size() && plan_.segments[at_].end <= plan_.first_dirty) ++at_;
  if (at_ == plan_.segments.size()) state_ = State::kDone;
}

std::string Compaction::cleaned_path(const std::string& directory, Offset base) {
  return directory + "/" + Segment::file_name(base) + ".cleaned";
}

std::string Compaction::swap_path(const std::string& directory, Offset base) {
  return directory + "/" + Segment::file_name(base) + ".swap";
}

Status Compaction::step() {
  switch (state_) {
    case State::kReadingKeys:
      return read_keys();
    case State::kWriting:
      return write();
    case State::kGroupReady:
    case State::kDone:
      break;
  }
  return {};
}

Status Compaction::open_segment(const RecoveryPoint::Segment& segment) {
  path_ = plan_.directory + "/" + Segment::file_name(segment.base);
  TRY_ASSIGN(file_, env_.files.open(path_, OpenMode::kRead));
  scanner_.emplace(*file_, path_, 0);
  return {};
}

// False: the table has no room for all of its keys.
Result<bool> Compaction::note_keys(const RecordBatchView& batch) {
  if (batch.is_control() || filter_.is_aborted(batch) || batch.next_offset() <= plan_.first_dirty) return true;
  TRY_ASSIGN(RecordReader records, RecordReader::open(batch));
  RecordView record;
  while (true) {
    TRY_ASSIGN(bool more, records.next(record));
    if (!more) return true;
    if (record.key && record.offset >= plan_.first_dirty && !known_->put(*record.key, record.offset)) return false;
  }
}

Status Compaction::read_keys() {
  if (!known_) known_.emplace(dirty_offsets(plan_), plan_.memory_bytes, plan_.secret);
  for (uint64_t read = 0; read < kStepBytes;) {
    if (at_ == plan_.segments.size()) {
      end_reading();
      return {};
    }
    const auto& segment = plan_.segments[at_];
    if (!scanner_) TRY(open_segment(segment));
    TRY_ASSIGN(auto batch, scanner_->next(segment.bytes));
    if (!batch) {
      known_end_ = segment.end;
      scanner_.reset();
      ++at_;
      continue;
    }
    TRY_ASSIGN(bool fits, note_keys(*batch));
    if (!fits && known_end_ <= plan_.first_dirty) {
      return Error{Errc::kNoSpace, path_ + ": the keys of one batch do not fit into " +
                                       std::to_string(plan_.memory_bytes) + " bytes (log.cleaner.dedupe.buffer.size)"};
    }
    if (!fits) {
      end_reading();
      return {};
    }
    known_end_ = std::max(known_end_, batch->next_offset());
    read += batch->bytes().size();
  }
  return {};
}

// What begins behind the known keys stays as it is.
void Compaction::end_reading() {
  scanner_.reset();
  auto& segments = plan_.segments;
  while (!segments.empty() && segments.back().base >= known_end_) segments.pop_back();
  at_ = group_end_ = 0;
  state_ = segments.empty() ? State::kDone : State::kWriting;
}

// As many segments as make one that is not too large.
Status Compaction::begin_group() {
  group_ = {};
  uint64_t bytes = 0;
  Offset base = plan_.segments[at_].base;
  for (group_end_ = at_; group_end_ < plan_.segments.size(); ++group_end_) {
    const auto& segment = plan_.segments[group_end_];
    bytes += segment.bytes;
    bool fits = bytes <= plan_.segment_bytes && segment.end.value - base.value <= std::numeric_limits<int32_t>::max();
    if (group_end_ > at_ && !fits) break;
    group_.replaced.push_back(segment);
  }
  const auto& last = group_.replaced.back();
  group_.cleaned = {base, last.end, 0, {}, last.kept_since, true};
  for (const auto& segment : group_.replaced) {
    group_.cleaned.kept_since = std::max(group_.cleaned.kept_since, segment.kept_since);
  }
  TRY_ASSIGN(out_, env_.files.open(cleaned_path(plan_.directory, base), OpenMode::kAppend));
  return out_->truncate(0);  // Of one that was given up.
}

Status Compaction::put(BytesView batch) {
  RecordBatchView view = RecordBatchView::trusted(batch);
  auto& cleaned = group_.cleaned;
  group_.index.add(view, cleaned.bytes);
  cleaned.newest = cleaned.bytes == 0 ? view.max_timestamp() : std::max(cleaned.newest, view.max_timestamp());
  cleaned.bytes += batch.size();
  pending_ += batch;
  if (pending_.size() < kWriteBytes) return {};
  BytesView piece = pending_;
  TRY(out_->append({&piece, 1}));
  pending_.clear();
  return {};
}

Status Compaction::end_group() {
  BytesView piece = pending_;
  if (!piece.empty()) TRY(out_->append({&piece, 1}));
  pending_.clear();
  TRY(out_->sync());
  out_.reset();
  state_ = State::kGroupReady;
  return {};
}

Status Compaction::write() {
  if (!out_) TRY(begin_group());
  for (uint64_t read = 0; read < kStepBytes;) {
    if (at_ == group_end_) return end_group();
    const auto& segment = plan_.segments[at_];
    if (!scanner_) TRY(open_segment(segment));
    TRY_ASSIGN(auto batch, scanner_->next(segment.bytes));
    if (!batch) {
      scanner_.reset();
      ++at_;
      continue;
    }
    read += batch->bytes().size();
    // Where the new segment ends is told by its last batch.
    bool keeps_end = at_ + 1 == group_end_ && batch->next_offset() == segment.end;
    TRY_ASSIGN(BytesView left, filter_.apply(*batch, keeps_end, *known_, known_end_));
    if (!left.empty()) TRY(put(left));
  }
  return {};
}

void Compaction::next_group() {
  state_ = at_ == plan_.segments.size() ? State::kDone : State::kWriting;
}

}  // namespace leat
