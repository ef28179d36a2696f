#include "sim/sim_clock.h"

namespace leat::sim {
namespace {

constexpr int64_t kDayMs = 24LL * 60 * 60 * 1000;

}  // namespace

WallTime SimClock::wall() const {
  now_ns_ += kLookNs;
  if (jumps_ > 0 && random_.chance(jumps_)) jumped_ms_ += static_cast<int64_t>(random_.below(2 * kDayMs)) - kDayMs;
  return now();
}

}  // namespace leat::sim
