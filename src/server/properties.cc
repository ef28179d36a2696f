#include "server/properties.h"

#include <algorithm>
#include <cstdint>

namespace leat {
namespace {

constexpr const char* kBlanks = " \t\f";

bool is_continued(const std::string& line) {
  size_t last = line.find_last_not_of('\\');
  size_t backslashes = line.size() - (last == std::string::npos ? 0 : last + 1);
  return backslashes % 2 == 1;
}

void put_utf8(uint32_t code, std::string& out) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    out += static_cast<char>(0xe0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

std::string unescape(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    char escaped = text[++i];
    bool is_code =
        escaped == 'u' && i + 4 < text.size() && text.find_first_not_of("0123456789abcdefABCDEF", i + 1) >= i + 5;
    if (is_code) {
      put_utf8(static_cast<uint32_t>(std::stoul(text.substr(i + 1, 4), nullptr, 16)), out);
      i += 4;
    } else {
      out += escaped == 't' ? '\t' : escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped == 'f' ? '\f' : escaped;
    }
  }
  return out;
}

// Where the name ends: at the first '=', ':' or blank that is not escaped.
size_t name_end(const std::string& line) {
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '=' || line[i] == ':' || std::string(kBlanks).find(line[i]) != std::string::npos) {
      return i;
    }
  }
  return line.size();
}

Property parse_line(const std::string& line, int number) {
  size_t end = name_end(line);
  size_t value = std::min(line.find_first_not_of(kBlanks, end), line.size());
  if (value < line.size() && (line[value] == '=' || line[value] == ':')) {
    value = std::min(line.find_first_not_of(kBlanks, value + 1), line.size());
  }
  return {unescape(line.substr(0, end)), unescape(line.substr(value)), number};
}

}  // namespace

std::vector<Property> parse_properties(const std::string& text) {
  std::vector<Property> out;
  std::string line;  // With the ones that it was continued on.
  int number = 0, first = 0;
  for (size_t from = 0; from < text.size();) {
    size_t end = std::min(text.find('\n', from), text.size());
    std::string piece = text.substr(from, end - from);
    from = end + 1;
    ++number;
    if (!piece.empty() && piece.back() == '\r') piece.pop_back();
    piece.erase(0, std::min(piece.find_first_not_of(kBlanks), piece.size()));
    if (line.empty() && (piece.empty() || piece.front() == '#' || piece.front() == '!')) continue;
    if (line.empty()) first = number;
    bool goes_on = is_continued(piece) && from < text.size();
    if (is_continued(piece)) piece.pop_back();
    line += piece;
    if (goes_on && !line.empty()) continue;
    if (!line.empty()) out.push_back(parse_line(line, first));
    line.clear();
  }
  return out;
}

}  // namespace leat
