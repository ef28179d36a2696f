#include "log/log_reader.h"

#include <algorithm>

#include "log/files.h"

namespace leat {

Status LogReader::enter(std::shared_ptr<Segment> segment, uint64_t position) {
  TRY_ASSIGN(File * file, segment->file());
  segment_ = std::move(segment);
  scanner_.emplace(*file, segment_->path(), position);
  return {};
}

Result<std::optional<RecordBatchView>> LogReader::next_in_segment() {
  uint64_t at = scanner_->position();
  TRY_ASSIGN(auto batch, scanner_->next(segment_->bytes()));
  bool gap = batch && batch->base_offset() > due_ && segment_->known().compacted;
  if (batch && batch->base_offset() != due_ && !gap) {
    return corruption(segment_->path(), at,
                      "offset " + std::to_string(batch->base_offset().value) + " stands where " +
                          std::to_string(due_.value) + " is due; restore the file from a copy");
  }
  if (batch) due_ = batch->next_offset();
  return batch;
}

Result<std::optional<RecordBatchView>> LogReader::next(Offset limit) {
  if (position_ >= std::min(limit, log_.end())) return std::optional<RecordBatchView>();
  if (position_ < log_.start()) {
    return Error{Errc::kOutOfRange, log_.directory() + ": offset " + std::to_string(position_.value) +
                                        " was deleted; the first one is " + std::to_string(log_.start().value)};
  }
  if (!scanner_) TRY(seek());
  while (true) {
    TRY_ASSIGN(auto batch, next_in_segment());
    if (!batch) {
      TRY(go_on());
      continue;
    }
    if (batch->last_offset() < position_) continue;
    if (batch->base_offset() >= limit) {
      // Compaction left nothing before the limit. The batch is read again if one goes on.
      position_ = limit;
      scanner_.reset();
      return std::optional<RecordBatchView>();
    }
    position_ = batch->next_offset();
    return batch;
  }
}

// Into the segment behind the one that was read. Compaction may have made one of several meanwhile.
Status LogReader::go_on() {
  auto segment = log_.segment_of(due_);
  if (segment->base() == due_) return enter(std::move(segment), 0);
  position_ = std::max(position_, due_);
  return seek();
}

// The index may be wrong: what it points at counts only if it is a batch at or before the position.
Status LogReader::seek() {
  auto segment = log_.segment_of(position_);
  TRY_ASSIGN(const SparseIndex* index, segment->index());
  SparseIndex::Entry entry = index->before(position_);
  TRY(enter(segment, entry.position));
  auto first = scanner_->next(segment->bytes());
  bool good = first && *first && (*first)->base_offset() <= position_;
  due_ = good ? (*first)->base_offset() : segment->base();
  return enter(segment, good ? entry.position : 0);
}

}  // namespace leat
