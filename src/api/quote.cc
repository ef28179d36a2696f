#include "api/quote.h"

#include <algorithm>

namespace leat {

std::string quote_name(std::string_view name) {
  std::string out = "`";
  for (char c : name) out.append(c == '`' ? 2 : 1, c);
  return out + "`";
}

std::string quote_text(std::string_view text) {
  std::string out = "'";
  for (char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

std::string interval_sql(std::chrono::milliseconds duration) {
  uint64_t ms =
      duration.count() < 0 ? -static_cast<uint64_t>(duration.count()) : static_cast<uint64_t>(duration.count());
  std::string seconds = std::to_string(ms / 1000), fraction = std::to_string(1000 + ms % 1000).substr(1);
  return std::string("INTERVAL ") + (duration.count() < 0 ? "-" : "") + "'" + seconds + "." + fraction + "' SECOND(" +
         std::to_string(std::max<size_t>(2, seconds.size())) + ", 3)";
}

}  // namespace leat
