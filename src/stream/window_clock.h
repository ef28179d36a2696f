#pragma once
// WindowClock: the time in which an operator's windows live. Over a TIMESTAMP column that is the column's own time.
// Over TIMESTAMP_LTZ windows are cut in the session's local time (a day begins at local midnight, Flink's
// TimeWindowUtil), so event times and watermarks are shifted before anything compares them with a window's bounds.
#include <memory>
#include <vector>

#include "columnar/batch.h"
#include "columnar/expr.h"

namespace leat {

class TimeZone;

int64_t floor_ms(int64_t micros);

class WindowClock {
 public:
  WindowClock(const DataType& time, const EvalSettings&);
  ~WindowClock();

  // Window time of the rows of a time column (microseconds), in milliseconds.
  void read_times(const Column& time, std::vector<int64_t>& out_ms) const;
  // Window time of the rows' watermarks; kMinEventTime for rows without.
  void read_watermarks(const Batch&, std::vector<int64_t>& out_ms) const;

  // The highest window time all of whose instants the watermark has passed: a clock that is put back shows some times
  // twice, and they close after the second. Keeps kMinEventTime and kMaxEventTime.
  int64_t local_watermark(int64_t utc_ms) const;
  int64_t to_local(int64_t utc_ms) const;
  int64_t to_utc(int64_t local_ms) const;

 private:
  std::shared_ptr<const TimeZone> zone_;  // Null: window time is the column's time.
};

}  // namespace leat
