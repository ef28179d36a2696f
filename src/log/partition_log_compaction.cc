// How a compaction takes its place in the log.
#include <algorithm>

#include "log/partition_log.h"

namespace leat {

// How many segments from the front may be compacted.
size_t PartitionLog::cleanable_segments() const {
  WallTime now = env_.clock.wall();
  size_t count = 0;
  for (; count + 1 < segments_.size(); ++count) {
    const Segment& segment = *segments_[count];
    bool young = segment.end() > clean_end_ && options_.min_compaction_lag_ms > 0 &&
                 segment.known().newest.value > now.value - options_.min_compaction_lag_ms;
    if (young || segment.end() > last_stable()) break;
  }
  return count;
}

Result<PartitionLog::Dirt> PartitionLog::dirt() const {
  Dirt out;
  if (failed_) return out;
  uint64_t clean = 0, dirty = 0;
  size_t count = cleanable_segments();
  for (size_t i = 0; i < count; ++i) {
    Segment& segment = *segments_[i];
    bool is_clean = segment.end() <= clean_end_;
    (is_clean ? clean : dirty) += segment.bytes();
    if (is_clean || out.overdue || options_.max_compaction_lag_ms == std::numeric_limits<int64_t>::max()) continue;
    TRY_ASSIGN(auto first, segment.first_timestamp());
    out.overdue = first && first->value < env_.clock.wall().value - options_.max_compaction_lag_ms;
  }
  if (dirty > 0) out.ratio = static_cast<double>(dirty) / static_cast<double>(clean + dirty);
  return out;
}

std::unique_ptr<Compaction> PartitionLog::begin_compaction(uint64_t memory_bytes) const {
  Compaction::Plan plan;
  plan.directory = directory_;
  size_t count = cleanable_segments();
  if (failed_ || count == 0 || segments_[count - 1]->end() <= clean_end_) return nullptr;
  for (size_t i = 0; i < count; ++i) plan.segments.push_back(segments_[i]->known());
  plan.first_dirty = std::max(clean_end_, segments_.front()->base());
  plan.segment_bytes = options_.segment_bytes;
  plan.memory_bytes = memory_bytes;
  plan.secret = {env_.random.next(), env_.random.next()};
  plan.rules = {env_.clock.wall(), options_.delete_retention_ms, transactions_.aborted(), producers_.all()};
  return std::make_unique<Compaction>(env_, std::move(plan));
}

Result<bool> PartitionLog::swap_in(Compaction& compaction) {
  if (failed_) return *failed_;
  const Compaction::Group& group = compaction.group();
  auto same = [](const std::shared_ptr<Segment>& segment, const RecoveryPoint::Segment& known) {
    return segment->known() == known;
  };
  auto first = std::find_if(segments_.begin(), segments_.end(),
                            [&](const auto& segment) { return segment->base() == group.cleaned.base; });
  auto room = static_cast<size_t>(segments_.end() - first);
  if (room <= group.replaced.size() ||
      !std::equal(first, first + static_cast<ptrdiff_t>(group.replaced.size()), group.replaced.begin(), same)) {
    give_up(compaction);
    return false;
  }
  TRY(sync());
  // The new file must not be taken for one that was decided before.
  if (std::count(noted_swaps_.begin(), noted_swaps_.end(), group.cleaned.base) > 0) TRY(fail_on(save_recovery_point()));
  auto cleaned = std::make_shared<Segment>(env_.files, directory_, group.cleaned);
  cleaned->adopt_index(group.index);
  auto last = first + static_cast<ptrdiff_t>(group.replaced.size());
  std::vector<std::shared_ptr<Segment>> replaced(first, last);
  segments_.insert(segments_.erase(first, last), cleaned);
  TRY(fail_on(put_in_place(cleaned, replaced)));
  compaction.next_group();
  return true;
}

// First the new file is durable under a name that recovery knows; then the recovery point decides that it counts; then
// it takes its name, and the old ones go. A crash before the decision leaves the old segments, one behind it the new
// one.
Status PartitionLog::put_in_place(const std::shared_ptr<Segment>& cleaned,
                                  const std::vector<std::shared_ptr<Segment>>& replaced) {
  Offset base = cleaned->base();
  std::string swap = Compaction::swap_path(directory_, base);
  TRY(env_.files.rename(Compaction::cleaned_path(directory_, base), swap));
  TRY(env_.files.sync_directory(directory_));
  TRY(save_recovery_point({base}));
  for (const auto& segment : replaced) {
    TRY(segment->remove_index());
    if (segment->base() != base) TRY(segment->remove());
  }
  TRY(env_.files.rename(swap, cleaned->path()));
  TRY(env_.files.sync_directory(directory_));
  return cleaned->save_index();
}

// A file that stays is written over by the next compaction, or removed when the log is opened.
void PartitionLog::give_up(const Compaction& compaction) {
  if (compaction.group().replaced.empty()) return;
  (void)env_.files.remove(Compaction::cleaned_path(directory_, compaction.group().cleaned.base));
}

Status PartitionLog::finish_compaction(const Compaction& compaction) {
  if (failed_) return *failed_;
  clean_end_ = std::max(clean_end_, compaction.clean_end());
  // Nothing is left of transactions that were aborted below.
  transactions_.forget_before(clean_end_);
  TRY(sync());
  return fail_on(save_recovery_point());
}

}  // namespace leat
