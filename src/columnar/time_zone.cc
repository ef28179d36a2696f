#include "columnar/time_zone.h"

#include <algorithm>

#include "columnar/civil.h"

namespace leat {
namespace {

constexpr int64_t kSecondsPerDay = 86400;
// Rules are unrolled into transitions up to here; java.time goes on for ever, we say what we do.
constexpr int64_t kLastYear = 2500;

struct Reader {
  BytesView in;
  bool failed = false;

  BytesView take(size_t size) {
    if (in.size() < size) {
      failed = true;
      return {};
    }
    const BytesView out = in.substr(0, size);
    in.remove_prefix(size);
    return out;
  }
  int64_t number(size_t size) {
    int64_t value = 0;
    const BytesView bytes = take(size);
    for (size_t i = 0; i < bytes.size(); ++i) {
      const auto byte = static_cast<uint8_t>(bytes[i]);
      value = i == 0 ? static_cast<int8_t>(byte) : value * 256 + byte;
    }
    return value;
  }
};

struct Header {
  char version = 0;
  int64_t utc_flags, standard_flags, leaps, times, types, abbreviation_bytes;
};

std::optional<Header> read_header(Reader& reader) {
  if (reader.take(4) != "TZif") return std::nullopt;
  Header header;
  const BytesView version = reader.take(16);
  header.version = version.empty() ? '\0' : version[0];
  for (int64_t* field : {&header.utc_flags, &header.standard_flags, &header.leaps, &header.times, &header.types,
                         &header.abbreviation_bytes}) {
    *field = reader.number(4);
  }
  if (reader.failed) return std::nullopt;
  return header;
}

// The POSIX TZ string at the end of the file, such as "CET-1CEST,M3.5.0,M10.5.0/3".
class PosixRule {
 public:
  static std::optional<PosixRule> parse(BytesView text) {
    PosixRule rule;
    rule.text_ = text;
    if (!rule.name() || !rule.time(rule.standard_)) return std::nullopt;
    rule.standard_ = -rule.standard_;
    if (rule.text_.empty()) return rule;
    if (!rule.name()) return std::nullopt;
    rule.daylight_ = rule.standard_ + 3600;
    if (!rule.text_.empty() && rule.text_[0] != ',') {
      if (!rule.time(rule.daylight_)) return std::nullopt;
      rule.daylight_ = -rule.daylight_;
    }
    if (!rule.day(rule.start_) || !rule.day(rule.end_)) return std::nullopt;
    rule.has_daylight_ = true;
    return rule;
  }

  int32_t standard() const { return static_cast<int32_t>(standard_); }
  int32_t daylight() const { return static_cast<int32_t>(daylight_); }
  bool has_daylight() const { return has_daylight_; }
  int64_t start(int64_t year) const { return start_.seconds(year) - standard_; }
  int64_t end(int64_t year) const { return end_.seconds(year) - daylight_; }

 private:
  struct Day {
    char kind = 'M';  // M: month.week.day; J: 1..365 without leap days; N: 0..365.
    int64_t month = 0, week = 0, day = 0;
    int64_t time = 7200;

    int64_t seconds(int64_t year) const {
      if (kind == 'N') return (days_from_civil(year, 1, 1) + day) * kSecondsPerDay + time;
      if (kind == 'J') {
        const int64_t leap = is_leap(year) && day >= 60;
        return (days_from_civil(year, 1, 1) + day - 1 + leap) * kSecondsPerDay + time;
      }
      const int64_t first = days_from_civil(year, static_cast<int>(month), 1);
      int64_t date = first + floor_mod(day - weekday(first), 7) + (week - 1) * 7;
      if (date >= first + days_in_month(year, static_cast<int>(month))) date -= 7;
      return date * kSecondsPerDay + time;
    }
  };

  bool name() {
    size_t size = 0;
    if (!text_.empty() && text_[0] == '<') {
      size = text_.find('>') + 1;
    } else {
      while (size < text_.size() && ((text_[size] | 32) >= 'a' && (text_[size] | 32) <= 'z')) ++size;
    }
    if (size < 3) return false;
    text_.remove_prefix(size);
    return true;
  }
  bool number(int64_t& out) {
    size_t i = 0;
    for (out = 0; i < text_.size() && text_[i] >= '0' && text_[i] <= '9' && i < 5; ++i) out = out * 10 + text_[i] - '0';
    text_.remove_prefix(i);
    return i > 0;
  }
  bool eat(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool time(int64_t& out) {
    const bool negative = eat('-');
    if (!negative) eat('+');
    int64_t hours = 0, minutes = 0, seconds = 0;
    if (!number(hours)) return false;
    if (eat(':') && !number(minutes)) return false;
    if (eat(':') && !number(seconds)) return false;
    out = hours * 3600 + minutes * 60 + seconds;
    if (negative) out = -out;
    return true;
  }
  bool day(Day& out) {
    if (!eat(',')) return false;
    if (eat('M')) {
      if (!number(out.month) || !eat('.') || !number(out.week) || !eat('.') || !number(out.day)) return false;
      if (out.month < 1 || out.month > 12) return false;
    } else {
      out.kind = eat('J') ? 'J' : 'N';
      if (!number(out.day)) return false;
    }
    return !eat('/') || time(out.time);
  }

  BytesView text_;
  int64_t standard_ = 0, daylight_ = 0;
  bool has_daylight_ = false;
  Day start_, end_;
};

}  // namespace

std::shared_ptr<const TimeZone> TimeZone::fixed(int32_t offset_seconds) {
  auto zone = std::make_shared<TimeZone>();
  zone->first_offset_ = offset_seconds;
  return zone;
}

Result<std::shared_ptr<const TimeZone>> TimeZone::parse(BytesView tzif) {
  const Error bad{Errc::kCorruption, "not a TZif file of version 2 or later"};
  Reader reader{tzif};
  const auto first = read_header(reader);
  if (!first || first->version < '2') return bad;
  // The block for 32-bit readers.
  reader.take(static_cast<size_t>(first->times * 5 + first->types * 6 + first->abbreviation_bytes + first->leaps * 8 +
                                  first->standard_flags + first->utc_flags));
  const auto header = read_header(reader);
  if (!header || header->types < 1) return bad;
  auto zone = std::make_shared<TimeZone>();
  for (int64_t i = 0; i < header->times && !reader.failed; ++i) zone->transitions_.push_back({reader.number(8), 0});
  const BytesView kinds = reader.take(static_cast<size_t>(header->times));
  std::vector<int32_t> offsets;
  for (int64_t i = 0; i < header->types && !reader.failed; ++i) {
    offsets.push_back(static_cast<int32_t>(reader.number(4)));
    reader.take(2);
  }
  reader.take(static_cast<size_t>(header->abbreviation_bytes + header->leaps * 12 + header->standard_flags +
                                  header->utc_flags));
  if (reader.failed) return bad;
  for (size_t i = 0; i < kinds.size(); ++i) {
    const auto kind = static_cast<uint8_t>(kinds[i]);
    if (kind >= offsets.size()) return bad;
    zone->transitions_[i].offset = offsets[kind];
  }
  zone->first_offset_ = offsets[0];

  BytesView footer = reader.in;
  if (!footer.empty() && footer[0] == '\n') footer.remove_prefix(1);
  footer = footer.substr(0, footer.find('\n'));
  const auto rule = PosixRule::parse(footer);
  if (!rule) return std::shared_ptr<const TimeZone>(zone);
  if (zone->transitions_.empty()) zone->first_offset_ = rule->standard();
  if (!rule->has_daylight()) return std::shared_ptr<const TimeZone>(zone);
  const int64_t last = zone->transitions_.empty() ? 0 : zone->transitions_.back().at;
  for (int64_t year = civil_from_days(floor_div(last, kSecondsPerDay)).year; year <= kLastYear; ++year) {
    Transition pair[] = {{rule->start(year), rule->daylight()}, {rule->end(year), rule->standard()}};
    if (pair[1].at < pair[0].at) std::swap(pair[0], pair[1]);
    for (const Transition& transition : pair) {
      if (transition.at > last) zone->transitions_.push_back(transition);
    }
  }
  return std::shared_ptr<const TimeZone>(zone);
}

int32_t TimeZone::offset_at(int64_t utc_seconds) const {
  const auto after = std::ranges::upper_bound(transitions_, utc_seconds, {}, &Transition::at);
  return after == transitions_.begin() ? first_offset_ : std::prev(after)->offset;
}

int64_t TimeZone::utc_to_local_micros(int64_t micros) const {
  return micros + offset_at(floor_div(micros, kMicrosPerSecond)) * kMicrosPerSecond;
}

int64_t TimeZone::local_to_utc_micros(int64_t micros, Twice twice) const {
  if (transitions_.empty()) return micros - first_offset_ * kMicrosPerSecond;
  const int64_t local = floor_div(micros, kMicrosPerSecond);
  // Offsets are within a day, so the answer is one of the two that hold a day before and after.
  const int32_t earlier = offset_at(local - kSecondsPerDay);
  const int32_t later = offset_at(local + kSecondsPerDay);
  // In an overlap the offset before the transition gives the first instant; in a gap it moves on by the gap's length.
  const bool before_valid = offset_at(local - earlier) == earlier;
  const bool after_valid = offset_at(local - later) == later;
  const bool first = before_valid && (twice == Twice::kFirst || !after_valid);
  const int32_t offset = first || !after_valid ? earlier : later;
  return micros - offset * kMicrosPerSecond;
}

TimeZones::~TimeZones() {
  for (Node* node = head_.load(); node != nullptr;) delete std::exchange(node, node->next);
}

std::shared_ptr<const TimeZone> TimeZones::find(std::string_view name) const {
  for (const Node* node = head_.load(std::memory_order_acquire); node != nullptr; node = node->next) {
    if (node->name == name) return node->zone;
  }
  // A name that does not exist is remembered too. Two threads may both load one: the list then has it twice.
  auto* node = new Node{std::string(name), nullptr, head_.load(std::memory_order_relaxed)};
  if (const auto file = load_(name)) {
    if (auto zone = TimeZone::parse(*file)) node->zone = *zone;
  }
  const auto found = node->zone;
  while (!head_.compare_exchange_weak(node->next, node, std::memory_order_release, std::memory_order_relaxed)) {
  }
  return found;
}

std::shared_ptr<const TimeZone> find_time_zone(std::string_view name, const TimeZones* zones) {
  static const auto utc = TimeZone::fixed(0);
  if (name == "UTC" || name == "Z" || name == "GMT" || name == "UT") return utc;
  std::string_view text = name;
  for (const std::string_view prefix : {"UTC", "GMT", "UT"}) {
    if (text.starts_with(prefix) && text.size() > prefix.size() &&
        (text[prefix.size()] == '+' || text[prefix.size()] == '-')) {
      text.remove_prefix(prefix.size());
      break;
    }
  }
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return zones == nullptr ? nullptr : zones->find(name);
  // ±h, ±hh, ±hh:mm, ±hhmm, ±hh:mm:ss
  const int sign = text[0] == '-' ? -1 : 1;
  int digits = 0, parts[3] = {0, 0, 0}, part = 0;
  for (const char c : text.substr(1)) {
    if (c == ':' && digits > 0 && part < 2) {
      ++part;
      digits = 0;
    } else if (c >= '0' && c <= '9' && (digits < 2 || part < 2)) {
      if (digits == 2) {
        ++part;
        digits = 0;
      }
      parts[part] = parts[part] * 10 + (c - '0');
      ++digits;
    } else {
      return nullptr;
    }
  }
  const int seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
  if (digits == 0 || parts[1] > 59 || parts[2] > 59 || seconds > 18 * 3600) return nullptr;
  return seconds == 0 ? utc : TimeZone::fixed(sign * seconds);
}

std::shared_ptr<const TimeZone> java_time_zone(std::string_view id, const TimeZones* zones) {
  static constexpr std::pair<std::string_view, std::string_view> kAbbreviations[] = {
      {"ACT", "Australia/Darwin"},    {"AET", "Australia/Sydney"},     {"AGT", "America/Argentina/Buenos_Aires"},
      {"ART", "Africa/Cairo"},        {"AST", "America/Anchorage"},    {"BET", "America/Sao_Paulo"},
      {"BST", "Asia/Dhaka"},          {"CAT", "Africa/Harare"},        {"CNT", "America/St_Johns"},
      {"CST", "America/Chicago"},     {"CTT", "Asia/Shanghai"},        {"EAT", "Africa/Addis_Ababa"},
      {"ECT", "Europe/Paris"},        {"IET", "America/Indianapolis"}, {"IST", "Asia/Kolkata"},
      {"JST", "Asia/Tokyo"},          {"MIT", "Pacific/Apia"},         {"NET", "Asia/Yerevan"},
      {"NST", "Pacific/Auckland"},    {"PLT", "Asia/Karachi"},         {"PNT", "America/Phoenix"},
      {"PRT", "America/Puerto_Rico"}, {"PST", "America/Los_Angeles"},  {"SST", "Pacific/Guadalcanal"},
      {"VST", "Asia/Ho_Chi_Minh"}};
  for (const auto& [abbreviation, name] : kAbbreviations) {
    if (abbreviation == id) id = name;
  }
  const bool offset = id.starts_with('+') || id.starts_with('-') || (id.starts_with("UT") && id.size() > 3);
  auto zone = offset ? nullptr : find_time_zone(id, zones);
  return zone != nullptr ? zone : TimeZone::fixed(0);
}

}  // namespace leat
