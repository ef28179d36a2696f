#include "server/human.h"

#include <array>
#include <cstdio>
#include <ctime>

#include "columnar/utf8.h"

namespace leat {
namespace {

constexpr int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour, kYear = 365 * kDay;

std::string pair_of(int64_t ms, int64_t large, const char* large_name, int64_t small, const char* small_name) {
  std::string out = std::to_string(ms / large) + " " + large_name;
  int64_t rest = ms % large / small;
  if (rest != 0) out += " " + std::to_string(rest) + " " + small_name;
  return out;
}

// Bytes that are not UTF-8 come one by one.
bool is_broken(CodePoint character) {
  return character.value == kReplacement && character.size == 1;
}

struct Range {
  char32_t first, last;
};

bool within(char32_t code, const auto& ranges) {
  for (const Range& range : ranges) {
    if (code >= range.first && code <= range.last) return true;
  }
  return false;
}

// Unicode's combining and invisible characters, and those of East Asian width W or F, in broad strokes.
constexpr std::array<Range, 7> kZeroWidth{{{0x300, 0x36F},
                                           {0x483, 0x489},
                                           {0x591, 0x5BD},
                                           {0x200B, 0x200F},
                                           {0x20D0, 0x20FF},
                                           {0xFE00, 0xFE0F},
                                           {0xFE20, 0xFE2F}}};
constexpr std::array<Range, 10> kDoubleWidth{{{0x1100, 0x115F},
                                              {0x2E80, 0xA4CF},
                                              {0xAC00, 0xD7A3},
                                              {0xF900, 0xFAFF},
                                              {0xFE30, 0xFE6F},
                                              {0xFF00, 0xFF60},
                                              {0xFFE0, 0xFFE6},
                                              {0x1F300, 0x1F64F},
                                              {0x1F680, 0x1F9FF},
                                              {0x20000, 0x3FFFD}}};

size_t width_of(char32_t code) {
  if (code < 0x300) return 1;
  return within(code, kZeroWidth) ? 0 : within(code, kDoubleWidth) ? 2 : 1;
}

void append_escaped(unsigned char byte, std::string& out) {
  constexpr const char* kHex = "0123456789abcdef";
  if (byte == '\n')
    out += "\\n";
  else if (byte == '\t')
    out += "\\t";
  else if (byte == '\r')
    out += "\\r";
  else
    out += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
}

std::string printable(BytesView in, bool keep_lines) {
  std::string out;
  out.reserve(in.size());
  while (!in.empty()) {
    CodePoint next = next_code_point(in);
    BytesView bytes = in.substr(0, next.size);
    in.remove_prefix(next.size);
    bool line_end = keep_lines && (next.value == '\n' || next.value == '\t');
    bool control = next.value < 0x20 || (next.value >= 0x7F && next.value < 0xA0);
    if (line_end || (!control && !is_broken(next))) {
      out += bytes;
    } else {
      for (char byte : bytes) append_escaped(static_cast<unsigned char>(byte), out);
    }
  }
  return out;
}

}  // namespace

std::string human_count(int64_t number) {
  std::string digits = std::to_string(number);
  size_t first = digits[0] == '-' ? 1 : 0;
  for (size_t i = digits.size(); i > first + 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

std::string human_bytes(uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits{"B", "KB", "MB", "GB", "TB"};
  if (bytes < 1024) return std::to_string(bytes) + " B";
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) value /= 1024, ++unit;
  char text[32];
  std::snprintf(text, sizeof text, value < 10 ? "%.1f %s" : "%.0f %s", value, kUnits[unit]);
  return text;
}

std::string human_duration(int64_t ms) {
  if (ms < 0) return "-" + human_duration(-ms);
  if (ms < kSecond) return std::to_string(ms) + " ms";
  if (ms < kMinute) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f s", static_cast<double>(ms) / kSecond);
    return text;
  }
  if (ms < kHour) return pair_of(ms, kMinute, "min", kSecond, "s");
  if (ms < kDay) return pair_of(ms, kHour, "h", kMinute, "min");
  if (ms < kYear) return pair_of(ms, kDay, "d", kHour, "h");
  return pair_of(ms, kYear, "y", kDay, "d");
}

std::string human_time(int64_t ms) {
  if (ms == kMinEventTime.value) return "-infinity";
  if (ms == kMaxEventTime.value) return "+infinity";
  int64_t fraction = ((ms % kSecond) + kSecond) % kSecond;
  std::time_t seconds = (ms - fraction) / kSecond;
  std::tm parts{};
  if (gmtime_r(&seconds, &parts) == nullptr) return std::to_string(ms) + " ms";
  char text[64];
  size_t size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  if (fraction != 0) std::snprintf(text + size, sizeof text - size, ".%03d", static_cast<int>(fraction));
  return text;
}

std::string printable_line(BytesView in) {
  return printable(in, false);
}

std::string printable_text(BytesView in) {
  return printable(in, true);
}

size_t display_width(BytesView utf8) {
  size_t width = 0;
  while (!utf8.empty()) {
    CodePoint next = next_code_point(utf8);
    width += width_of(next.value);
    utf8.remove_prefix(next.size);
  }
  return width;
}

std::string fit_width(const std::string& utf8, size_t width) {
  BytesView rest = utf8;
  size_t used = 0;
  while (!rest.empty()) {
    CodePoint next = next_code_point(rest);
    used += width_of(next.value);
    if (used > width) break;
    rest.remove_prefix(next.size);
  }
  return utf8.substr(0, utf8.size() - rest.size());
}

}  // namespace leat
