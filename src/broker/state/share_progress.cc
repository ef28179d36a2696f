#include "broker/state/share_progress.h"

#include <algorithm>

#include "broker/journal_text.h"

namespace leat {

void ShareProgress::cut(int64_t at) {
  auto next = ranges_.upper_bound(at);
  if (next == ranges_.begin()) return;
  ShareRange& range = std::prev(next)->second;
  if (range.first == at || range.last < at) return;
  ShareRange rest = range;
  rest.first = at;
  range.last = at - 1;
  ranges_.emplace(at, rest);
}

void ShareProgress::put(const ShareRange& range) {
  cut(range.first);
  cut(range.last + 1);
  ranges_.erase(ranges_.lower_bound(range.first), ranges_.upper_bound(range.last));
  ranges_[range.first] = range;
}

void ShareProgress::apply(const ShareDelta& delta) {
  exhausted_ += delta.exhausted;
  if (delta.start) {
    start_ = *delta.start;
    ranges_.clear();
  }
  for (ShareRange range : delta.ranges) {
    range.first = std::max(range.first, start_);
    if (range.first <= range.last) put(range);
  }
  while (!ranges_.empty() && ranges_.begin()->first <= start_ && ranges_.begin()->second.is_settled()) {
    start_ = ranges_.begin()->second.last + 1;
    ranges_.erase(ranges_.begin());
  }
  for (auto range = ranges_.begin(); range != ranges_.end();) {
    auto next = std::next(range);
    bool alike = next != ranges_.end() && next->first == range->second.last + 1 &&
                 next->second.state == range->second.state && next->second.deliveries == range->second.deliveries;
    if (!alike) {
      ++range;
      continue;
    }
    range->second.last = next->second.last;
    ranges_.erase(next);
  }
}

ShareDelta ShareProgress::whole() const {
  ShareDelta out{start_, {}, exhausted_};
  for (const auto& [first, range] : ranges_) out.ranges.push_back(range);
  return out;
}

int64_t ShareProgress::in_flight() const {
  int64_t out = 0;
  for (const auto& [first, range] : ranges_) out += range.is_settled() ? 0 : range.last - range.first + 1;
  return out;
}

std::vector<ShareRange> ShareProgress::between(int64_t first, int64_t last) const {
  std::vector<ShareRange> out;
  auto each = ranges_.upper_bound(first);
  if (each != ranges_.begin()) --each;
  for (; each != ranges_.end() && each->first <= last; ++each) {
    ShareRange part = each->second;
    part.first = std::max(part.first, first);
    part.last = std::min(part.last, last);
    if (part.first <= part.last) out.push_back(part);
  }
  return out;
}

Bytes encode_share_delta(const ShareDelta& delta) {
  Bytes out;
  put_field(out, delta.start.value_or(-1));
  put_field(out, delta.exhausted);
  for (const ShareRange& range : delta.ranges) {
    put_field(out, range.first);
    put_field(out, range.last);
    put_field(out, static_cast<int64_t>(range.state));
    put_field(out, int64_t{range.deliveries});
  }
  return out;
}

Result<ShareDelta> decode_share_delta(BytesView bytes) {
  FieldReader in(bytes);
  ShareDelta out;
  TRY_ASSIGN(int64_t start, in.number());
  if (start >= 0) out.start = start;
  TRY_ASSIGN(out.exhausted, in.number());
  while (!in.at_end()) {
    ShareRange& range = out.ranges.emplace_back();
    TRY_ASSIGN(range.first, in.number());
    TRY_ASSIGN(range.last, in.number());
    TRY_ASSIGN(int64_t state, in.number());
    TRY(in.number(range.deliveries));
    bool sound = range.first >= 0 && range.first <= range.last && range.last < INT64_MAX && state >= 0 &&
                 state <= static_cast<int64_t>(ShareState::kArchived);
    if (!sound) return Error{Errc::kCorruption, "a range of records that cannot be"};
    range.state = static_cast<ShareState>(state);
  }
  return out;
}

}  // namespace leat
