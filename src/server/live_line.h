#pragma once
// The one line that shows how a job is doing.
#include <deque>
#include <string>

#include "job/job.h"

namespace leat {

class LiveLine {
 public:
  // The line for a job that looks like this at `now`, in at most `width` columns: brief where it must be, and without
  // what matters less. The rate is that of the last few seconds.
  std::string format(const JobReport&, Instant now, WallTime wall, size_t width);

 private:
  struct Sample {
    Instant at;
    int64_t rows;
  };
  double rows_per_second(const JobReport&, Instant now);
  std::string checkpoint_text(const JobReport&, Instant now);
  std::deque<Sample> samples_;
  int64_t checkpoints_ = 0;
  Instant checkpoint_at_{0};  // When the newest one was first seen.
};

}  // namespace leat
