#include "base/units.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace leat {
namespace {

struct Unit {
  std::string_view name;
  int64_t factor;
};

constexpr Unit kDurations[] = {
    {"", 1},
    {"ms", 1},
    {"milli", 1},
    {"millis", 1},
    {"millisecond", 1},
    {"milliseconds", 1},
    {"s", 1000},
    {"sec", 1000},
    {"secs", 1000},
    {"second", 1000},
    {"seconds", 1000},
    {"m", 60'000},
    {"min", 60'000},
    {"mins", 60'000},
    {"minute", 60'000},
    {"minutes", 60'000},
    {"h", 3'600'000},
    {"hour", 3'600'000},
    {"hours", 3'600'000},
    {"d", 86'400'000},
    {"day", 86'400'000},
    {"days", 86'400'000},
};
constexpr Unit kSizes[] = {
    {"", 1},          {"b", 1},          {"bytes", 1},
    {"k", 1 << 10},   {"kb", 1 << 10},   {"kibibytes", 1 << 10},
    {"m", 1 << 20},   {"mb", 1 << 20},   {"mebibytes", 1 << 20},
    {"g", 1LL << 30}, {"gb", 1LL << 30}, {"gibibytes", 1LL << 30},
    {"t", 1LL << 40}, {"tb", 1LL << 40},
};

std::string lower_trimmed(const std::string& text) {
  size_t begin = text.find_first_not_of(" \t"), end = text.find_last_not_of(" \t");
  std::string out = begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// A whole number, then a unit. False: it is neither.
template <size_t N>
bool parse_with_unit(std::string_view text, const Unit (&units)[N], int64_t& out) {
  int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return false;
  std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  for (const Unit& known : units) {
    if (unit == known.name) return !__builtin_mul_overflow(number, known.factor, &out);
  }
  return false;
}

// ISO 8601: "pt1h30m", "p1dt2h", in lower case by now.
bool parse_iso(std::string_view text, int64_t& out) {
  if (!text.starts_with('p')) return false;
  text.remove_prefix(1);
  out = 0;
  bool time = false, any = false;
  while (!text.empty()) {
    if (text[0] == 't') {
      time = true;
      text.remove_prefix(1);
      continue;
    }
    size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos) return false;
    int64_t part = 0;
    char unit = text[digits];
    bool fits = (unit == 'd' && !time) || (time && (unit == 'h' || unit == 'm' || unit == 's'));
    std::string with_unit = std::string(text.substr(0, digits)) + unit;
    if (!fits || !parse_with_unit(with_unit, kDurations, part) || __builtin_add_overflow(out, part, &out)) return false;
    any = true;
    text.remove_prefix(digits + 1);
  }
  return any;
}

size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

Result<int64_t> parse_duration_ms(const std::string& text) {
  int64_t out = 0;
  std::string lower = lower_trimmed(text);
  if (parse_with_unit(lower, kDurations, out) || parse_iso(lower, out)) return out;
  return Error{Errc::kInvalidArgument,
               "'" + text + "' is no duration: expected a number and a unit (10 s, 500 ms, 2 h)"};
}

Result<int64_t> parse_memory_bytes(const std::string& text) {
  int64_t out = 0;
  if (parse_with_unit(lower_trimmed(text), kSizes, out)) return out;
  return Error{Errc::kInvalidArgument, "'" + text + "' is no size: expected a number and a unit (64 mb, 1 gb)"};
}

std::string nearest_name(const std::string& name, const std::vector<std::string>& known) {
  std::string nearest;
  size_t best = std::max<size_t>(2, name.size() / 2) + 1;
  for (const std::string& candidate : known) {
    size_t distance = edit_distance(name, candidate);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string did_you_mean(const std::string& name, const std::vector<std::string>& known) {
  std::string nearest = nearest_name(name, known);
  return nearest.empty() ? "" : "; did you mean '" + nearest + "'?";
}

}  // namespace leat
