#include "server/topic_source.h"

#include <algorithm>
#include <charconv>

#include "columnar/time_text.h"
#include "server/cluster_access.h"

namespace leat {
namespace {

// Milliseconds since the epoch.
std::optional<int64_t> time_of(std::string text) {
  if (text.ends_with('Z')) text.pop_back();
  std::replace(text.begin(), text.end(), 'T', ' ');
  // Hours and minutes alone will do.
  if (std::count(text.begin(), text.end(), ':') == 1) text += ":00";
  auto micros = timestamp_from_text(text);
  if (!micros) return std::nullopt;
  return *micros / 1000 - (*micros % 1000 < 0 ? 1 : 0);
}

}  // namespace

Result<ReadFrom> ReadFrom::parse(const std::string& text) {
  if (text == "earliest") return ReadFrom{kEarliest, 0};
  if (text == "latest") return ReadFrom{kLatest, 0};
  int64_t offset = 0;
  const char* end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, offset);
  if (error == std::errc() && stop == end && offset >= 0) return ReadFrom{kOffset, offset};
  if (auto time = time_of(text)) return ReadFrom{kTime, *time};
  return Error{Errc::kInvalidArgument, "'" + text +
                                           "' is no place to begin: expected earliest, latest, an offset, or a "
                                           "time in UTC such as '2024-02-29 12:34:56'"};
}

Result<std::unique_ptr<TopicSource>> TopicSource::open(const Arguments& arguments, Console& console) {
  auto directory = arguments.last("--data");
  if (!directory) return open_cluster_source(arguments, console);
  if (arguments.has("--bootstrap")) {
    return Error{Errc::kInvalidArgument, "--data looks into a directory and --bootstrap asks a cluster: give one"};
  }
  return open_home_source(*directory);
}

std::vector<OptionInfo> with_source_options(std::vector<OptionInfo> own) {
  own.insert(own.begin(), {"--data", 'd', "DIR", "Look into the data directory of jobs instead."});
  return with_cluster_options(std::move(own));
}

}  // namespace leat
