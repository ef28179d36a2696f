#include "explain/json_out.h"

namespace leat {
namespace {

// How long the character is that begins here; 0: it is none (also what is too long, or a surrogate: RFC 3629).
size_t utf8_size(std::string_view text) {
  auto byte = [&](size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
  auto follows = [&](size_t at, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(at) >= low && byte(at) <= high;
  };
  unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    return follows(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    return follows(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

void put_escaped(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  while (!text.empty()) {
    size_t size = utf8_size(text);
    auto first = static_cast<unsigned char>(text.front());
    if (size == 0) {
      out += "\xEF\xBF\xBD";
    } else if (first == '"' || first == '\\') {
      out += '\\';
      out += text.front();
    } else if (first == '\n') {
      out += "\\n";
    } else if (first < 0x20 || first == 0x7F) {
      out += "\\u00";
      out += kHex[first >> 4];
      out += kHex[first & 15];
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
}

}  // namespace

void JsonOut::separate() {
  if (comma_) out_ += ',';
  comma_ = true;
}

void JsonOut::open(char bracket) {
  separate();
  out_ += bracket;
  comma_ = false;
}

void JsonOut::close(char bracket) {
  out_ += bracket;
  comma_ = true;
}

void JsonOut::raw(std::string_view text) {
  separate();
  out_ += text;
}

void JsonOut::key(std::string_view name) {
  value(name);
  out_ += ':';
  comma_ = false;
}

void JsonOut::value(std::string_view text) {
  separate();
  out_ += '"';
  put_escaped(out_, text);
  out_ += '"';
}

void JsonOut::value(const std::vector<std::string>& texts) {
  begin_array();
  for (const std::string& text : texts) value(text);
  end_array();
}

}  // namespace leat
