#include "broker/group/share_partition.h"

#include <algorithm>

namespace leat {
namespace {

using protocol::ErrorCode;

// Back to those that may be given out, unless it was given out often enough.
void give_back(ShareRange range, int16_t deliveries_max, ShareDelta& out) {
  bool exhausted = range.deliveries >= deliveries_max;
  range.state = exhausted ? ShareState::kArchived : ShareState::kAvailable;
  if (exhausted) out.exhausted += range.last - range.first + 1;
  out.ranges.push_back(range);
}

ErrorCode check_batches(const std::vector<ShareAckBatch>& batches) {
  int64_t next = 0;
  for (const ShareAckBatch& batch : batches) {
    bool ordered = batch.first >= next && batch.first <= batch.last && batch.last < INT64_MAX;
    bool counted = batch.types.size() == 1 ||
                   (ordered && batch.types.size() == static_cast<uint64_t>(batch.last - batch.first) + 1);
    bool known = std::all_of(batch.types.begin(), batch.types.end(), [](int8_t type) {
      return type >= static_cast<int8_t>(ShareAck::kGap) && type <= static_cast<int8_t>(ShareAck::kRenew);
    });
    if (!ordered || !counted || !known) return ErrorCode::kInvalidRequest;
    next = batch.last + 1;
  }
  return ErrorCode::kNone;
}

struct Answer {
  int64_t first, last;
  ShareAck type;
};

// Stretches of offsets with one answer; what is settled already is passed over.
std::vector<Answer> answers_of(const std::vector<ShareAckBatch>& batches, int64_t start) {
  std::vector<Answer> out;
  for (const ShareAckBatch& batch : batches) {
    if (batch.types.size() == 1) {
      if (batch.last >= start) out.push_back({std::max(batch.first, start), batch.last, ShareAck{batch.types[0]}});
      continue;
    }
    for (size_t i = 0; i < batch.types.size(); ++i) {
      int64_t at = batch.first + static_cast<int64_t>(i);
      ShareAck type{batch.types[i]};
      if (at < start) continue;
      bool goes_on = !out.empty() && out.back().last == at - 1 && out.back().type == type;
      if (goes_on) {
        out.back().last = at;
      } else {
        out.push_back({at, at, type});
      }
    }
  }
  return out;
}

}  // namespace

ShareDelta SharePartition::recover(const ShareProgress& progress, int64_t log_start, int16_t deliveries_max) const {
  ShareDelta out;
  if (log_start > progress.end()) {
    out.start = log_start;
    return out;
  }
  if (log_start > progress.start()) {
    for (ShareRange range : progress.between(progress.start(), log_start - 1)) {
      range.state = ShareState::kArchived;
      out.ranges.push_back(range);
    }
  }
  for (const auto& [first, range] : progress.ranges()) {
    bool lost = range.state == ShareState::kAcquired && range.last >= log_start && locks_.empty();
    if (!lost) continue;
    ShareRange part = range;
    part.first = std::max(part.first, log_start);
    give_back(part, deliveries_max, out);
  }
  return out;
}

int64_t SharePartition::next_offset(const ShareProgress& progress) {
  for (const auto& [first, range] : progress.ranges()) {
    if (range.state == ShareState::kAvailable) return first;
  }
  return progress.end();
}

void SharePartition::acquire(const ShareProgress& progress, int64_t first, int64_t last, int64_t records_max,
                             Acquisition& out) const {
  std::vector<ShareRange> candidates = progress.between(first, last);
  int64_t behind = std::max(first, progress.end());
  if (behind <= last) candidates.push_back({behind, last, ShareState::kAvailable, 0});
  for (ShareRange range : candidates) {
    if (range.state != ShareState::kAvailable || out.records >= records_max) continue;
    range.last = std::min(range.last, range.first + (records_max - out.records) - 1);
    range.state = ShareState::kAcquired;
    ++range.deliveries;
    out.records += range.last - range.first + 1;
    out.delta.ranges.push_back(range);
    out.ranges.push_back(range);
  }
}

void SharePartition::lock(const std::vector<ShareRange>& ranges, const std::string& member, Instant deadline) {
  for (const ShareRange& range : ranges) locks_[range.first] = {range.last, member, deadline};
}

bool SharePartition::holds(const std::string& member, int64_t first, int64_t last) const {
  auto next = locks_.upper_bound(first);
  if (next == locks_.begin()) return false;
  for (auto lock = std::prev(next); lock != locks_.end() && lock->first <= first; ++lock) {
    if (lock->second.last < first || lock->second.member != member) return false;
    first = lock->second.last + 1;
    if (first > last) return true;
  }
  return false;
}

void SharePartition::cut(int64_t at) {
  auto next = locks_.upper_bound(at);
  if (next == locks_.begin()) return;
  auto& [first, lock] = *std::prev(next);
  if (first == at || lock.last < at) return;
  Lock rest = lock;
  lock.last = at - 1;
  locks_.emplace(at, std::move(rest));
}

void SharePartition::unlock(int64_t first, int64_t last) {
  cut(first);
  cut(last + 1);
  locks_.erase(locks_.lower_bound(first), locks_.upper_bound(last));
}

ErrorCode SharePartition::acknowledge(const ShareProgress& progress, const std::string& member,
                                      const std::vector<ShareAckBatch>& batches, int16_t deliveries_max,
                                      Instant renewed_until, ShareDelta& out) {
  if (ErrorCode error = check_batches(batches); error != ErrorCode::kNone) return error;
  std::vector<Answer> answers = answers_of(batches, progress.start());
  for (const Answer& answer : answers) {
    if (!holds(member, answer.first, answer.last)) return ErrorCode::kInvalidRecordState;
  }
  for (const Answer& answer : answers) {
    if (answer.type == ShareAck::kRenew) {
      cut(answer.first);
      cut(answer.last + 1);
      auto end = locks_.upper_bound(answer.last);
      for (auto lock = locks_.lower_bound(answer.first); lock != end; ++lock) lock->second.deadline = renewed_until;
      continue;
    }
    unlock(answer.first, answer.last);
    for (ShareRange range : progress.between(answer.first, answer.last)) {
      if (answer.type == ShareAck::kRelease) {
        give_back(range, deliveries_max, out);
        continue;
      }
      range.state = answer.type == ShareAck::kAccept ? ShareState::kAcknowledged : ShareState::kArchived;
      out.ranges.push_back(range);
    }
  }
  return ErrorCode::kNone;
}

ShareDelta SharePartition::expire(const ShareProgress& progress, Instant now, int16_t deliveries_max) {
  ShareDelta out;
  for (auto lock = locks_.begin(); lock != locks_.end();) {
    if (lock->second.deadline > now) {
      ++lock;
      continue;
    }
    for (const ShareRange& range : progress.between(lock->first, lock->second.last)) {
      if (range.state == ShareState::kAcquired) give_back(range, deliveries_max, out);
    }
    lock = locks_.erase(lock);
  }
  return out;
}

ShareDelta SharePartition::release(const ShareProgress& progress, const std::string& member) {
  ShareDelta out;
  for (auto lock = locks_.begin(); lock != locks_.end();) {
    if (lock->second.member != member) {
      ++lock;
      continue;
    }
    for (ShareRange range : progress.between(lock->first, lock->second.last)) {
      if (range.state != ShareState::kAcquired) continue;
      range.state = ShareState::kAvailable;
      --range.deliveries;
      out.ranges.push_back(range);
    }
    lock = locks_.erase(lock);
  }
  return out;
}

Instant SharePartition::next_deadline() const {
  Instant out = kNever;
  for (const auto& [first, lock] : locks_) out = std::min(out, lock.deadline);
  return out;
}

}  // namespace leat
