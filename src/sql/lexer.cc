#include "sql/lexer.h"

#include "sql/error.h"

namespace leat {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class Lexer {
 public:
  explicit Lexer(std::string_view script) : script_(script) {}

  Result<std::vector<Token>> run() {
    while (true) {
      TRY(skip_blanks());
      start();
      if (at_end()) break;
      TRY(next());
    }
    push(Token::Kind::kEnd, "");
    return std::move(tokens_);
  }

 private:
  bool at_end() const { return at_ == script_.size(); }
  char peek(size_t ahead = 0) const { return at_ + ahead < script_.size() ? script_[at_ + ahead] : '\0'; }
  bool looking_at(std::string_view text) const { return script_.substr(at_, text.size()) == text; }

  void advance() {
    char c = script_[at_++];
    if (c == '\n') {
      position_ = {position_.line + 1, 1};
    } else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) {
      ++position_.column;  // Continuation bytes of UTF-8 belong to the character before them.
    }
  }
  void advance(size_t count) {
    while (count-- > 0) advance();
  }

  void start() {
    begin_ = at_;
    begun_ = position_;
  }
  void push(Token::Kind kind, std::string text) {
    Token token;
    token.kind = kind;
    if (kind == Token::Kind::kWord) token.upper = upper_case(text);
    token.text = std::move(text);
    token.position = begun_;
    token.begin = begin_;
    token.end = at_;
    tokens_.push_back(std::move(token));
  }

  Status skip_blanks() {
    while (!at_end()) {
      if (is_space(peek())) {
        advance();
      } else if (looking_at("--") || looking_at("//")) {
        while (!at_end() && peek() != '\n') advance();
      } else if (looking_at("/*") && peek(2) != '+') {
        start();
        size_t end = script_.find("*/", at_ + 2);
        if (end == std::string_view::npos) return sql_error(script_, begun_, "this comment has no end: expected */");
        advance(end + 2 - at_);
      } else {
        break;
      }
    }
    return {};
  }

  Status next() {
    char c = peek();
    if ((c == 'x' || c == 'X') && peek(1) == '\'') return binary();
    if ((c == 'u' || c == 'U') && peek(1) == '&' && peek(2) == '\'') return unicode_string();
    if (is_letter(c)) return word();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (c == '\'') {
      TRY_ASSIGN(std::string text, quoted('\'', "string"));
      push(Token::Kind::kString, std::move(text));
      return {};
    }
    if (c == '`') {
      TRY_ASSIGN(std::string text, quoted('`', "name"));
      if (text.empty()) return sql_error(script_, begun_, "a name cannot be empty");
      push(Token::Kind::kQuotedName, std::move(text));
      return {};
    }
    return symbol();
  }

  Status word() {
    size_t begin = at_;
    while (is_letter(peek()) || is_digit(peek()) || peek() == '$') advance();
    push(Token::Kind::kWord, std::string(script_.substr(begin, at_ - begin)));
    return {};
  }

  Status number() {
    size_t begin = at_;
    while (is_digit(peek())) advance();
    if (peek() == '.') {
      advance();
      while (is_digit(peek())) advance();
    }
    if (peek() == 'e' || peek() == 'E') {
      size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
      if (is_digit(peek(1 + sign))) {
        advance(1 + sign);
        while (is_digit(peek())) advance();
      }
    }
    if (is_letter(peek())) return sql_error(script_, position_, "a number ends here, or an operator is missing");
    push(Token::Kind::kNumber, std::string(script_.substr(begin, at_ - begin)));
    return {};
  }

  // The quote itself is written twice inside.
  Result<std::string> quoted(char quote, const char* what) {
    std::string text;
    advance();
    while (!at_end()) {
      if (peek() == quote && peek(1) != quote) {
        advance();
        return text;
      }
      if (peek() == quote) advance();
      text.push_back(peek());
      advance();
    }
    return sql_error(script_, begun_, std::string("this ") + what + " has no end: expected " + quote);
  }

  Status binary() {
    advance();
    TRY_ASSIGN(std::string text, quoted('\'', "string"));
    std::string bytes;
    if (text.size() % 2 != 0) return sql_error(script_, begun_, "a binary string has an even number of digits");
    for (size_t i = 0; i < text.size(); i += 2) {
      int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
      if (high < 0 || low < 0) return sql_error(script_, begun_, "a binary string has hexadecimal digits only");
      bytes.push_back(static_cast<char>(high * 16 + low));
    }
    push(Token::Kind::kBinary, std::move(bytes));
    return {};
  }

  // U&'\00e9': four digits after a backslash.
  Status unicode_string() {
    advance(2);
    TRY_ASSIGN(std::string text, quoted('\'', "string"));
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\\') {
        out.push_back(text[i]);
        continue;
      }
      if (i + 1 < text.size() && text[i + 1] == '\\') {
        out.push_back(text[++i]);
        continue;
      }
      unsigned code = 0;
      for (size_t digit = 1; digit <= 4; ++digit) {
        int value = i + digit < text.size() ? hex_digit(text[i + digit]) : -1;
        if (value < 0) return sql_error(script_, begun_, "expected four hexadecimal digits after \\");
        code = code * 16 + static_cast<unsigned>(value);
      }
      i += 4;
      append_utf8(code, out);
    }
    push(Token::Kind::kString, std::move(out));
    return {};
  }

  static void append_utf8(unsigned code, std::string& out) {
    if (code < 0x80) {
      out.push_back(static_cast<char>(code));
    } else if (code < 0x800) {
      out.push_back(static_cast<char>(0xc0 | code >> 6));
      out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
    } else {
      out.push_back(static_cast<char>(0xe0 | code >> 12));
      out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3f)));
      out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
    }
  }

  Status symbol() {
    if (looking_at("/*+")) {
      advance(3);
      push(Token::Kind::kHintBegin, "/*+");
      return {};
    }
    if (looking_at("*/")) {
      advance(2);
      push(Token::Kind::kHintEnd, "*/");
      return {};
    }
    for (std::string_view two : {"<>", "<=", ">=", "!=", "||", "=>"}) {
      if (!looking_at(two)) continue;
      advance(2);
      push(Token::Kind::kSymbol, std::string(two));
      return {};
    }
    constexpr std::string_view kSingle = "()[]<>=+-*/%,.;:?";
    if (kSingle.find(peek()) == std::string_view::npos) {
      std::string shown(1, peek());
      if (peek() == '"') {
        return sql_error(script_, position_, "\" is no quote here: text is in 'single quotes', names in `back-quotes`");
      }
      return sql_error(script_, position_, "'" + shown + "' is not part of SQL");
    }
    std::string text(1, peek());
    advance();
    push(Token::Kind::kSymbol, std::move(text));
    return {};
  }

  std::string_view script_;
  size_t at_ = 0, begin_ = 0;
  ast::Position position_{1, 1}, begun_{1, 1};
  std::vector<Token> tokens_;
};

}  // namespace

std::string upper_case(std::string_view ascii) {
  std::string out(ascii);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

Result<std::vector<Token>> tokenize(std::string_view script) {
  return Lexer(script).run();
}

}  // namespace leat
