#pragma once
// Windows over an event-time column, as in SQL: TUMBLE, HOP, CUMULATE, SESSION.
#include <chrono>
#include <string>
#include <string_view>

namespace leat {

// Lengths are whole milliseconds and more than nothing; sizes are whole multiples of slides and steps.
struct HoppingSize {
  std::chrono::milliseconds size, slide;
  std::chrono::milliseconds offset{0};
};
struct CumulatingSize {
  std::chrono::milliseconds max_size, step;
  std::chrono::milliseconds offset{0};
};
struct SessionSize {
  std::chrono::milliseconds gap;              // A session ends when its key has no row for so long…
  std::chrono::milliseconds max_duration{0};  // …or when it is so long, which caps the state. 0: it may go on for ever.
};

class TimeWindow;
TimeWindow window(std::string_view time, std::chrono::milliseconds size, std::chrono::milliseconds offset = {});
TimeWindow hopping(std::string_view time, HoppingSize);        // hopping("event_time", {.size = 1h, .slide = 10min})
TimeWindow cumulating(std::string_view time, CumulatingSize);  // {.max_size = 24h, .step = 1h}
TimeWindow session(std::string_view time, SessionSize);        // {.gap = 30min, .max_duration = 24h}

class TimeWindow {
 private:
  friend TimeWindow window(std::string_view, std::chrono::milliseconds, std::chrono::milliseconds);
  friend TimeWindow hopping(std::string_view, HoppingSize);
  friend TimeWindow cumulating(std::string_view, CumulatingSize);
  friend TimeWindow session(std::string_view, SessionSize);
  friend class Stream;
  friend class GroupedStream;
  TimeWindow(std::string_view function, std::string_view time) : function_(function), time_(time) {}
  bool is_session() const { return function_ == "SESSION"; }
  // SQL's windowing table function over a table or view; `keys` (of sessions) are columns.
  std::string sql(const std::string& table, const std::string& keys) const;

  std::string function_, time_;
  std::string lengths_;  // ", INTERVAL …, INTERVAL …"
  std::chrono::milliseconds max_duration_{0};
};

}  // namespace leat
