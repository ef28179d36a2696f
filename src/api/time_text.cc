#include "columnar/time_text.h"

#include "columnar/civil.h"
#include "leat/row.h"

namespace leat {

std::string to_text(Timestamp time) {
  std::string out;
  append_timestamp(out, time.time_since_epoch().count() * kMicrosPerMilli, 3);
  return out;
}

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  auto micros = timestamp_from_text(text);
  if (!micros) return std::nullopt;
  return Timestamp(std::chrono::milliseconds(floor_div(*micros, kMicrosPerMilli)));
}

}  // namespace leat
