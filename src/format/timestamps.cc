#include "format/timestamps.h"

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
    if (!pairs(text, "0000-00-", kMonthEnd, date) || !pairs(text + 11, "00:00:00", kTime, time)) return false;
    char shape[] = "00 00:00";
    shape[2] = between;
    if (!pairs(text + 8, shape, kTime, middle)) return false;
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
  static bool pairs(const char* text, const char* shape, uint64_t limits, uint64_t& out) {
    uint64_t values = swar::load(text) ^ swar::load(shape);
    if (((((values & ~swar::kHighs) + limits) | values) & swar::kHighs) != 0) return false;
    out = values * 10 + (values >> 8);
    return true;
  }
};

// A run of digits after the point: up to nine, cut to microseconds.
std::optional<int64_t> fraction(BytesView text) {
  if (text.empty() || text.size() > 9) return std::nullopt;
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

}  // namespace

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
  if (!c.read(t, iso ? 'T' : ' ')) return std::nullopt;
  if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > days_in_month(c.year, c.month)) return std::nullopt;
  if (c.hour > 23 || c.minute > 59 || c.second > 59) return std::nullopt;
  int64_t seconds = days_from_civil(c.year, c.month, c.day) * 86400 + c.hour * 3600 + c.minute * 60 + c.second;
  if (text.size() <= kSeconds) return seconds * kMicrosPerSecond;
  if (t[kSeconds] != '.') return std::nullopt;
  auto rest = fraction(text.substr(kSeconds + 1));
  if (!rest) return std::nullopt;
  return seconds * kMicrosPerSecond + *rest;
}

void append_format_timestamp(Bytes& out, int64_t micros, int precision, bool iso, bool utc) {
  size_t begin = out.size();
  append_timestamp(out, micros, precision);
  // Without trailing zeros of the fraction, as Java's formatter writes a fraction of 0 to 9 digits.
  size_t point = out.find('.', begin);
  if (point != Bytes::npos) {
    while (out.back() == '0') out.pop_back();
    if (out.back() == '.') out.pop_back();
  }
  if (iso) out[out.find(' ', begin)] = 'T';
  if (utc) out.push_back('Z');
}

}  // namespace leat
