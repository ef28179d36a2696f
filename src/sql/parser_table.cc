// What stands in FROM.
#include "sql/parser_internal.h"

namespace leat {

Result<ast::TableRefPtr> Parser::table_ref() {
  Depth depth(*this);
  TRY(check_depth());
  TRY_ASSIGN(ast::TableRefPtr left, table_primary());
  for (int length = 0;; ++length) {
    ast::Position at = in_.position();
    TRY_ASSIGN(auto kind, join_kind());
    if (!kind) return left;
    if (length == kDepthMax) return in_.error("more than 200 joins in a row");
    ast::JoinTable join{std::move(*kind), std::move(left), nullptr, nullptr, {}};
    TRY_ASSIGN(join.right, table_primary());
    if (in_.accept_word("ON")) {
      TRY_ASSIGN(join.on, expression());
    } else if (in_.accept_word("USING")) {
      TRY_ASSIGN(join.using_columns, name_list());
    }
    left = std::make_shared<ast::TableRef>(ast::TableRef{at, std::move(join), "", {}});
  }
}

Result<std::optional<std::string>> Parser::join_kind() {
  if (in_.word("NATURAL")) return in_.unsupported_at(in_.position(), "NATURAL JOIN");
  if (in_.accept_word("JOIN") || in_.accept_words({"INNER", "JOIN"})) return std::optional<std::string>("INNER");
  if (in_.accept_words({"CROSS", "JOIN"})) return std::optional<std::string>("CROSS");
  for (const char* side : {"LEFT", "RIGHT", "FULL"}) {
    if (in_.accept_words({side, "JOIN"}) || in_.accept_words({side, "OUTER", "JOIN"})) {
      return std::optional<std::string>(side);
    }
  }
  return std::optional<std::string>();
}

Result<ast::TableRefPtr> Parser::table_primary() {
  ast::TableRef out;
  out.position = in_.position();
  if (in_.word("LATERAL")) return in_.unsupported_at(out.position, "LATERAL");
  if (in_.word("UNNEST")) return in_.unsupported_at(out.position, "UNNEST");
  if (in_.word("TABLE") && in_.symbol("(", 1)) {
    in_.take();
    in_.take();
    TRY_ASSIGN(out.node, table_function());
    TRY(in_.expect_symbol(")"));
  } else if (in_.accept_symbol("(")) {
    if (!starts_query() && !in_.symbol("(")) {
      // Parentheses around a join.
      TRY_ASSIGN(ast::TableRefPtr inner, table_ref());
      TRY(in_.expect_symbol(")"));
      return inner;
    }
    TRY_ASSIGN(ast::QueryPtr inner, query());
    TRY(in_.expect_symbol(")"));
    out.node = ast::DerivedTable{std::move(inner)};
  } else if (in_.peek().kind == Token::Kind::kWord && in_.symbol("(", 1)) {
    TRY_ASSIGN(out.node, table_function());
  } else {
    ast::NamedTable table;
    TRY_ASSIGN(table.name, name_path("a table's name"));
    TRY_ASSIGN(table.hints, hints());
    out.node = std::move(table);
  }
  if (in_.word("FOR") && in_.word("SYSTEM_TIME", 1)) {
    return in_.unsupported_at(in_.position(), "FOR SYSTEM_TIME AS OF (temporal joins)");
  }
  if (in_.word("MATCH_RECOGNIZE")) return in_.unsupported_at(in_.position(), "MATCH_RECOGNIZE");
  if (in_.word("TABLESAMPLE") || in_.word("PIVOT") || in_.word("UNPIVOT")) {
    return in_.unsupported_at(in_.position(), in_.peek().upper);
  }
  TRY(alias(out));
  return ast::TableRefPtr(std::make_shared<ast::TableRef>(std::move(out)));
}

Status Parser::alias(ast::TableRef& out) {
  bool named = in_.accept_word("AS");
  static constexpr std::string_view kFollowing[] = {
      "WHERE",  "GROUP",   "HAVING",    "ORDER", "LIMIT",           "OFFSET", "FETCH", "UNION",   "EXCEPT", "INTERSECT",
      "MINUS",  "JOIN",    "INNER",     "LEFT",  "RIGHT",           "FULL",   "CROSS", "NATURAL", "ON",     "USING",
      "WINDOW", "QUALIFY", "PARTITION", "FOR",   "MATCH_RECOGNIZE", "END"};
  bool bare = in_.peek().kind == Token::Kind::kQuotedName || in_.peek().kind == Token::Kind::kWord;
  for (std::string_view keyword : kFollowing) bare = bare && !in_.word(keyword);
  if (!named && !bare) return {};
  TRY_ASSIGN(out.alias, name("an alias"));
  if (in_.symbol("(")) {
    TRY_ASSIGN(out.column_aliases, name_list());
  }
  return {};
}

// OPTIONS('k' = 'v', …) in a hint.
Result<ast::Options> Parser::hints() {
  ast::Options out;
  while (in_.peek().kind == Token::Kind::kHintBegin) {
    ast::Position at = in_.take().position;
    do {
      if (!in_.accept_word("OPTIONS")) return in_.unsupported_at(at, "this hint; expected OPTIONS('key' = 'value')");
      TRY_ASSIGN(ast::Options some, options());
      out.insert(out.end(), some.begin(), some.end());
    } while (in_.accept_symbol(","));
    if (in_.peek().kind != Token::Kind::kHintEnd) return in_.unexpected("*/");
    in_.take();
  }
  return out;
}

Result<ast::Options> Parser::options() {
  ast::Options out;
  TRY(in_.expect_symbol("("));
  if (in_.accept_symbol(")")) return out;
  do {
    TRY_ASSIGN(std::string key, string_literal("an option's name in quotes"));
    TRY(in_.expect_symbol("="));
    TRY_ASSIGN(std::string value, string_literal("an option's value in quotes"));
    out.emplace_back(std::move(key), std::move(value));
  } while (in_.accept_symbol(","));
  if (in_.accept_symbol(")")) return out;
  return in_.unexpected("',' or ')'");
}

Result<ast::FunctionTable> Parser::table_function() {
  ast::FunctionTable out;
  const Token& token = in_.peek();
  if (token.kind != Token::Kind::kWord) return in_.unexpected("TUMBLE, HOP, CUMULATE or SESSION");
  out.function = token.upper;
  bool known =
      out.function == "TUMBLE" || out.function == "HOP" || out.function == "CUMULATE" || out.function == "SESSION";
  if (!known) return in_.unsupported_at(token.position, "the table function " + token.text);
  in_.take();
  TRY(in_.expect_symbol("("));
  do {
    TRY_ASSIGN(auto argument, table_argument());
    out.arguments.push_back(std::move(argument));
  } while (in_.accept_symbol(","));
  if (in_.accept_symbol(")")) return out;
  return in_.unexpected("',' or ')'");
}

Result<ast::FunctionTable::Argument> Parser::table_argument() {
  ast::FunctionTable::Argument out;
  out.position = in_.position();
  if (in_.symbol("=>", 1)) {
    out.name = upper_case(in_.take().text);
    in_.take();
  }
  ast::Position at = in_.position();
  if (in_.accept_word("DESCRIPTOR")) {
    TRY(in_.expect_symbol("("));
    TRY_ASSIGN(out.descriptor, name_path("a column's name"));
    TRY(in_.expect_symbol(")"));
    return out;
  }
  bool table = in_.accept_word("TABLE");
  if (!table && !(in_.symbol("(") && (in_.word("SELECT", 1) || in_.word("WITH", 1)))) {
    TRY_ASSIGN(out.value, expression());
    return out;
  }
  ast::TableRef ref;
  ref.position = at;
  if (in_.accept_symbol("(")) {
    TRY_ASSIGN(ast::QueryPtr inner, query());
    TRY(in_.expect_symbol(")"));
    ref.node = ast::DerivedTable{std::move(inner)};
  } else {
    ast::NamedTable named;
    TRY_ASSIGN(named.name, name_path("a table's name"));
    TRY_ASSIGN(named.hints, hints());
    ref.node = std::move(named);
  }
  out.table = std::make_shared<ast::TableRef>(std::move(ref));
  if (in_.accept_words({"PARTITION", "BY"})) {
    if (in_.accept_symbol("(")) {
      TRY_ASSIGN(out.partition_by, expression_list(")"));
    } else {
      TRY_ASSIGN(ast::ExprPtr key, expression());
      out.partition_by.push_back(std::move(key));
    }
  }
  return out;
}

}  // namespace leat
