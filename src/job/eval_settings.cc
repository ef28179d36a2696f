#include "job/eval_settings.h"

#include <algorithm>

#include "columnar/time_zone.h"

namespace leat {
namespace {

constexpr std::string_view kZoneDirectory = "/usr/share/zoneinfo/";
constexpr uint64_t kZoneBytesMax = 1 << 20;

// A name leads nowhere but into that directory.
bool is_zone_name(std::string_view name) {
  return !name.empty() && name[0] != '/' && name.find("..") == std::string_view::npos &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  std::string_view("/_+-").find(c) != std::string_view::npos;
         });
}

std::optional<Bytes> load_zone(FileSystem& files, std::string_view name) {
  if (!is_zone_name(name)) return std::nullopt;
  const auto file = files.open(std::string(kZoneDirectory) + std::string(name), OpenMode::kRead);
  if (!file) return std::nullopt;
  const auto size = (*file)->size();
  if (!size || *size > kZoneBytesMax) return std::nullopt;
  Bytes out(*size, '\0');
  const auto read = (*file)->read_at(0, out);
  if (!read || *read != out.size()) return std::nullopt;
  return out;
}

}  // namespace

Result<EvalSettings> make_eval_settings(Env env, const Settings& settings) {
  EvalSettings out;
  out.time_zone = settings.time_zone();
  out.wall_micros = [&clock = env.clock] { return clock.wall().value * 1000; };
  out.random = [&random = env.random] { return random.next(); };
  out.zones =
      std::make_shared<const TimeZones>([&files = env.files](std::string_view name) { return load_zone(files, name); });
  if (find_time_zone(out.time_zone, out.zones.get()) == nullptr) {
    return Error{Errc::kInvalidArgument, "'table.local-time-zone' = '" + out.time_zone +
                                             "': there is no such time zone; write an IANA name such as "
                                             "Europe/Berlin (Debian's package tzdata has them), or an offset: +02:00"};
  }
  return out;
}

}  // namespace leat
