#pragma once
// TokenCursor: the parser's place in the tokens, and its errors.
#include <algorithm>
#include <initializer_list>

#include "base/result.h"
#include "sql/error.h"
#include "sql/lexer.h"

namespace leat {

class TokenCursor {
 public:
  TokenCursor(std::string_view script, const std::vector<Token>& tokens) : script_(script), tokens_(tokens) {}

  const Token& peek(size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  ast::Position position() const { return peek().position; }
  const Token& take() {
    const Token& token = peek();
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
  }
  size_t mark() const { return at_; }
  void rewind(size_t mark) { at_ = mark; }
  const Token& previous() const { return tokens_[at_ == 0 ? 0 : at_ - 1]; }

  bool word(std::string_view keyword, size_t ahead = 0) const { return peek(ahead).is_word(keyword); }
  bool symbol(std::string_view text, size_t ahead = 0) const { return peek(ahead).is_symbol(text); }
  bool at_end() const { return peek().kind == Token::Kind::kEnd; }

  // Take the token if it is this one.
  bool accept_word(std::string_view keyword) { return word(keyword) && (take(), true); }
  bool accept_symbol(std::string_view text) { return symbol(text) && (take(), true); }
  // All of them in a row, or none.
  bool accept_words(std::initializer_list<std::string_view> keywords) {
    size_t ahead = 0;
    for (std::string_view keyword : keywords) {
      if (!word(keyword, ahead++)) return false;
    }
    for (size_t i = 0; i < ahead; ++i) take();
    return true;
  }
  Status expect_word(std::string_view keyword) {
    if (accept_word(keyword)) return {};
    return unexpected(std::string(keyword));
  }
  Status expect_symbol(std::string_view text) {
    if (accept_symbol(text)) return {};
    return unexpected("'" + std::string(text) + "'");
  }

  Error unexpected(const std::string& expected) const { return error("found " + shown() + ", expected " + expected); }
  Error error(const std::string& message) const { return sql_error(script_, position(), message); }
  Error error_at(ast::Position at, const std::string& message) const { return sql_error(script_, at, message); }
  Error unsupported_at(ast::Position at, const std::string& what) const { return unsupported(script_, at, what); }
  std::string_view script() const { return script_; }

 private:
  std::string shown() const {
    const Token& token = peek();
    switch (token.kind) {
      case Token::Kind::kEnd:
        return "the end";
      case Token::Kind::kString:
        return "the string '" + token.text + "'";
      case Token::Kind::kBinary:
        return "a binary string";
      case Token::Kind::kHintBegin:
        return "a hint";
      case Token::Kind::kHintEnd:
        return "the end of a hint";
      default:
        return "'" + token.text + "'";
    }
  }

  std::string_view script_;
  const std::vector<Token>& tokens_;
  size_t at_ = 0;
};

}  // namespace leat
