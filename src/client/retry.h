#pragma once
#include <algorithm>

#include "env/env.h"

namespace leat::client {

// The time that one operation has, and the pauses between its attempts: 20 ms, doubled up to a second.
class Retry {
 public:
  Retry(Clock& clock, int64_t timeout_ms)
      : clock_(clock), deadline_{clock.monotonic().value + timeout_ms * kNanosPerMs} {}

  Instant deadline() const { return deadline_; }
  // Sleeps before the next attempt; false, at once, if there is no time left for one.
  bool again() {
    int64_t left = deadline_.value - clock_.monotonic().value;
    if (left <= pause_) return false;
    clock_.sleep_for(pause_);
    pause_ = std::min(2 * pause_, kPauseMax);
    return true;
  }

 private:
  static constexpr int64_t kNanosPerMs = 1'000'000, kPauseMax = 1'000 * kNanosPerMs;
  Clock& clock_;
  Instant deadline_;
  int64_t pause_ = 20 * kNanosPerMs;
};

}  // namespace leat::client
