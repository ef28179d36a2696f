#include "columnar/unicode_case.h"

#include <algorithm>

#include "columnar/utf8.h"

namespace leat {
namespace {

// Lower-case letters first..last (each `step`) have their upper case `delta` away. Unicode 15, UnicodeData.txt.
struct Range {
  char32_t first, last;
  int32_t delta;
  int step = 1;
};
constexpr Range kLower[] = {
    {'a', 'z', -32},         {0xB5, 0xB5, 743},     {0xE0, 0xF6, -32},      {0xF8, 0xFE, -32},
    {0xFF, 0xFF, 121},       {0x101, 0x12F, -1, 2}, {0x133, 0x137, -1, 2},  {0x13A, 0x148, -1, 2},
    {0x14B, 0x177, -1, 2},   {0x17A, 0x17E, -1, 2}, {0x180, 0x180, 195},    {0x183, 0x185, -1, 2},
    {0x192, 0x192, -1},      {0x1CE, 0x1DC, -1, 2}, {0x1DF, 0x1EF, -1, 2},  {0x1F9, 0x21F, -1, 2},
    {0x223, 0x233, -1, 2},   {0x247, 0x24F, -1, 2}, {0x371, 0x373, -1, 2},  {0x3AC, 0x3AC, -38},
    {0x3AD, 0x3AF, -37},     {0x3B1, 0x3C1, -32},   {0x3C3, 0x3CB, -32},    {0x3CC, 0x3CC, -64},
    {0x3CD, 0x3CE, -63},     {0x3D9, 0x3EF, -1, 2}, {0x430, 0x44F, -32},    {0x450, 0x45F, -80},
    {0x461, 0x481, -1, 2},   {0x48B, 0x4BF, -1, 2}, {0x4C2, 0x4CE, -1, 2},  {0x4CF, 0x4CF, -15},
    {0x4D1, 0x52F, -1, 2},   {0x561, 0x586, -48},   {0x10D0, 0x10FA, 3008}, {0x1E01, 0x1E95, -1, 2},
    {0x1EA1, 0x1EFF, -1, 2}, {0x2170, 0x217F, -16}, {0x24D0, 0x24E9, -26},  {0xFF41, 0xFF5A, -32},
    {0x10428, 0x1044F, -40},
};

char32_t upper_of(char32_t c) {
  if (c == 0x131) return 'I';    // Dotless i.
  if (c == 0x17F) return 'S';    // Long s.
  if (c == 0x3C2) return 0x3A3;  // Final sigma.
  for (const Range& range : kLower) {
    if (c >= range.first && c <= range.last && (c - range.first) % static_cast<char32_t>(range.step) == 0) {
      return static_cast<char32_t>(static_cast<int32_t>(c) + range.delta);
    }
  }
  return c;
}

char32_t lower_of(char32_t c) {
  if (c == 0x178) return 0xFF;
  if (c == 0x1E9E) return 0xDF;
  for (const Range& range : kLower) {
    if (range.first == 0xB5 || range.first == 0x10D0) continue;  // Only upwards.
    const auto lower = static_cast<char32_t>(static_cast<int32_t>(c) - range.delta);
    if (lower >= range.first && lower <= range.last && (lower - range.first) % static_cast<char32_t>(range.step) == 0) {
      return lower;
    }
  }
  return c;
}

template <class Ascii, class Other>
std::string mapped(BytesView text, Ascii ascii, Other other) {
  std::string out(text);
  if (is_ascii(text)) {
    for (char& c : out) c = ascii(c);
    return out;
  }
  out.clear();
  while (!text.empty()) {
    const CodePoint point = next_code_point(text);
    if (point.size == 1 && point.value == kReplacement) {
      out += text[0];
    } else {
      other(out, point.value);
    }
    text.remove_prefix(point.size);
  }
  return out;
}

}  // namespace

std::string to_upper(BytesView text) {
  return mapped(
      text, [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; },
      [](std::string& out, char32_t c) {
        if (c == 0xDF) {
          out += "SS";
        } else {
          append_code_point(out, upper_of(c));
        }
      });
}

std::string to_lower(BytesView text) {
  return mapped(
      text, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; },
      [](std::string& out, char32_t c) {
        if (c == 0x130) {
          out += "i\xCC\x87";
        } else {
          append_code_point(out, lower_of(c));
        }
      });
}

bool is_letter(char32_t c) {
  if (c < 0x80) return (c | 32) >= 'a' && (c | 32) <= 'z';
  constexpr Range kNone[] = {
      {0x80, 0xA9, 0},     {0xAB, 0xB4, 0},     {0xB6, 0xB9, 0},     {0xBB, 0xBF, 0},     {0xD7, 0xD7, 0},
      {0xF7, 0xF7, 0},     {0x2B9, 0x36F, 0},   {0x482, 0x489, 0},   {0x660, 0x669, 0},   {0x6F0, 0x6F9, 0},
      {0x966, 0x96F, 0},   {0x2000, 0x2070, 0}, {0x2072, 0x207E, 0}, {0x2080, 0x208F, 0}, {0x20A0, 0x2101, 0},
      {0x2190, 0x2BFF, 0}, {0x2E00, 0x3004, 0}, {0x3007, 0x3030, 0}, {0xD800, 0xF8FF, 0}, {0xFE00, 0xFE6F, 0},
      {0xFF00, 0xFF20, 0}, {0xFF3B, 0xFF40, 0}, {0xFF5B, 0xFF65, 0}, {0xFFE0, 0xFFFF, 0}, {0x1F000, 0x1FAFF, 0},
  };
  return std::ranges::none_of(kNone, [c](const Range& range) { return c >= range.first && c <= range.last; });
}

}  // namespace leat
