#pragma once
#include "sim/sim_random.h"

namespace leat::sim {

// Time passes by a microsecond whenever somebody looks, and by sleeping.
class SimClock final : public Clock {
 public:
  explicit SimClock(SimRandom& random) : random_(random) {}

  WallTime wall() const override;
  Instant monotonic() const override { return {now_ns_ += kLookNs}; }
  void sleep_for(int64_t nanoseconds) override { now_ns_ += nanoseconds > 0 ? nanoseconds : 0; }

  void advance_ms(int64_t duration_ms) { now_ns_ += duration_ms * 1'000'000; }
  WallTime now() const { return {kStartMs + jumped_ms_ + now_ns_ / 1'000'000}; }  // Without looking.
  void set_jumps(double probability) { jumps_ = probability; }

 private:
  static constexpr int64_t kLookNs = 1000;
  static constexpr int64_t kStartMs = 1'700'000'000'000;
  SimRandom& random_;
  mutable int64_t now_ns_ = 0, jumped_ms_ = 0;
  double jumps_ = 0;
};

}  // namespace leat::sim
