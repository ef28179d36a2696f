#include "columnar/time_text.h"

#include "columnar/civil.h"
#include "columnar/number_text.h"

namespace leat {
namespace {

constexpr int64_t kPowersOfTen[] = {1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};

char* put_two(char* at, uint32_t value) {
  at[0] = static_cast<char>('0' + value / 10);
  at[1] = static_cast<char>('0' + value % 10);
  return at + 2;
}

void append_time_padded(std::string& out, int64_t value, int width) {
  char digits[20];
  int at = sizeof(digits);
  for (; value != 0 || width > 0; value /= 10, --width) digits[--at] = static_cast<char>('0' + value % 10);
  out.append(digits + at, sizeof(digits) - static_cast<size_t>(at));
}

// One to `most` digits.
bool take_number(BytesView& text, size_t most, int64_t& out) {
  size_t i = 0;
  for (out = 0; i < text.size() && i < most && text[i] >= '0' && text[i] <= '9'; ++i) out = out * 10 + (text[i] - '0');
  text.remove_prefix(i);
  return i > 0;
}

bool take_char(BytesView& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

// Digits after a point, as microseconds; more than nine are refused.
bool take_fraction(BytesView& text, int64_t& micros) {
  micros = 0;
  int digits = 0;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1), ++digits) {
    if (digits < 6) micros += (text[0] - '0') * kPowersOfTen[digits + 1];
  }
  return digits <= 9;
}

}  // namespace

void append_date(std::string& out, int64_t days) {
  CivilDate date = civil_from_days(days);
  if (date.year < 0) {
    out += '-';
    date.year = -date.year;
  }
  char text[] = "0000-00-00";
  constexpr size_t kYear = 4;
  put_two(put_two(text + kYear + 1, static_cast<uint32_t>(date.month)) + 1, static_cast<uint32_t>(date.day));
  if (date.year > 9999) {
    append_time_padded(out, date.year, kYear);
    out.append(text + kYear, sizeof(text) - 1 - kYear);
    return;
  }
  auto year = static_cast<uint32_t>(date.year);
  put_two(put_two(text, year / 100), year % 100);
  out.append(text, sizeof(text) - 1);
}

void append_time(std::string& out, int64_t micros, int precision) {
  char text[] = "00:00:00.000000";
  const auto seconds = static_cast<uint32_t>(micros / kMicrosPerSecond);
  put_two(put_two(put_two(text, seconds / 3600) + 1, seconds / 60 % 60) + 1, seconds % 60);
  constexpr size_t kSeconds = 8;
  if (precision <= 0) {
    out.append(text, kSeconds);
    return;
  }
  auto fraction = static_cast<uint32_t>(micros % kMicrosPerSecond);
  for (size_t at = sizeof(text) - 2; fraction != 0; --at, fraction /= 10) {
    text[at] = static_cast<char>('0' + fraction % 10);
  }
  out.append(text, kSeconds + 1 + static_cast<size_t>(precision));
}

void append_timestamp(std::string& out, int64_t micros, int precision) {
  const int64_t days = floor_div(micros, kMicrosPerDay);
  append_date(out, days);
  out += ' ';
  append_time(out, micros - days * kMicrosPerDay, precision);
}

std::string months_to_text(int64_t months) {
  std::string out = months < 0 ? "-" : "+";
  if (months < 0) months = -months;
  out += std::to_string(months / 12) + "-";
  append_time_padded(out, months % 12, 2);
  return out;
}

std::string micros_to_text(int64_t micros) {
  std::string out = micros < 0 ? "-" : "+";
  if (micros < 0) micros = -micros;
  out += std::to_string(micros / kMicrosPerDay) + " ";
  append_time(out, micros % kMicrosPerDay, 3);
  return out;
}

std::optional<int64_t> date_from_text(BytesView text) {
  text = trimmed(text);
  // A timestamp's date is taken from before the blank.
  text = text.substr(0, text.find(' '));
  int64_t year = 0, month = 1, day = 1;
  if (!take_number(text, 4, year)) return std::nullopt;
  if (take_char(text, '-')) {
    if (!take_number(text, 2, month)) return std::nullopt;
    if (take_char(text, '-') && !take_number(text, 2, day)) return std::nullopt;
  }
  if (!text.empty() || month < 1 || month > 12 || day < 1 || day > days_in_month(year, static_cast<int>(month))) {
    return std::nullopt;
  }
  return days_from_civil(year, static_cast<int>(month), static_cast<int>(day));
}

std::optional<int64_t> time_from_text(BytesView text) {
  text = trimmed(text);
  int64_t hour = 0, minute = 0, second = 0, fraction = 0;
  if (!take_number(text, 2, hour)) return std::nullopt;
  if (take_char(text, ':')) {
    if (!take_number(text, 2, minute)) return std::nullopt;
    if (take_char(text, ':')) {
      if (!take_number(text, 2, second)) return std::nullopt;
      if (take_char(text, '.') && !take_fraction(text, fraction)) return std::nullopt;
    }
  }
  if (!text.empty() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return hour * kMicrosPerHour + minute * kMicrosPerMinute + second * kMicrosPerSecond + fraction;
}

std::optional<int64_t> timestamp_from_text(BytesView text) {
  int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0;
  if (text.size() < 5 || text[4] != '-') return std::nullopt;
  if (!take_number(text, 4, year) || !take_char(text, '-') || !take_number(text, 2, month) || !take_char(text, '-') ||
      !take_number(text, 2, day)) {
    return std::nullopt;
  }
  if (!text.empty()) {
    if (!take_char(text, ' ') || !take_number(text, 2, hour) || !take_char(text, ':') ||
        !take_number(text, 2, minute) || !take_char(text, ':') || !take_number(text, 2, second)) {
      return std::nullopt;
    }
    if (take_char(text, '.') && !take_fraction(text, fraction)) return std::nullopt;
  }
  const bool midnight = hour == 24 && minute == 0 && second == 0 && fraction == 0;  // The next day's.
  if (!text.empty() || year < 1 || month < 1 || month > 12 || day < 1 || day > 31 || (hour > 23 && !midnight) ||
      minute > 59 || second > 59) {
    return std::nullopt;
  }
  // As java.time's SMART resolver: the 30th of February is its last day.
  const int last = days_in_month(year, static_cast<int>(month));
  const int64_t days = days_from_civil(year, static_cast<int>(month), day < last ? static_cast<int>(day) : last);
  return days * kMicrosPerDay + hour * kMicrosPerHour + minute * kMicrosPerMinute + second * kMicrosPerSecond +
         fraction;
}

std::optional<int64_t> jdbc_timestamp_from_text(BytesView text) {
  int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0;
  if (text.find('-') != 4 || !take_number(text, 4, year) || !take_char(text, '-') || !take_number(text, 2, month) ||
      !take_char(text, '-') || !take_number(text, 2, day) || month < 1 || month > 12 || day < 1 || day > 31) {
    return std::nullopt;
  }
  if (!text.empty()) {
    constexpr size_t kDigitsMax = 9;
    if (!take_char(text, ' ') || !take_number(text, kDigitsMax, hour) || !take_char(text, ':') ||
        !take_number(text, kDigitsMax, minute) || !take_char(text, ':') || !take_number(text, kDigitsMax, second)) {
      return std::nullopt;
    }
    if (take_char(text, '.') && (text.empty() || !take_fraction(text, fraction))) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  return (days_from_civil(year, static_cast<int>(month), 1) + day - 1) * kMicrosPerDay + hour * kMicrosPerHour +
         minute * kMicrosPerMinute + second * kMicrosPerSecond + fraction;
}

int64_t cut_to_precision(int64_t micros, int precision) {
  if (precision >= 6) return micros;
  if (micros % kMicrosPerSecond == 0) return micros;  // Most are; dividing by a constant is cheaper.
  const int64_t unit = kPowersOfTen[precision < 0 ? 0 : precision];
  return floor_div(micros, unit) * unit;
}

int64_t truncated_timestamp(int64_t micros, int precision) {
  if (precision >= 3) return cut_to_precision(micros, precision);
  const int64_t unit = kPowersOfTen[precision];
  return floor_div(micros, kPowersOfTen[3]) * kPowersOfTen[3] / unit * unit;
}

}  // namespace leat
