// Expressions: operators by precedence, loosest first (Apache Calcite's table, which Flink has).
#include "sql/parser_internal.h"

namespace leat {

Status Parser::check_depth() const {
  if (depth_ <= kDepthMax) return {};
  return in_.error("nested too deeply: at most " + std::to_string(kDepthMax) + " levels");
}

ast::ExprPtr Parser::make(ast::Position at, decltype(ast::Expr::node) node) const {
  return std::make_shared<ast::Expr>(ast::Expr{at, std::move(node)});
}

ast::ExprPtr Parser::text(ast::Position at, std::string value) const {
  return make(at, ast::StringLiteral{std::move(value)});
}

Result<ast::ExprPtr> Parser::expression() {
  Depth depth(*this);
  TRY(check_depth());
  return or_expression();
}

// Left-associative; a chain makes a tree as deep as it is long, so its length is limited like any nesting.
Result<ast::ExprPtr> Parser::binary_chain(ExprResult (Parser::*operand)(),
                                          std::initializer_list<std::string_view> operators) {
  constexpr int kChainMax = 1000;
  TRY_ASSIGN(ast::ExprPtr left, (this->*operand)());
  for (int length = 0;; ++length) {
    std::string op;
    for (std::string_view candidate : operators) {
      if (in_.symbol(candidate) || in_.word(candidate)) op = candidate;
    }
    if (op.empty()) return left;
    if (length == kChainMax) return in_.error("more than 1000 operators in a row: use IN, or parentheses");
    ast::Position at = in_.take().position;
    TRY_ASSIGN(ast::ExprPtr right, (this->*operand)());
    left = make(at, ast::Binary{op == "!=" ? "<>" : op, std::move(left), std::move(right)});
  }
}

Result<ast::ExprPtr> Parser::or_expression() {
  return binary_chain(&Parser::and_expression, {"OR"});
}
Result<ast::ExprPtr> Parser::and_expression() {
  return binary_chain(&Parser::not_expression, {"AND"});
}
Result<ast::ExprPtr> Parser::additive() {
  return binary_chain(&Parser::multiplicative, {"+", "-"});
}
Result<ast::ExprPtr> Parser::multiplicative() {
  return binary_chain(&Parser::unary, {"*", "/", "%", "||"});
}
Result<ast::ExprPtr> Parser::comparison() {
  return binary_chain(&Parser::range, {"=", "<>", "!=", "<", "<=", ">", ">="});
}

Result<ast::ExprPtr> Parser::not_expression() {
  if (!in_.word("NOT")) return is_expression();
  Depth depth(*this);
  TRY(check_depth());
  ast::Position at = in_.take().position;
  TRY_ASSIGN(ast::ExprPtr operand, not_expression());
  return make(at, ast::Unary{"NOT", std::move(operand)});
}

Result<ast::ExprPtr> Parser::is_expression() {
  TRY_ASSIGN(ast::ExprPtr value, comparison());
  while (in_.word("IS")) {
    ast::Position at = in_.position();
    bool distinct = in_.accept_words({"IS", "DISTINCT", "FROM"});
    bool not_distinct = !distinct && in_.accept_words({"IS", "NOT", "DISTINCT", "FROM"});
    if (distinct || not_distinct) {
      TRY_ASSIGN(ast::ExprPtr right, comparison());
      value = make(at, ast::Binary{distinct ? "IS DISTINCT FROM" : "IS NOT DISTINCT FROM", value, std::move(right)});
      continue;
    }
    in_.take();
    std::string op = in_.accept_word("NOT") ? "IS NOT " : "IS ";
    bool known = false;
    for (const char* what : {"NULL", "TRUE", "FALSE", "UNKNOWN", "JSON"}) {
      if (!in_.accept_word(what)) continue;
      op += what == std::string_view("UNKNOWN") ? "NULL" : what;
      known = true;
      break;
    }
    if (!known) return in_.unexpected("NULL, TRUE, FALSE, UNKNOWN, JSON or DISTINCT FROM");
    if (!op.ends_with("JSON")) {
      value = make(at, ast::Unary{op, std::move(value)});
      continue;
    }
    std::string json = "IS JSON";
    in_.accept_word("VALUE");
    for (const char* kind : {"SCALAR", "ARRAY", "OBJECT"}) {
      if (in_.accept_word(kind)) json += std::string(" ") + kind;
    }
    value = make(at, ast::Unary{std::move(json), std::move(value)});
    if (op == "IS NOT JSON") value = make(at, ast::Unary{"NOT", std::move(value)});
  }
  return value;
}

Result<ast::ExprPtr> Parser::range() {
  TRY_ASSIGN(ast::ExprPtr value, additive());
  while (true) {
    bool negated = in_.word("NOT") &&
                   (in_.word("BETWEEN", 1) || in_.word("IN", 1) || in_.word("LIKE", 1) || in_.word("SIMILAR", 1));
    size_t mark = in_.mark();
    if (negated) in_.take();
    if (in_.word("BETWEEN")) {
      TRY_ASSIGN(value, between(value, negated));
    } else if (in_.word("IN")) {
      TRY_ASSIGN(value, in_list(value, negated));
    } else if (in_.word("LIKE")) {
      TRY_ASSIGN(value, like(value, negated, "LIKE"));
    } else if (!negated && in_.word("OVERLAPS")) {
      TRY_ASSIGN(value, overlaps(value));
    } else if (in_.word("SIMILAR")) {
      TRY_ASSIGN(value, like(value, negated, "SIMILAR TO"));
    } else {
      in_.rewind(mark);
      return value;
    }
  }
}

Result<ast::ExprPtr> Parser::between(ast::ExprPtr value, bool negated) {
  ast::Position at = in_.take().position;
  ast::Between out;
  out.value = std::move(value);
  out.negated = negated;
  out.symmetric = in_.accept_word("SYMMETRIC");
  if (!out.symmetric) in_.accept_word("ASYMMETRIC");
  TRY_ASSIGN(out.low, additive());
  TRY(in_.expect_word("AND"));
  TRY_ASSIGN(out.high, additive());
  return make(at, std::move(out));
}

Result<ast::ExprPtr> Parser::in_list(ast::ExprPtr value, bool negated) {
  ast::Position at = in_.take().position;
  ast::InList out;
  out.value = std::move(value);
  out.negated = negated;
  TRY(in_.expect_symbol("("));
  if (starts_query()) {
    TRY_ASSIGN(out.query, query());
    TRY(in_.expect_symbol(")"));
  } else {
    TRY_ASSIGN(out.list, expression_list(")"));
    if (out.list.empty()) return in_.error_at(at, "IN needs at least one value");
  }
  return make(at, std::move(out));
}

Result<ast::ExprPtr> Parser::like(ast::ExprPtr value, bool negated, std::string op) {
  ast::Position at = in_.take().position;
  if (op == "SIMILAR TO") TRY(in_.expect_word("TO"));
  ast::Like out{std::move(op), std::move(value), nullptr, nullptr, negated};
  TRY_ASSIGN(out.pattern, additive());
  if (in_.accept_word("ESCAPE")) {
    TRY_ASSIGN(out.escape, additive());
  }
  return make(at, std::move(out));
}

Result<ast::ExprPtr> Parser::unary() {
  if (!in_.symbol("-") && !in_.symbol("+")) return postfix();
  Depth depth(*this);
  TRY(check_depth());
  const Token& sign = in_.take();
  ast::Position at = sign.position;
  std::string op = sign.text;
  TRY_ASSIGN(ast::ExprPtr operand, unary());
  return make(at, ast::Unary{std::move(op), std::move(operand)});
}

Result<ast::ExprPtr> Parser::postfix() {
  TRY_ASSIGN(ast::ExprPtr value, primary());
  while (true) {
    ast::Position at = in_.position();
    if (in_.accept_symbol("[")) {
      TRY_ASSIGN(ast::ExprPtr index, expression());
      TRY(in_.expect_symbol("]"));
      value = make(at, ast::Item{std::move(value), std::move(index)});
    } else if (in_.accept_symbol(".")) {
      TRY_ASSIGN(std::string field, name("a field's name"));
      value = make(at, ast::FieldAccess{std::move(value), std::move(field)});
    } else {
      return value;
    }
  }
}

Result<std::vector<ast::ExprPtr>> Parser::expression_list(std::string_view close) {
  std::vector<ast::ExprPtr> out;
  if (in_.accept_symbol(close)) return out;
  do {
    TRY_ASSIGN(ast::ExprPtr value, expression());
    out.push_back(std::move(value));
  } while (in_.accept_symbol(","));
  if (!in_.accept_symbol(close)) return in_.unexpected("',' or '" + std::string(close) + "'");
  return out;
}

bool Parser::starts_query() const {
  return in_.word("SELECT") || in_.word("WITH") || in_.word("VALUES");
}

}  // namespace leat
