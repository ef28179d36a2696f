#include "sql/error.h"

namespace leat {
namespace {

constexpr size_t kWidthMax = 120;  // Of the line shown: more would wrap, and the caret would mean nothing.

std::string_view line_of(std::string_view text, int number) {
  for (; number > 1; --number) {
    size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// The byte at which the 1-based character starts.
size_t byte_of(std::string_view line, int column) {
  size_t at = 0;
  for (int character = 1; character < column && at < line.size(); ++character) {
    do ++at;
    while (at < line.size() && continues(line[at]));
  }
  return at;
}

}  // namespace

Error sql_error(std::string_view script, ast::Position at, const std::string& message, Errc code) {
  std::string out = "line " + std::to_string(at.line) + ", column " + std::to_string(at.column) + ": " + message;
  std::string_view line = line_of(script, at.line);
  size_t byte = byte_of(line, at.column);
  size_t begin = byte > kWidthMax / 2 ? byte - kWidthMax / 2 : 0;
  while (begin > 0 && begin < line.size() && continues(line[begin])) --begin;
  if (line.empty()) return Error{code, out};
  out += "\n  ";
  out += line.substr(begin, kWidthMax);
  out += "\n  ";
  for (size_t i = begin; i < byte; ++i) {
    if (!continues(line[i])) out += line[i] == '\t' ? '\t' : ' ';
  }
  return Error{code, out + "^"};
}

Error unsupported(std::string_view script, ast::Position at, const std::string& what) {
  return sql_error(script, at, "unsupported: " + what, Errc::kUnsupported);
}

}  // namespace leat
