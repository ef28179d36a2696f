#include "columnar/java_simple_date_format.h"

#include <algorithm>

#include "columnar/civil.h"
#include "columnar/java_names.h"
#include "columnar/time_zone.h"

namespace leat {
namespace {

constexpr int64_t kDayMillis = kMicrosPerDay / kMicrosPerMilli;
constexpr std::string_view kLetters = "GyYMLwWDdFEuaHkKhmsSZX";

Error invalid(const std::string& what) {
  return {Errc::kInvalidArgument, "invalid date pattern: " + what};
}

void append_padded(std::string& out, int64_t value, int width) {
  const std::string digits = std::to_string(value);
  if (static_cast<int>(digits.size()) < width) out.append(static_cast<size_t>(width) - digits.size(), '0');
  out += digits;
}

int64_t new_year(int64_t year) {
  return hybrid_days_from_civil(year, 1, 1);
}

// Weeks start on Sunday, and the first one has January 1st.
int64_t first_week(int64_t year) {
  return new_year(year) - weekday(new_year(year));
}

// Z: +0130; X: Z, +01, +0130, +01:30 by count.
void append_offset(std::string& out, int32_t seconds, char letter, int count) {
  if (letter == 'X' && seconds == 0) {
    out += 'Z';
    return;
  }
  const int32_t minutes = (seconds < 0 ? -seconds : seconds) / 60;
  out += seconds < 0 ? '-' : '+';
  append_padded(out, minutes / 60, 2);
  if (letter == 'X' && count == 1) return;
  if (letter == 'X' && count == 3) out += ':';
  append_padded(out, minutes % 60, 2);
}

}  // namespace

Result<SimpleDateFormat> SimpleDateFormat::make(BytesView pattern) {
  SimpleDateFormat out;
  const auto literal = [&](char c) {
    if (out.items_.empty() || out.items_.back().letter != 0) out.items_.push_back({0, 0, ""});
    out.items_.back().literal += c;
  };
  bool quoted = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\'') {
      if (i + 1 < pattern.size() && pattern[i + 1] == '\'') {
        literal(c);
        ++i;
      } else {
        quoted = !quoted;
      }
    } else if (quoted || !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) {
      literal(c);
    } else {
      int count = 1;
      while (i + 1 < pattern.size() && pattern[i + 1] == c) ++i, ++count;
      if (c == 'z')
        return Error{Errc::kUnsupported, "the letter 'z' (a zone's name) in a date pattern; use 'Z' or 'X'"};
      if (kLetters.find(c) == std::string_view::npos) return invalid(std::string("unknown letter '") + c + "'");
      if (c == 'X' && count > 3) return invalid("more than three letters 'X'");
      constexpr int kCountMax = 100;
      if (count > kCountMax) return invalid(std::string("too many letters '") + c + "'");
      out.items_.push_back({c, count, ""});
    }
  }
  if (quoted) return invalid("a quote is not closed");
  return out;
}

std::string SimpleDateFormat::format(int64_t utc_millis, const TimeZone& zone) const {
  const int32_t offset = zone.offset_at(floor_div(utc_millis, 1000));
  const int64_t local = utc_millis + offset * int64_t{1000};
  const int64_t days = floor_div(local, kDayMillis), millis = local - days * kDayMillis;
  const CivilDate date = hybrid_civil_from_days(days);
  const int64_t year_of_era = date.year > 0 ? date.year : 1 - date.year;
  const int64_t hour = millis / 3'600'000;
  const int64_t week_year = days >= first_week(date.year + 1) ? date.year + 1 : date.year;
  std::string out;
  for (const auto& [letter, count, literal] : items_) {
    const auto year = [&, width = count](int64_t value) {
      append_padded(out, width == 2 ? value % 100 : value, width);
    };
    const auto number = [&, width = count](int64_t value) { append_padded(out, value, width); };
    switch (letter) {
      case 0:
        out += literal;
        break;
      case 'G':
        out += date.year > 0 ? "AD" : "BC";
        break;
      case 'y':
        year(year_of_era);
        break;
      case 'Y':
        year(week_year);
        break;
      case 'M':
      case 'L': {
        const std::string_view name = kMonthNames[static_cast<size_t>(date.month - 1)];
        if (count < 3) {
          number(date.month);
        } else {
          out += count == 3 ? name.substr(0, kShortNameLength) : name;
        }
        break;
      }
      case 'E': {
        const std::string_view name = kDayNames[static_cast<size_t>(weekday(days))];
        out += count < 4 ? name.substr(0, kShortNameLength) : name;
        break;
      }
      case 'a':
        out += kHalfDayNames[static_cast<size_t>(hour / 12)];
        break;
      case 'w':
        number((days - first_week(week_year)) / 7 + 1);
        break;
      case 'W': {
        const int64_t first = days - (date.day - 1);
        number((date.day - 1 + weekday(first)) / 7 + 1);
        break;
      }
      case 'D':
        number(days - new_year(date.year) + 1);
        break;
      case 'd':
        number(date.day);
        break;
      case 'F':
        number((date.day - 1) / 7 + 1);
        break;
      case 'u':
        number((weekday(days) + 6) % 7 + 1);
        break;
      case 'H':
        number(hour);
        break;
      case 'k':
        number(hour == 0 ? 24 : hour);
        break;
      case 'K':
        number(hour % 12);
        break;
      case 'h':
        number(hour % 12 == 0 ? 12 : hour % 12);
        break;
      case 'm':
        number(millis / 60'000 % 60);
        break;
      case 's':
        number(millis / 1000 % 60);
        break;
      case 'S':
        number(millis % 1000);
        break;
      default:
        append_offset(out, offset, letter, count);
    }
  }
  return out;
}

// What was read, as a GregorianCalendar takes it: any number in any field, of which the day of the month counts.
struct SimpleDateFormat::Fields {
  int64_t year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, milli = 0;
  std::optional<int64_t> day_of_year;
  bool has_day = false, before_christ = false, after_noon = false, half_day_hour = false;
  std::optional<int64_t> offset_seconds;
};

class SimpleDateFormat::Reader {
 public:
  Reader(BytesView text, int64_t now_year) : text_(text), now_year_(now_year) {}

  // `next_is_number`: another field follows without a gap, so this one ends after its count of digits.
  bool item(const Item& item, bool next_is_field) {
    if (item.letter == 0) {
      if (!text_.substr(at_).starts_with(item.literal)) return false;
      at_ += item.literal.size();
      return true;
    }
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    if (at_ >= text_.size()) return false;
    switch (item.letter) {
      case 'G':
        return era();
      case 'a':
        return half_day();
      case 'E':
        return name_of(kDayNames).has_value();
      case 'Z':
      case 'X':
        return offset();
      case 'M':
      case 'L':
        if (item.count >= 3) {
          const auto month = name_of(kMonthNames);
          if (month) fields_.month = static_cast<int64_t>(*month) + 1;
          return month.has_value();
        }
        break;
      default:
        break;
    }
    size_t digits = 0;
    const auto value = number(next_is_field ? static_cast<size_t>(item.count) : kDigitsMax, digits);
    return value && set(item, *value, digits);
  }
  const Fields& fields() const { return fields_; }

 private:
  static constexpr size_t kDigitsMax = 9;

  std::optional<int64_t> number(size_t most, size_t& digits) {
    const bool negative = text_[at_] == '-';
    size_t at = at_ + (negative ? 1 : 0);
    int64_t value = 0;
    const size_t room = most > (negative ? 1u : 0u) && most != kDigitsMax ? most - (negative ? 1 : 0) : most;
    for (; digits < room && at < text_.size() && text_[at] >= '0' && text_[at] <= '9'; ++at, ++digits) {
      value = value * 10 + (text_[at] - '0');
    }
    if (digits == 0) return std::nullopt;
    // More digits than any field could mean.
    if (digits == kDigitsMax && at < text_.size() && text_[at] >= '0' && text_[at] <= '9') return std::nullopt;
    at_ = at;
    return negative ? -value : value;
  }

  bool set(const Item& item, int64_t value, size_t digits) {
    switch (item.letter) {
      case 'y':
      case 'Y':
        fields_.year = value;
        if (item.count <= 2 && digits == 2 && value >= 0) {
          const int64_t start = now_year_ - 80;
          fields_.year = value + floor_div(start, 100) * 100;
          if (fields_.year < start) fields_.year += 100;
        }
        return true;
      case 'M':
      case 'L':
        fields_.month = value;
        return true;
      case 'd':
        fields_.day = value;
        fields_.has_day = true;
        return true;
      case 'D':
        fields_.day_of_year = value;
        return true;
      case 'H':
        fields_.hour = value;
        return true;
      case 'k':
        fields_.hour = value == 24 ? 0 : value;
        return true;
      case 'K':
      case 'h':
        fields_.hour = item.letter == 'h' && value == 12 ? 0 : value;
        fields_.half_day_hour = true;
        return true;
      case 'm':
        fields_.minute = value;
        return true;
      case 's':
        fields_.second = value;
        return true;
      case 'S':
        fields_.milli = value;
        return true;
      default:  // Weeks, and days of them: a date is taken from the day of the month.
        return true;
    }
  }

  bool matches(std::string_view name) const {
    const BytesView here = text_.substr(at_, name.size());
    return here.size() == name.size() && std::ranges::equal(here, name, [](char a, char b) {
             return a == b || ((a ^ b) == 32 && (a | 32) >= 'a' && (a | 32) <= 'z');
           });
  }
  template <size_t N>
  std::optional<size_t> name_of(const std::array<std::string_view, N>& names) {
    for (const size_t length : {std::string_view::npos, kShortNameLength}) {
      for (size_t i = 0; i < N; ++i) {
        const std::string_view name = names[i].substr(0, length);
        if (!matches(name)) continue;
        at_ += name.size();
        return i;
      }
    }
    return std::nullopt;
  }
  bool era() {
    fields_.before_christ = matches("BC");
    if (!fields_.before_christ && !matches("AD")) return false;
    at_ += 2;
    return true;
  }
  bool half_day() {
    const auto half = name_of(kHalfDayNames);
    if (half) fields_.after_noon = *half == 1;
    return half.has_value();
  }
  // "Z", "GMT", "UTC", ±hh, ±hhmm, ±hh:mm, each of which both letters take here.
  bool offset() {
    fields_.offset_seconds = 0;
    if (text_[at_] == 'Z') return ++at_, true;
    if (matches("GMT") || matches("UTC")) {
      at_ += 3;
      if (at_ >= text_.size() || (text_[at_] != '+' && text_[at_] != '-')) return true;
    }
    const char sign = text_[at_];
    if (sign != '+' && sign != '-') return false;
    ++at_;
    size_t digits = 0;
    const auto hours = at_ < text_.size() ? number(2, digits) : std::nullopt;
    if (!hours) return false;
    int64_t minutes = 0;
    if (at_ < text_.size() && text_[at_] == ':') ++at_;
    digits = 0;
    if (at_ < text_.size() && text_[at_] != '-') minutes = number(2, digits).value_or(0);
    if (minutes > 59 || *hours > 23) return false;
    fields_.offset_seconds = (sign == '-' ? -1 : 1) * (*hours * 3600 + minutes * 60);
    return true;
  }

  BytesView text_;
  size_t at_ = 0;
  int64_t now_year_;
  Fields fields_;
};

std::optional<int64_t> SimpleDateFormat::parse(BytesView text, const TimeZone& zone, int64_t now_year) const {
  Reader reader(text, now_year);
  for (size_t i = 0; i < items_.size(); ++i) {
    if (!reader.item(items_[i], i + 1 < items_.size() && items_[i + 1].letter != 0)) return std::nullopt;
  }
  const Fields& f = reader.fields();
  const int64_t year = f.before_christ ? 1 - f.year : f.year;
  const int64_t days =
      f.day_of_year && !f.has_day ? new_year(year) + *f.day_of_year - 1 : hybrid_days_from_civil(year, f.month, f.day);
  const int64_t hour = f.hour + (f.half_day_hour && f.after_noon ? 12 : 0);
  const int64_t local = days * kDayMillis + hour * 3'600'000 + f.minute * 60'000 + f.second * 1000 + f.milli;
  if (f.offset_seconds) return local - *f.offset_seconds * 1000;
  return zone.local_to_utc_micros(local * kMicrosPerMilli, TimeZone::Twice::kSecond) / kMicrosPerMilli;
}

}  // namespace leat
