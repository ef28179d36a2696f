#pragma once
// TestEnv: the real files and threads, but a clock that moves only when it is asked, so that nothing is waited for and
// every look of a job at the clock finds a checkpoint due; and random numbers that are not.
#include "env/env.h"
#include "env/posix.h"

namespace leat::sqltest {

class TestClock final : public Clock {
 public:
  WallTime wall() const override { return WallTime{kStartMs + now_ / 1'000'000}; }
  Instant monotonic() const override { return Instant{now_ += 1'000'000'000}; }
  void sleep_for(int64_t nanoseconds) override { now_ += nanoseconds; }

 private:
  static constexpr int64_t kStartMs = 1'700'000'000'000;
  mutable int64_t now_ = 0;
};

class TestRandom final : public Random {
 public:
  uint64_t next() override { return ++last_; }

 private:
  uint64_t last_ = 0;
};

class TestEnv {
 public:
  explicit TestEnv(int threads) : posix_(threads) {}
  Env env() {
    Env real = posix_.env();
    return Env{clock_, real.files, random_, real.workers};
  }

 private:
  PosixEnv posix_;
  TestClock clock_;
  TestRandom random_;
};

}  // namespace leat::sqltest
