#include "format/timestamps.h"

#include <algorithm>

#include "columnar/civil.h"
#include "columnar/time_text.h"
#include "format/swar.h"

namespace leat {
namespace {

// The numbers in "YYYY-MM-DD HH:MM:SS", eight bytes at a time. False: that is not its shape.
struct CivilText {
  int year, month, day, hour, minute, second;

  bool read(const char* text, char between) {
    uint64_t date, middle, time;
    uint64_t day_and_time = swar::load("00 00:00") ^ static_cast<uint64_t>(between ^ ' ') << 16;
    if (!pairs(text, swar::load("0000-00-"), kMonthEnd, date) || !pairs(text + 8, day_and_time, kTime, middle) ||
        !pairs(text + 11, swar::load("00:00:00"), kTime, time)) {
      return false;
    }
    auto pair = [](uint64_t pairs, int at) { return static_cast<int>(pairs >> (8 * at) & 0xFF); };
    year = pair(date, 0) * 100 + pair(date, 2);
    month = pair(date, 5);
    day = pair(middle, 0);
    hour = pair(time, 0);
    minute = pair(time, 3);
    second = pair(time, 6);
    return true;
  }

 private:
  // To be added to a byte so that its high bit says that it is no digit, or not zero: in "0000-00-" and in "00:00:00".
  static constexpr uint64_t kMonthEnd = 0x7F76767F76767676, kTime = 0x76767F76767F7676;

  // Byte i of `out` is the number of two digits that begins there, if one does.
  static bool pairs(const char* text, uint64_t shape, uint64_t limits, uint64_t& out) {
    uint64_t values = swar::load(text) ^ shape;
    if (((((values & ~swar::kHighs) + limits) | values) & swar::kHighs) != 0) return false;
    out = values * 10 + (values >> 8);
    return true;
  }
};

bool digits(const char* text, int count, int& out) {
  out = 0;
  for (int i = 0; i < count; ++i) {
    const unsigned digit = static_cast<unsigned char>(text[i]) - '0';
    if (digit > 9) return false;
    out = out * 10 + static_cast<int>(digit);
  }
  return true;
}

// Nothing, or a point and up to nine digits, cut to microseconds.
std::optional<int64_t> point_and_fraction(BytesView text) {
  if (text.empty()) return 0;
  if (text[0] != '.' || text.size() > 10) return std::nullopt;
  text.remove_prefix(1);
  int64_t micros = 0;
  for (size_t i = 0; i < 6; ++i) {
    unsigned digit = i < text.size() ? static_cast<unsigned char>(text[i]) - '0' : 0u;
    if (digit > 9) return std::nullopt;
    micros = micros * 10 + digit;
  }
  for (size_t i = 6; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  }
  return micros;
}

bool is_midnight(int hour, int minute, int second, int64_t micros) {
  return hour == 24 && minute == 0 && second == 0 && micros == 0;
}

// Without trailing zeros of the fraction, as Java's formatter writes a fraction of 0 to 9 digits.
void trim_fraction(Bytes& out) {
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
}

}  // namespace

std::optional<int64_t> parse_date(BytesView text) {
  constexpr size_t kSize = 10;
  int year, month, day;
  const char* t = text.data();
  if (text.size() != kSize || !digits(t, 4, year) || t[4] != '-' || !digits(t + 5, 2, month) || t[7] != '-' ||
      !digits(t + 8, 2, day) || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) {
    return std::nullopt;
  }
  return days_from_civil(year, month, day);
}

std::optional<int64_t> parse_time(BytesView text) {
  constexpr size_t kSeconds = 8;
  int hour, minute, second;
  const char* t = text.data();
  if (text.size() < kSeconds || !digits(t, 2, hour) || t[2] != ':' || !digits(t + 3, 2, minute) || t[5] != ':' ||
      !digits(t + 6, 2, second)) {
    return std::nullopt;
  }
  const auto rest = point_and_fraction(text.substr(kSeconds));
  if (!rest || minute > 59 || second > 59) return std::nullopt;
  if (hour > 23) return is_midnight(hour, minute, second, *rest) ? std::optional<int64_t>(0) : std::nullopt;
  return cut_to_precision((hour * 3600 + minute * 60 + second) * kMicrosPerSecond + *rest, 3);
}

std::optional<int64_t> parse_lenient_date(BytesView text) {
  constexpr size_t kYear = 4;
  const size_t second = text.find('-', kYear + 1);
  if (text.size() <= kYear || text[kYear] != '-' || second == BytesView::npos) return std::nullopt;
  const BytesView months = text.substr(kYear + 1, second - kYear - 1), days = text.substr(second + 1);
  int year, month, day;
  const auto short_number = [](BytesView part, int& out) {
    return !part.empty() && part.size() <= 2 && digits(part.data(), static_cast<int>(part.size()), out);
  };
  if (!digits(text.data(), kYear, year) || !short_number(months, month) || !short_number(days, day) || month < 1 ||
      month > 12 || day < 1 || day > 31) {
    return std::nullopt;
  }
  return days_from_civil(year, month, 1) + day - 1;
}

std::optional<int64_t> parse_iso_time(BytesView text, int precision) {
  constexpr size_t kMinutes = 5;
  const std::string full = text.size() == kMinutes ? std::string(text) + ":00" : std::string(text);
  if (full.starts_with("24")) return std::nullopt;
  const auto micros = parse_time(full);
  return micros ? std::optional(cut_to_precision(*micros, precision)) : std::nullopt;
}

std::optional<int64_t> parse_timestamp(BytesView text, bool iso, bool utc) {
  constexpr size_t kSeconds = 19;  // "2024-02-29 12:34:56"
  if (utc) {
    if (!text.ends_with('Z')) return std::nullopt;
    text.remove_suffix(1);
  }
  bool minutes_only = iso && text.size() == kSeconds - 3;
  if (text.size() < kSeconds && !minutes_only) return std::nullopt;
  const char* t = text.data();
  char with_seconds[kSeconds];
  if (minutes_only) {
    std::memcpy(with_seconds, t, kSeconds - 3);
    std::memcpy(with_seconds + kSeconds - 3, ":00", 3);
    t = with_seconds;
  }
  CivilText c;
  if (!c.read(t, iso ? 'T' : ' ') && !(iso && c.read(t, 't'))) return std::nullopt;
  const bool strict = iso && !utc;
  if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > 31) return std::nullopt;
  const int day = std::min(c.day, days_in_month(c.year, c.month));
  if (strict && day != c.day) return std::nullopt;
  const auto rest = minutes_only ? std::optional<int64_t>(0) : point_and_fraction(text.substr(kSeconds));
  if (!rest || c.minute > 59 || c.second > 59) return std::nullopt;
  if (c.hour > 23 && (strict || !is_midnight(c.hour, c.minute, c.second, *rest))) return std::nullopt;
  const int64_t seconds = days_from_civil(c.year, c.month, day) * 86400 + c.hour * 3600 + c.minute * 60 + c.second;
  return seconds * kMicrosPerSecond + *rest;
}

int64_t kept_timestamp(int64_t micros, int precision) {
  return precision > 3 ? micros : cut_to_precision(micros, 3);
}

void append_format_time(Bytes& out, int64_t micros) {
  append_time(out, micros, 6);
  trim_fraction(out);
}

void append_format_timestamp(Bytes& out, int64_t micros, bool iso, bool utc) {
  const size_t begin = out.size();
  append_timestamp(out, micros, 6);
  trim_fraction(out);
  if (iso) out[out.find(' ', begin)] = 'T';
  if (utc) out.push_back('Z');
}

}  // namespace leat
