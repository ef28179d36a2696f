// Calls: ordinary ones, and those with words inside (EXTRACT, SUBSTRING, …), which become ordinary ones.
#include "sql/parser_internal.h"

namespace leat {
namespace {

ast::Call plain_call(std::string name, std::vector<ast::ExprPtr> args) {
  ast::Call out;
  out.name = std::move(name);
  out.args = std::move(args);
  return out;
}

}  // namespace

Result<ast::ExprPtr> Parser::special_call(const std::string& upper, bool& handled) {
  handled = true;
  ast::Position at = in_.position();
  if (upper == "CAST" || upper == "TRY_CAST") return cast(upper == "TRY_CAST");
  if (upper == "EXTRACT") return extract();
  if (upper == "FLOOR" || upper == "CEIL" || upper == "CEILING") return floor_or_ceil(upper);
  if (upper == "TRIM") return trim();
  if (upper == "SUBSTRING") return substring();
  if (upper == "OVERLAY") return overlay();
  if (upper == "POSITION") return position_function();
  if (upper == "TIMESTAMPADD" || upper == "TIMESTAMPDIFF") return timestamp_arithmetic(upper);
  for (const char* json : {"JSON_EXISTS", "JSON_VALUE", "JSON_QUERY", "JSON_OBJECT", "JSON_ARRAY"}) {
    if (upper == json) return json_call(upper);
  }
  if (upper == "JSON_OBJECTAGG" || upper == "JSON_ARRAYAGG") return in_.unsupported_at(at, "the aggregate " + upper);
  if (upper == "EXISTS") {
    in_.take();
    in_.take();
    TRY_ASSIGN(ast::QueryPtr inner, query());
    TRY(in_.expect_symbol(")"));
    return make(at, ast::Subquery{std::move(inner), true});
  }
  if (upper == "ROW") {
    in_.take();
    in_.take();
    TRY_ASSIGN(auto values, expression_list(")"));
    return make(at, ast::RowConstructor{std::move(values)});
  }
  handled = false;
  return ast::ExprPtr();
}

Result<ast::ExprPtr> Parser::cast(bool safe) {
  ast::Position at = in_.take().position;
  in_.take();
  ast::Cast out;
  out.safe = safe;
  TRY_ASSIGN(out.value, expression());
  TRY(in_.expect_word("AS"));
  TRY_ASSIGN(out.type, type());
  TRY(in_.expect_symbol(")"));
  return make(at, std::move(out));
}

Result<ast::ExprPtr> Parser::extract() {
  ast::Position at = in_.take().position;
  in_.take();
  ast::Position unit_at = in_.position();
  TRY_ASSIGN(std::string unit, time_unit());
  TRY(in_.expect_word("FROM"));
  TRY_ASSIGN(ast::ExprPtr from, expression());
  TRY(in_.expect_symbol(")"));
  return make(at, plain_call("EXTRACT", {text(unit_at, std::move(unit)), std::move(from)}));
}

Result<ast::ExprPtr> Parser::floor_or_ceil(const std::string& function) {
  ast::Position at = in_.take().position;
  in_.take();
  std::string canonical = function == "CEILING" ? "CEIL" : function;
  TRY_ASSIGN(ast::ExprPtr value, expression());
  std::vector<ast::ExprPtr> args;
  if (in_.accept_word("TO")) {
    ast::Position unit_at = in_.position();
    TRY_ASSIGN(std::string unit, time_unit());
    args.push_back(text(unit_at, std::move(unit)));
  }
  args.push_back(std::move(value));
  TRY(in_.expect_symbol(")"));
  return make(at, plain_call(canonical, std::move(args)));
}

// TRIM(s), TRIM([BOTH | LEADING | TRAILING] ['x'] FROM s): by side as TRIM, LTRIM, RTRIM.
Result<ast::ExprPtr> Parser::trim() {
  ast::Position at = in_.take().position;
  in_.take();
  std::string function = "TRIM";
  if (in_.accept_word("LEADING"))
    function = "LTRIM";
  else if (in_.accept_word("TRAILING"))
    function = "RTRIM";
  else
    in_.accept_word("BOTH");
  ast::ExprPtr first;
  if (!in_.word("FROM")) {
    TRY_ASSIGN(first, expression());
  }
  if (!in_.accept_word("FROM")) {
    TRY(in_.expect_symbol(")"));
    return make(at, plain_call(std::move(function), {std::move(first)}));
  }
  TRY_ASSIGN(ast::ExprPtr value, expression());
  TRY(in_.expect_symbol(")"));
  std::vector<ast::ExprPtr> args{std::move(value)};
  if (first) args.push_back(std::move(first));
  if (function == "TRIM" && args.size() == 2) function = "BTRIM";
  return make(at, plain_call(std::move(function), std::move(args)));
}

Result<ast::ExprPtr> Parser::substring() {
  ast::Position at = in_.take().position;
  in_.take();
  TRY_ASSIGN(ast::ExprPtr value, expression());
  std::vector<ast::ExprPtr> args{std::move(value)};
  if (!in_.accept_word("FROM")) TRY(in_.expect_symbol(","));
  TRY_ASSIGN(ast::ExprPtr from, expression());
  args.push_back(std::move(from));
  if (in_.accept_word("FOR") || in_.accept_symbol(",")) {
    TRY_ASSIGN(ast::ExprPtr length, expression());
    args.push_back(std::move(length));
  }
  TRY(in_.expect_symbol(")"));
  return make(at, plain_call("SUBSTRING", std::move(args)));
}

Result<ast::ExprPtr> Parser::overlay() {
  ast::Position at = in_.take().position;
  in_.take();
  std::vector<ast::ExprPtr> args(3);
  TRY_ASSIGN(args[0], expression());
  if (!in_.accept_word("PLACING")) TRY(in_.expect_symbol(","));
  TRY_ASSIGN(args[1], expression());
  if (!in_.accept_word("FROM")) TRY(in_.expect_symbol(","));
  TRY_ASSIGN(args[2], expression());
  if (in_.accept_word("FOR") || in_.accept_symbol(",")) {
    TRY_ASSIGN(ast::ExprPtr length, expression());
    args.push_back(std::move(length));
  }
  TRY(in_.expect_symbol(")"));
  return make(at, plain_call("OVERLAY", std::move(args)));
}

Result<ast::ExprPtr> Parser::position_function() {
  ast::Position at = in_.take().position;
  in_.take();
  std::vector<ast::ExprPtr> args(2);
  // IN would be taken for the operator, so the needle stops below it.
  TRY_ASSIGN(args[0], additive());
  TRY(in_.expect_word("IN"));
  TRY_ASSIGN(args[1], additive());
  std::string function = "POSITION";
  if (in_.accept_word("FROM")) {
    TRY_ASSIGN(ast::ExprPtr from, expression());
    args.push_back(std::move(from));
    function = "LOCATE";
  }
  TRY(in_.expect_symbol(")"));
  return make(at, plain_call(std::move(function), std::move(args)));
}

Result<ast::ExprPtr> Parser::timestamp_arithmetic(const std::string& function) {
  ast::Position at = in_.take().position;
  in_.take();
  ast::Position unit_at = in_.position();
  TRY_ASSIGN(std::string unit, time_unit());
  std::vector<ast::ExprPtr> args{text(unit_at, std::move(unit))};
  for (int i = 0; i < 2; ++i) {
    TRY(in_.expect_symbol(","));
    TRY_ASSIGN(ast::ExprPtr value, expression());
    args.push_back(std::move(value));
  }
  TRY(in_.expect_symbol(")"));
  return make(at, plain_call(function, std::move(args)));
}

// (a, b) OVERLAPS (c, d)
Result<ast::ExprPtr> Parser::overlaps(ast::ExprPtr left) {
  ast::Position at = in_.take().position;
  TRY_ASSIGN(ast::ExprPtr right, additive());
  std::vector<ast::ExprPtr> args;
  for (const ast::ExprPtr& side : {left, right}) {
    const auto* row = std::get_if<ast::RowConstructor>(&side->node);
    if (row == nullptr || row->values.size() != 2) {
      return in_.error_at(side->position, "OVERLAPS stands between two pairs: (start, end) OVERLAPS (start, end)");
    }
    args.insert(args.end(), row->values.begin(), row->values.end());
  }
  return make(at, plain_call("OVERLAPS", std::move(args)));
}

Result<ast::ExprPtr> Parser::function_call() {
  const Token& token = in_.take();
  ast::Position at = token.position;
  ast::Call out;
  out.name = token.text;
  in_.take();
  TRY(call_arguments(out));
  TRY(call_suffixes(out));
  return make(at, std::move(out));
}

Status Parser::call_arguments(ast::Call& out) {
  if (in_.accept_symbol(")")) return {};
  if (in_.symbol("*") && in_.symbol(")", 1)) {
    in_.take();
    in_.take();
    out.star = true;
    return {};
  }
  out.distinct = in_.accept_word("DISTINCT");
  if (!out.distinct) in_.accept_word("ALL");
  bool named = false;
  do {
    std::string argument_name;
    if (in_.symbol("=>", 1)) {
      TRY_ASSIGN(argument_name, name("an argument's name"));
      in_.take();
      named = true;
    }
    TRY_ASSIGN(ast::ExprPtr value, expression());
    out.args.push_back(std::move(value));
    out.arg_names.push_back(std::move(argument_name));
  } while (in_.accept_symbol(","));
  if (!named) out.arg_names.clear();
  if (in_.word("ORDER")) return in_.unsupported_at(in_.position(), "ORDER BY inside of an aggregate");
  if (in_.accept_symbol(")")) return {};
  return in_.unexpected("',' or ')'");
}

Status Parser::call_suffixes(ast::Call& out) {
  if (in_.word("WITHIN")) return in_.unsupported_at(in_.position(), "WITHIN GROUP");
  if (in_.word("FILTER") && in_.symbol("(", 1)) {
    in_.take();
    in_.take();
    TRY(in_.expect_word("WHERE"));
    TRY_ASSIGN(out.filter, expression());
    TRY(in_.expect_symbol(")"));
  }
  if (in_.word("IGNORE") || in_.word("RESPECT")) {
    return in_.unsupported_at(in_.position(), in_.peek().upper + " NULLS");
  }
  if (in_.word("OVER")) return in_.unsupported_at(in_.position(), "OVER windows");
  return {};
}

}  // namespace leat
