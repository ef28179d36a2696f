#include "columnar/json_tree.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "columnar/utf8.h"

namespace leat {

class JsonTree::Parser {
 public:
  explicit Parser(BytesView text, JsonTree& tree) : text_(text), tree_(tree) {}

  bool value(int depth) {
    skip_blanks();
    if (at_ >= text_.size()) return fail("the text ends where a value should be");
    if (depth > kDepthMax) return fail("more than " + std::to_string(kDepthMax) + " levels");
    switch (text_[at_]) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return string();
      case 't':
        return word("true", {.kind = Kind::kBoolean, .truth = true});
      case 'f':
        return word("false", {.kind = Kind::kBoolean});
      case 'n':
        return word("null", {.kind = Kind::kNull});
      default:
        return number();
    }
  }
  const std::string& error() const { return error_; }

 private:
  bool fail(const std::string& what) {
    if (error_.empty()) error_ = what + " (at byte " + std::to_string(at_ + 1) + ")";
    return false;
  }
  void skip_blanks() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }
  bool take(char c) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    return ++at_, true;
  }
  void add(Node node) {
    node.end = static_cast<uint32_t>(tree_.nodes_.size()) + 1;
    tree_.nodes_.push_back(node);
  }

  bool word(std::string_view word, Node node) {
    if (!text_.substr(at_).starts_with(word)) return fail("found a word that JSON does not have");
    const char after = at_ + word.size() < text_.size() ? text_[at_ + word.size()] : ' ';
    if ((after >= 'a' && after <= 'z') || (after >= 'A' && after <= 'Z') || (after >= '0' && after <= '9')) {
      return fail("found a word that JSON does not have");
    }
    at_ += word.size();
    add(node);
    return true;
  }

  size_t digits() {
    const size_t start = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ - start;
  }
  bool number() {
    const size_t start = at_;
    if (text_[at_] == '-') ++at_;
    const size_t first = at_, whole = digits();
    if (whole == 0) return at_ = start, fail("found something that is no value");
    if (whole > 1 && text_[first] == '0') return fail("a number with a leading zero");
    Kind kind = Kind::kInteger;
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      kind = Kind::kDecimal;
      if (digits() == 0) return fail("a number without digits after its point");
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      kind = Kind::kDecimal;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      if (digits() == 0) return fail("a number without digits in its exponent");
    }
    add({.kind = kind, .text = text_.substr(start, at_ - start)});
    return true;
  }

  // Of four hexadecimal digits.
  std::optional<uint32_t> code_unit() {
    uint32_t unit = 0;
    if (at_ + 4 > text_.size()) return std::nullopt;
    const auto [end, failure] = std::from_chars(text_.data() + at_, text_.data() + at_ + 4, unit, 16);
    if (failure != std::errc() || end != text_.data() + at_ + 4) return std::nullopt;
    at_ += 4;
    return unit;
  }
  bool escape(std::string& out) {
    if (at_ >= text_.size()) return fail("a string is not closed");
    constexpr std::string_view kLetters = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    const char letter = text_[at_++];
    if (const size_t known = kLetters.find(letter); known != std::string_view::npos) {
      out += kMeanings[known];
      return true;
    }
    const auto unit = letter == 'u' ? code_unit() : std::nullopt;
    if (!unit) return fail("an escape that JSON does not have");
    char32_t code_point = *unit;
    const bool high = *unit >= 0xD800 && *unit < 0xDC00;
    if (high && text_.substr(at_).starts_with("\\u")) {
      const size_t before = at_;
      at_ += 2;
      const auto low = code_unit();
      if (low && *low >= 0xDC00 && *low < 0xE000) {
        append_code_point(out, 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00));
        return true;
      }
      at_ = before;
    }
    if (code_point >= 0xD800 && code_point < 0xE000) code_point = '?';  // Half of a pair, as Java writes it.
    append_code_point(out, code_point);
    return true;
  }
  bool string() {
    const size_t start = ++at_;
    std::string* out = nullptr;
    for (size_t copied = start;;) {
      while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
             static_cast<uint8_t>(text_[at_]) >= 0x20) {
        ++at_;
      }
      if (at_ >= text_.size()) return fail("a string is not closed");
      if (static_cast<uint8_t>(text_[at_]) < 0x20) return fail("a control character in a string");
      if (text_[at_] == '"') {
        if (out != nullptr) out->append(text_.substr(copied, at_ - copied));
        add({.kind = Kind::kString, .text = out != nullptr ? BytesView(*out) : text_.substr(start, at_ - start)});
        return ++at_, true;
      }
      if (out == nullptr) out = &tree_.unescaped_.emplace_back();
      out->append(text_.substr(copied, at_ - copied));
      ++at_;
      if (!escape(*out)) return false;
      copied = at_;
    }
  }

  bool array(int depth) {
    ++at_;
    const size_t self = open(Kind::kArray);
    if (take(']')) return close(self, 0);
    for (uint32_t count = 1;; ++count) {
      if (!value(depth + 1)) return false;
      if (take(']')) return close(self, count);
      if (!take(',')) return fail("expected ',' or ']'");
    }
  }
  bool object(int depth) {
    ++at_;
    const size_t self = open(Kind::kObject);
    if (take('}')) return close(self, 0);
    for (uint32_t count = 1;; ++count) {
      skip_blanks();
      if (at_ >= text_.size() || text_[at_] != '"') return fail("expected a key in quotes");
      if (!string()) return false;
      if (!take(':')) return fail("expected ':'");
      if (!value(depth + 1)) return false;
      if (take('}')) return close(self, count);
      if (!take(',')) return fail("expected ',' or '}'");
    }
  }
  size_t open(Kind kind) {
    add({.kind = kind});
    return tree_.nodes_.size() - 1;
  }
  bool close(size_t self, uint32_t count) {
    tree_.nodes_[self].end = static_cast<uint32_t>(tree_.nodes_.size());
    tree_.nodes_[self].count = count;
    return true;
  }

  BytesView text_;
  JsonTree& tree_;
  size_t at_ = 0;
  std::string error_;
};

std::optional<JsonTree> JsonTree::parse(BytesView text, std::string* error) {
  JsonTree out;
  Parser parser(text, out);
  if (parser.value(1)) return out;
  if (error != nullptr) *error = parser.error();
  return std::nullopt;
}

std::vector<std::pair<uint32_t, uint32_t>> JsonTree::members(uint32_t object) const {
  std::vector<std::pair<uint32_t, uint32_t>> out;
  std::unordered_map<BytesView, size_t> places;
  for (uint32_t key = object + 1; key < nodes_[object].end; key = nodes_[key + 1].end) {
    const auto [place, is_new] = places.emplace(nodes_[key].text, out.size());
    if (is_new) {
      out.emplace_back(key, key + 1);
    } else {
      out[place->second].second = key + 1;
    }
  }
  return out;
}

std::optional<uint32_t> JsonTree::member(uint32_t object, BytesView wanted) const {
  std::optional<uint32_t> found;
  for (uint32_t key = object + 1; key < nodes_[object].end; key = nodes_[key + 1].end) {
    if (nodes_[key].text == wanted) found = key + 1;
  }
  return found;
}

void JsonTree::append(uint32_t index, std::string& out) const {
  const Node& value = nodes_[index];
  const size_t before = out.size();
  switch (value.kind) {
    case Kind::kString:
      return append_json_text(out, value.text);
    case Kind::kArray:
      out += '[';
      for_each_element(index, [&](uint32_t element) {
        if (out.size() > before + 1) out += ',';
        append(element, out);
      });
      out += ']';
      return;
    case Kind::kObject: {
      auto sorted = members(index);
      std::ranges::sort(sorted, {}, [&](const auto& member) { return nodes_[member.first].text; });
      out += '{';
      for (const auto& [key, member] : sorted) {
        if (out.size() > before + 1) out += ',';
        append_json_text(out, nodes_[key].text);
        out += ':';
        append(member, out);
      }
      out += '}';
      return;
    }
    default:
      out += scalar_text(index);
  }
}

std::string JsonTree::scalar_text(uint32_t index) const {
  const Node& value = nodes_[index];
  switch (value.kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBoolean:
      return value.truth ? "true" : "false";
    case Kind::kInteger:
      return value.text == "-0" ? "0" : std::string(value.text);
    case Kind::kDecimal:
      return big_decimal_text(value.text);
    default:
      return std::string(value.text);
  }
}

void append_json_text(std::string& out, BytesView text) {
  out += '"';
  for (const char c : text) {
    constexpr std::string_view kEscaped = "\"\\\b\f\n\r\t", kLetters = "\"\\bfnrt";
    if (const size_t known = kEscaped.find(c); known != std::string_view::npos) {
      out += '\\';
      out += kLetters[known];
    } else if (static_cast<uint8_t>(c) < 0x20) {
      constexpr std::string_view kHex = "0123456789ABCDEF";
      out += "\\u00";
      out += kHex[static_cast<uint8_t>(c) >> 4];
      out += kHex[static_cast<uint8_t>(c) & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string big_decimal_text(BytesView number) {
  const bool negative = number.starts_with('-');
  if (negative) number.remove_prefix(1);
  int64_t exponent = 0;
  if (const size_t e = number.find_first_of("eE"); e != BytesView::npos) {
    BytesView digits = number.substr(e + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    number = number.substr(0, e);
  }
  std::string digits(number.substr(0, number.find('.')));
  if (const size_t point = number.find('.'); point != BytesView::npos) {
    digits += number.substr(point + 1);
    exponent -= static_cast<int64_t>(number.size() - point - 1);
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  // BigDecimal.toString: an exponent where there would be zeros after the digits, or too many before them.
  const int64_t adjusted = exponent + static_cast<int64_t>(digits.size()) - 1;
  std::string out = negative && digits != "0" ? "-" : "";
  if (exponent <= 0 && adjusted >= -6) {
    const auto places = static_cast<size_t>(-exponent);
    if (places >= digits.size()) digits.insert(0, places - digits.size() + 1, '0');
    out += digits.substr(0, digits.size() - places);
    if (places > 0) out += "." + digits.substr(digits.size() - places);
    return out;
  }
  out += digits.substr(0, 1);
  if (digits.size() > 1) out += "." + digits.substr(1);
  out += "E";
  out += adjusted > 0 ? "+" : "";
  return out + std::to_string(adjusted);
}

}  // namespace leat
