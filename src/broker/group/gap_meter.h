#pragma once
#include <array>

#include "explain/rebalance.h"

namespace leat {

// How far apart the events of a series are, in bounded memory: a bucket for each power of two of milliseconds.
class GapMeter {
 public:
  void add(Instant now) {
    if (count_++ > 0) {
      int64_t gap = ms_since(now);
      max_ms_ = std::max(max_ms_, gap);
      size_t bucket = 0;
      while (bucket + 1 < buckets_.size() && gap >= int64_t{1} << bucket) ++bucket;
      ++buckets_[bucket];
    }
    last_ = now;
  }
  // A generation begins: gaps are counted anew; when the last event was is still known.
  void begin() {
    max_ms_ = -1;
    buckets_ = {};
  }
  Rhythm rhythm(Instant now) const {
    Rhythm out;
    out.count = count_;
    if (count_ > 0) out.age_ms = ms_since(now);
    out.gap_max_ms = max_ms_;
    out.gap_p99_ms = p99_ms();
    return out;
  }

 private:
  int64_t ms_since(Instant now) const { return (now.value - last_.value) / 1'000'000; }
  int64_t p99_ms() const {
    uint64_t all = 0, seen = 0;
    for (uint32_t each : buckets_) all += each;
    for (size_t i = 0; i < buckets_.size() && all > 0; ++i) {
      seen += buckets_[i];
      if (seen * 100 >= all * 99) return std::min(max_ms_, int64_t{1} << i);
    }
    return -1;
  }

  int64_t count_ = 0, max_ms_ = -1;
  Instant last_;
  std::array<uint32_t, 24> buckets_{};  // The first: below 1 ms; the last: two hours and more.
};

}  // namespace leat
