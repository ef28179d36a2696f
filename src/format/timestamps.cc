#include "format/timestamps.h"

#include "columnar/civil.h"
#include "columnar/time_text.h"

namespace leat {
namespace {

bool digits(const char* text, int count, int& out) {
  out = 0;
  for (int i = 0; i < count; ++i) {
    unsigned digit = static_cast<unsigned char>(text[i]) - '0';
    if (digit > 9) return false;
    out = out * 10 + static_cast<int>(digit);
  }
  return true;
}

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
  int year, month, day, hour, minute, second = 0;
  bool shape = digits(t, 4, year) && t[4] == '-' && digits(t + 5, 2, month) && t[7] == '-' && digits(t + 8, 2, day) &&
               t[10] == (iso ? 'T' : ' ') && digits(t + 11, 2, hour) && t[13] == ':' && digits(t + 14, 2, minute);
  if (shape && !minutes_only) shape = t[16] == ':' && digits(t + 17, 2, second);
  if (!shape || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return std::nullopt;
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  int64_t seconds = days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
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
