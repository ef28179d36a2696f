#pragma once
// Lexer: text to tokens. Comments are skipped; hints (/*+ … */) are tokens.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sql/ast.h"

namespace leat {

struct Token {
  enum class Kind : uint8_t {
    kWord,        // text as written; `upper` for comparison with keywords.
    kQuotedName,  // `…`: text without quotes.
    kNumber,
    kString,  // '…': text without quotes.
    kBinary,  // X'…': text is the bytes.
    kSymbol,  // One or two characters: "<=", "=>", "||".
    kHintBegin,
    kHintEnd,
    kEnd,
  };
  Kind kind = Kind::kEnd;
  std::string text, upper;
  ast::Position position;
  size_t begin = 0, end = 0;  // In the script.

  bool is_word(std::string_view keyword) const { return kind == Kind::kWord && upper == keyword; }
  bool is_symbol(std::string_view symbol) const { return kind == Kind::kSymbol && text == symbol; }
};

// Ends with a kEnd token. Errors: an unfinished string, name or comment, a character that is no SQL.
Result<std::vector<Token>> tokenize(std::string_view script);

std::string upper_case(std::string_view ascii);  // As keywords and functions are compared.

}  // namespace leat
