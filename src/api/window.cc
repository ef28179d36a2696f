#include "leat/window.h"

#include "api/quote.h"

namespace leat {
namespace {

std::string length(std::chrono::milliseconds duration) {
  return ", " + interval_sql(duration);
}

std::string offset(std::chrono::milliseconds duration) {
  return duration.count() == 0 ? "" : length(duration);
}

}  // namespace

TimeWindow window(std::string_view time, std::chrono::milliseconds size, std::chrono::milliseconds from) {
  TimeWindow out("TUMBLE", time);
  out.lengths_ = length(size) + offset(from);
  return out;
}

TimeWindow hopping(std::string_view time, HoppingSize lengths) {
  TimeWindow out("HOP", time);
  out.lengths_ = length(lengths.slide) + length(lengths.size) + offset(lengths.offset);
  return out;
}

TimeWindow cumulating(std::string_view time, CumulatingSize lengths) {
  TimeWindow out("CUMULATE", time);
  out.lengths_ = length(lengths.step) + length(lengths.max_size) + offset(lengths.offset);
  return out;
}

TimeWindow session(std::string_view time, SessionSize lengths) {
  TimeWindow out("SESSION", time);
  out.lengths_ = length(lengths.gap);
  out.max_duration_ = lengths.max_duration;
  return out;
}

std::string TimeWindow::sql(const std::string& table, const std::string& keys) const {
  std::string from = "TABLE " + quote_name(table);
  if (max_duration_.count() != 0) {
    from += " /*+ OPTIONS('session.max-duration' = '" + std::to_string(max_duration_.count()) + " ms') */";
  }
  if (is_session() && !keys.empty()) from += " PARTITION BY (" + keys + ")";
  return "TABLE(" + function_ + "(" + from + ", DESCRIPTOR(" + quote_name(time_) + ")" + lengths_ + "))";
}

}  // namespace leat
