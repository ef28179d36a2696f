#pragma once
// The one line that shows how a job is doing.
#include <deque>
#include <string>

#include "job/job.h"

namespace leat {

class LiveLine {
 public:
  // The line for a job that looks like this at `now`, in at most `width` columns: what matters less is left out.
  // The rate is that of the last few seconds.
  std::string format(const JobReport&, Instant now, WallTime wall, size_t width);

 private:
  struct Sample {
    Instant at;
    int64_t rows;
  };
  double rows_per_second(const JobReport&, Instant now);
  std::deque<Sample> samples_;
};

}  // namespace leat
