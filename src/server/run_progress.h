#pragma once
// RunProgress: watches a job for its user: a live line on a terminal, a line now and then elsewhere, and Ctrl-C.
#include "env/env.h"
#include "job/job.h"
#include "server/console.h"
#include "server/live_line.h"
#include "server/stop_signal.h"

namespace leat {

class RunProgress final : public JobObserver {
 public:
  // All of them outlive it.
  RunProgress(Console& console, const StopSignal& stop, Clock& clock)
      : console_(console), stop_(stop), clock_(clock), last_line_(clock.monotonic()) {}

  bool stop_requested() override { return stop_.requested(); }
  void progress(const JobReport&) override;

 private:
  static constexpr int64_t kPlainInterval = 10'000'000'000;  // Nanoseconds between two lines in a pipe.
  Console& console_;
  const StopSignal& stop_;
  Clock& clock_;
  Instant last_line_;
  LiveLine line_;
};

}  // namespace leat
