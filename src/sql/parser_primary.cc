// Expressions: literals, names, constructors and calls.
#include <algorithm>
#include <array>

#include "sql/parser_internal.h"

namespace leat {
namespace {

// Words that cannot be a column's name unless they are in back-quotes: the grammar needs them.
constexpr std::array kReserved = {
    "ALL",   "AND",    "AS",        "BETWEEN", "BY",     "CASE",  "CREATE", "CROSS", "DISTINCT", "ELSE",
    "END",   "EXCEPT", "EXISTS",    "FETCH",   "FOR",    "FROM",  "FULL",   "GROUP", "HAVING",   "IN",
    "INNER", "INSERT", "INTERSECT", "INTO",    "IS",     "JOIN",  "LEFT",   "LIKE",  "LIMIT",    "NATURAL",
    "NOT",   "NULL",   "OFFSET",    "ON",      "OR",     "ORDER", "OUTER",  "RIGHT", "SELECT",   "SET",
    "TABLE", "THEN",   "UNION",     "USING",   "VALUES", "WHEN",  "WHERE",  "WITH",  "TRUE",     "FALSE",
};

// Functions that are called without parentheses.
constexpr std::array kNiladic = {"CURRENT_DATE", "CURRENT_TIME",   "CURRENT_TIMESTAMP",
                                 "LOCALTIME",    "LOCALTIMESTAMP", "CURRENT_ROW_TIMESTAMP"};

template <size_t N>
bool contains(const std::array<const char*, N>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

Result<std::string> Parser::name(const char* what) {
  const Token& token = in_.peek();
  if (token.kind == Token::Kind::kQuotedName) return in_.take().text;
  if (token.kind != Token::Kind::kWord) return in_.unexpected(what);
  if (contains(kReserved, token.upper)) {
    return in_.error("found '" + token.text + "', expected " + what + " (" + token.upper +
                     " is a reserved word: as a name it is written `" + token.text + "`)");
  }
  return in_.take().text;
}

Result<std::vector<std::string>> Parser::name_path(const char* what) {
  std::vector<std::string> out;
  do {
    TRY_ASSIGN(std::string part, name(what));
    out.push_back(std::move(part));
  } while (in_.accept_symbol("."));
  return out;
}

Result<std::vector<std::string>> Parser::name_list() {
  std::vector<std::string> out;
  TRY(in_.expect_symbol("("));
  do {
    TRY_ASSIGN(std::string one, name("a column's name"));
    out.push_back(std::move(one));
  } while (in_.accept_symbol(","));
  TRY(in_.expect_symbol(")"));
  return out;
}

Result<std::string> Parser::string_literal(const char* what) {
  if (in_.peek().kind != Token::Kind::kString) return in_.unexpected(what);
  return in_.take().text;
}

Result<int64_t> Parser::integer(const char* what) {
  const std::string& digits = in_.peek().text;
  bool whole = in_.peek().kind == Token::Kind::kNumber && digits.find_first_not_of("0123456789") == std::string::npos;
  if (!whole) return in_.unexpected(what);
  if (digits.size() > 18) return in_.error(digits + " is too large");
  return static_cast<int64_t>(std::stoll(in_.take().text));
}

Result<ast::ExprPtr> Parser::primary() {
  const Token& token = in_.peek();
  ast::Position at = token.position;
  switch (token.kind) {
    case Token::Kind::kNumber:
      return make(at, ast::NumberLiteral{in_.take().text});
    case Token::Kind::kString:
      return make(at, ast::StringLiteral{in_.take().text});
    case Token::Kind::kBinary:
      return make(at, ast::BinaryLiteral{in_.take().text});
    case Token::Kind::kWord:
    case Token::Kind::kQuotedName:
      return word_primary();
    default:
      break;
  }
  if (in_.symbol("(")) return parenthesised();
  if (in_.symbol("*")) {
    in_.take();
    return make(at, ast::Star{});
  }
  if (in_.symbol("?")) return in_.unsupported_at(at, "parameters (?)");
  return in_.unexpected("an expression");
}

Result<ast::ExprPtr> Parser::parenthesised() {
  ast::Position at = in_.take().position;
  if (starts_query()) {
    TRY_ASSIGN(ast::QueryPtr inner, query());
    TRY(in_.expect_symbol(")"));
    return make(at, ast::Subquery{std::move(inner)});
  }
  TRY_ASSIGN(auto values, expression_list(")"));
  if (values.empty()) return in_.error_at(at, "expected an expression between ( and )");
  if (values.size() == 1) return interval_between(std::move(values[0]));
  return make(at, ast::RowConstructor{std::move(values)});
}

// (a - b) unit [TO unit] is the interval between two times; other expressions are left as they are.
Result<ast::ExprPtr> Parser::interval_between(ast::ExprPtr value) {
  const auto* minus = std::get_if<ast::Binary>(&value->node);
  if (minus == nullptr || minus->op != "-") return value;
  bool unit_follows = false;
  for (const char* unit : {"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND"}) {
    unit_follows = unit_follows || in_.word(unit);
  }
  if (!unit_follows) return value;
  ast::Position at = in_.position();
  TRY_ASSIGN(std::string unit, time_unit());
  if (in_.accept_word("TO")) {
    TRY_ASSIGN(std::string to, time_unit());
  }
  ast::Call out;
  out.name = "INTERVAL BETWEEN";
  out.args = {text(at, std::move(unit)), minus->left, minus->right};
  return make(value->position, std::move(out));
}

Result<ast::ExprPtr> Parser::word_primary() {
  const Token& token = in_.peek();
  ast::Position at = token.position;
  bool plain = token.kind == Token::Kind::kWord;
  std::string upper = token.upper;
  bool calls = in_.symbol("(", 1);
  if (plain && !calls) {
    if (upper == "NULL") return in_.take(), make(at, ast::NullLiteral{});
    if (upper == "TRUE") return in_.take(), make(at, ast::BooleanLiteral{true});
    if (upper == "FALSE") return in_.take(), make(at, ast::BooleanLiteral{false});
    if (upper == "CASE") return case_expression();
    if (upper == "INTERVAL") return interval();
    bool timed = upper == "DATE" || upper == "TIME" || upper == "TIMESTAMP";
    if (timed && in_.peek(1).kind == Token::Kind::kString) {
      in_.take();
      return make(at, ast::TimeLiteral{upper, in_.take().text});
    }
    if (in_.symbol("[", 1) && (upper == "ARRAY" || upper == "MAP")) return constructor(upper[0]);
    if (contains(kNiladic, upper))
      return in_.take(), make(at, ast::Call{upper, {}, {}, false, false, nullptr, false, {}});
  }
  if (plain && calls) {
    bool handled = false;
    TRY_ASSIGN(ast::ExprPtr special, special_call(upper, handled));
    if (handled) return special;
    return function_call();
  }
  if (calls) return function_call();
  TRY_ASSIGN(std::string first, name("an expression"));
  ast::Name out{{std::move(first)}};
  while (in_.symbol(".")) {
    in_.take();
    if (in_.accept_symbol("*")) return make(at, ast::Star{std::move(out.parts)});
    TRY_ASSIGN(std::string part, name("a column's name or '*'"));
    out.parts.push_back(std::move(part));
  }
  return make(at, std::move(out));
}

Result<ast::ExprPtr> Parser::case_expression() {
  ast::Position at = in_.take().position;
  ast::Case out;
  if (!in_.word("WHEN")) {
    TRY_ASSIGN(out.operand, expression());
  }
  while (in_.accept_word("WHEN")) {
    TRY_ASSIGN(ast::ExprPtr when, expression());
    TRY(in_.expect_word("THEN"));
    TRY_ASSIGN(ast::ExprPtr then, expression());
    out.branches.emplace_back(std::move(when), std::move(then));
  }
  if (out.branches.empty()) return in_.unexpected("WHEN");
  if (in_.accept_word("ELSE")) {
    TRY_ASSIGN(out.otherwise, expression());
  }
  if (!in_.accept_word("END")) return in_.unexpected("WHEN, ELSE or END");
  return make(at, std::move(out));
}

Result<std::string> Parser::time_unit() {
  std::string unit = in_.peek().upper;
  if (unit.size() > 2 && unit.ends_with('S')) unit.pop_back();  // Flink takes both MINUTE and MINUTES.
  for (const char* known :
       {"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND",
        "NANOSECOND", "CENTURY", "DECADE", "MILLENNIUM", "DOW", "DOY", "EPOCH", "ISODOW", "ISOYEAR"}) {
    if (unit == known) return in_.take(), unit;
  }
  return in_.unexpected("a unit of time (YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, …)");
}

Result<ast::ExprPtr> Parser::interval() {
  ast::Position at = in_.take().position;
  ast::IntervalLiteral out;
  if (in_.accept_symbol("-"))
    out.negative = true;
  else
    in_.accept_symbol("+");
  TRY_ASSIGN(out.text, string_literal("the length of the interval in quotes"));
  TRY_ASSIGN(out.from_unit, time_unit());
  if (in_.accept_symbol("(")) {
    TRY_ASSIGN(out.leading_precision, integer("a precision"));
    if (in_.accept_symbol(",")) {
      TRY_ASSIGN(out.fraction_precision, integer("a precision"));
    }
    TRY(in_.expect_symbol(")"));
  }
  if (in_.accept_word("TO")) {
    TRY_ASSIGN(out.to_unit, time_unit());
    if (in_.accept_symbol("(")) {
      TRY_ASSIGN(out.fraction_precision, integer("a precision"));
      TRY(in_.expect_symbol(")"));
    }
  }
  return make(at, std::move(out));
}

Result<ast::ExprPtr> Parser::constructor(char kind) {
  ast::Position at = in_.take().position;
  in_.take();
  TRY_ASSIGN(auto values, expression_list("]"));
  if (kind == 'A') return make(at, ast::ArrayConstructor{std::move(values)});
  if (values.size() % 2 != 0) return in_.error_at(at, "MAP[…] takes pairs of a key and a value");
  return make(at, ast::MapConstructor{std::move(values)});
}

}  // namespace leat
