#include "explain/words.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace leat {
namespace {

int64_t two_digit_step(int64_t number) {
  int64_t step = 1;
  while (number / step >= 100) step *= 10;
  return step;
}

}  // namespace

std::string seconds_text(int64_t ms) {
  if (ms < 1000) return std::to_string(ms) + " ms";
  if (ms < 10'000) {
    int64_t tenths = (ms + 50) / 100;
    return std::to_string(tenths / 10) + (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10)) + " s";
  }
  int64_t s = (ms + 500) / 1000;
  if (s < 1000) return std::to_string(s) + " s";
  if (s < 3600) return std::to_string(s / 60) + " min " + std::to_string(s % 60) + " s";
  if (s < 48 * 3600) return std::to_string(s / 3600) + " h " + std::to_string(s % 3600 / 60) + " min";
  return std::to_string(s / 86'400) + " d " + std::to_string(s % 86'400 / 3600) + " h";
}

std::string number_text(int64_t number) {
  std::string digits = std::to_string(number), out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && digits[i - 1] != '-' && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

std::string clock_text(WallTime time) {
  using namespace std::chrono;
  sys_time<milliseconds> at{milliseconds(time.value)};
  auto day = floor<days>(at);
  year_month_day date(day);
  hh_mm_ss clock(floor<seconds>(at - day));
  char out[64];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u %02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return out;
}

std::string times_text(int64_t count) {
  return count == 1 ? "once" : count == 2 ? "twice" : number_text(count) + " times";
}

std::string plural(int64_t count, const std::string& noun) {
  return number_text(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string list_text(const std::vector<std::string>& all, size_t shown) {
  if (all.empty()) return "-";
  std::string out;
  for (size_t i = 0; i < all.size() && i < shown; ++i) out += (i > 0 ? ", " : "") + client_text(all[i]);
  if (all.size() > shown) out += " and " + std::to_string(all.size() - shown) + " more";
  return out;
}

std::string client_text(const std::string& text) {
  constexpr size_t kShown = 120;
  std::string out;
  for (char each : text.substr(0, kShown)) out += static_cast<unsigned char>(each) < 0x20 || each == 0x7F ? '?' : each;
  while (text.size() > kShown && !out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80)
    out.pop_back();
  return text.size() > kShown ? out + "..." : out;
}

int64_t round_down(int64_t number) {
  int64_t step = two_digit_step(number);
  return number / step * step;
}

int64_t round_up(int64_t number) {
  int64_t step = two_digit_step(number);
  return (number + step - 1) / step * step;
}

}  // namespace leat
