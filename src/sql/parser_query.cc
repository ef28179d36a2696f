// Queries.
#include "sql/parser_internal.h"

namespace leat {
namespace {

ast::QueryPtr wrap(ast::Position at, decltype(ast::Query::body) body) {
  auto out = std::make_shared<ast::Query>();
  out->position = at;
  out->body = std::move(body);
  return out;
}

}  // namespace

Result<ast::QueryPtr> Parser::query() {
  Depth depth(*this);
  TRY(check_depth());
  std::vector<ast::CommonTable> with;
  ast::Position at = in_.position();
  if (in_.word("WITH")) {
    TRY_ASSIGN(with, common_tables());
  }
  TRY_ASSIGN(ast::QueryPtr body, query_body());
  ast::Query out = *body;
  // What is ordered or has CTEs of its own already (in parentheses) stays whole, as a derived table would.
  bool own = !out.with.empty() || !out.order_by.empty() || out.limit || out.offset;
  bool more = !with.empty() || in_.word("ORDER") || in_.word("LIMIT") || in_.word("OFFSET") || in_.word("FETCH");
  if (own && more) {
    ast::Select all;
    all.items.push_back({make(at, ast::Star{}), ""});
    all.from.push_back(std::make_shared<ast::TableRef>(ast::TableRef{at, ast::DerivedTable{body}, "", {}}));
    out = ast::Query{};
    out.body = std::move(all);
  }
  out.position = at;
  if (!with.empty()) out.with = std::move(with);
  TRY(order_and_limit(out));
  return ast::QueryPtr(std::make_shared<ast::Query>(std::move(out)));
}

Result<std::vector<ast::CommonTable>> Parser::common_tables() {
  in_.take();
  std::vector<ast::CommonTable> out;
  do {
    ast::CommonTable table;
    table.position = in_.position();
    TRY_ASSIGN(table.name, name("a name"));
    if (in_.symbol("(")) {
      TRY_ASSIGN(table.columns, name_list());
    }
    TRY(in_.expect_word("AS"));
    TRY(in_.expect_symbol("("));
    TRY_ASSIGN(table.query, query());
    TRY(in_.expect_symbol(")"));
    out.push_back(std::move(table));
  } while (in_.accept_symbol(","));
  return out;
}

// UNION and EXCEPT bind alike, INTERSECT tighter.
Result<ast::QueryPtr> Parser::query_body() {
  TRY_ASSIGN(ast::QueryPtr left, query_term());
  for (int length = 0; in_.word("UNION") || in_.word("EXCEPT") || in_.word("MINUS"); ++length) {
    if (length == kDepthMax) return in_.error("more than 200 set operations in a row");
    const Token& token = in_.take();
    ast::SetOperation operation{token.upper == "UNION" ? "UNION" : "EXCEPT", false, std::move(left), nullptr,
                                token.position};
    operation.all = in_.accept_word("ALL");
    if (!operation.all) in_.accept_word("DISTINCT");
    ast::Position at = token.position;
    TRY_ASSIGN(operation.right, query_term());
    left = wrap(at, std::move(operation));
  }
  return left;
}

Result<ast::QueryPtr> Parser::query_term() {
  TRY_ASSIGN(ast::QueryPtr left, query_primary());
  while (in_.word("INTERSECT")) {
    ast::Position at = in_.take().position;
    ast::SetOperation operation{"INTERSECT", in_.accept_word("ALL"), std::move(left), nullptr, at};
    TRY_ASSIGN(operation.right, query_primary());
    left = wrap(at, std::move(operation));
  }
  return left;
}

Result<ast::QueryPtr> Parser::query_primary() {
  ast::Position at = in_.position();
  if (in_.word("SELECT")) {
    TRY_ASSIGN(ast::Select body, select());
    return wrap(at, std::move(body));
  }
  if (in_.word("VALUES")) {
    TRY_ASSIGN(ast::Values body, values());
    return wrap(at, std::move(body));
  }
  if (in_.word("TABLE") && !in_.symbol("(", 1)) return in_.unsupported_at(at, "TABLE as a query; use SELECT * FROM");
  if (!in_.accept_symbol("(")) return in_.unexpected("SELECT, VALUES, WITH or '('");
  TRY_ASSIGN(ast::QueryPtr inner, query());
  TRY(in_.expect_symbol(")"));
  return inner;
}

Result<ast::Values> Parser::values() {
  in_.take();
  ast::Values out;
  do {
    if (in_.accept_word("ROW")) {
      TRY(in_.expect_symbol("("));
    } else if (!in_.accept_symbol("(")) {
      TRY_ASSIGN(ast::ExprPtr single, expression());
      out.rows.push_back({std::move(single)});
      continue;
    }
    TRY_ASSIGN(auto row, expression_list(")"));
    if (row.empty()) return in_.unexpected("a value");
    out.rows.push_back(std::move(row));
  } while (in_.accept_symbol(","));
  return out;
}

Result<ast::Select> Parser::select() {
  in_.take();
  if (in_.peek().kind == Token::Kind::kHintBegin) return in_.unsupported_at(in_.position(), "hints behind SELECT");
  ast::Select out;
  out.distinct = in_.accept_word("DISTINCT");
  if (!out.distinct) in_.accept_word("ALL");
  do {
    TRY_ASSIGN(ast::SelectItem item, select_item());
    out.items.push_back(std::move(item));
  } while (in_.accept_symbol(","));
  if (in_.accept_word("FROM")) {
    do {
      TRY_ASSIGN(ast::TableRefPtr table, table_ref());
      out.from.push_back(std::move(table));
    } while (in_.accept_symbol(","));
  }
  if (in_.word("MATCH_RECOGNIZE")) return in_.unsupported_at(in_.position(), "MATCH_RECOGNIZE");
  if (in_.accept_word("WHERE")) {
    TRY_ASSIGN(out.where, expression());
  }
  if (in_.accept_word("GROUP")) {
    TRY(in_.expect_word("BY"));
    out.grouped = true;
    TRY_ASSIGN(out.group_by, group_by());
  }
  if (in_.accept_word("HAVING")) {
    TRY_ASSIGN(out.having, expression());
  }
  if (in_.word("WINDOW")) return in_.unsupported_at(in_.position(), "the WINDOW clause");
  if (in_.word("QUALIFY")) return in_.unsupported_at(in_.position(), "QUALIFY");
  return out;
}

Result<ast::SelectItem> Parser::select_item() {
  ast::SelectItem out;
  TRY_ASSIGN(out.value, expression());
  bool named = in_.accept_word("AS");
  bool bare = in_.peek().kind == Token::Kind::kQuotedName ||
              (in_.peek().kind == Token::Kind::kWord && !in_.word("FROM") && !in_.word("WHERE") && !in_.word("GROUP") &&
               !in_.word("HAVING") && !in_.word("ORDER") && !in_.word("LIMIT") && !in_.word("UNION") &&
               !in_.word("OFFSET") && !in_.word("FETCH") && !in_.word("EXCEPT") && !in_.word("INTERSECT") &&
               !in_.word("MINUS") && !in_.word("WINDOW") && !in_.word("QUALIFY") && !in_.word("END"));
  if (named || bare) {
    TRY_ASSIGN(out.alias, name("a column's name"));
  }
  return out;
}

Result<std::vector<ast::GroupItem>> Parser::group_by() {
  std::vector<ast::GroupItem> out;
  do {
    TRY_ASSIGN(ast::GroupItem item, group_item());
    out.push_back(std::move(item));
  } while (in_.accept_symbol(","));
  return out;
}

Result<ast::GroupItem> Parser::group_item() {
  ast::GroupItem out;
  out.position = in_.position();
  if (in_.accept_words({"GROUPING", "SETS"}))
    out.kind = ast::GroupItem::Kind::kSets;
  else if (in_.word("ROLLUP") && in_.symbol("(", 1))
    in_.take(), out.kind = ast::GroupItem::Kind::kRollup;
  else if (in_.word("CUBE") && in_.symbol("(", 1))
    in_.take(), out.kind = ast::GroupItem::Kind::kCube;
  if (out.kind == ast::GroupItem::Kind::kExpression) {
    TRY_ASSIGN(auto set, group_set());
    out.sets.push_back(std::move(set));
    return out;
  }
  TRY(in_.expect_symbol("("));
  do {
    TRY_ASSIGN(auto set, group_set());
    out.sets.push_back(std::move(set));
  } while (in_.accept_symbol(","));
  TRY(in_.expect_symbol(")"));
  return out;
}

// (a, b), (), or one expression.
Result<std::vector<ast::ExprPtr>> Parser::group_set() {
  if (in_.symbol("(") && in_.symbol(")", 1)) {
    in_.take();
    in_.take();
    return std::vector<ast::ExprPtr>();
  }
  TRY_ASSIGN(ast::ExprPtr value, expression());
  if (const auto* row = std::get_if<ast::RowConstructor>(&value->node)) return row->values;
  return std::vector<ast::ExprPtr>{std::move(value)};
}

Status Parser::order_and_limit(ast::Query& out) {
  if (in_.accept_word("ORDER")) {
    TRY(in_.expect_word("BY"));
    do {
      ast::OrderItem item;
      TRY_ASSIGN(item.value, expression());
      item.descending = in_.accept_word("DESC");
      if (!item.descending) in_.accept_word("ASC");
      if (in_.accept_words({"NULLS", "FIRST"}))
        item.nulls_first = true;
      else if (in_.accept_words({"NULLS", "LAST"}))
        item.nulls_first = false;
      out.order_by.push_back(std::move(item));
    } while (in_.accept_symbol(","));
  }
  while (true) {
    if (in_.accept_word("LIMIT")) {
      if (in_.accept_word("ALL")) continue;
      TRY_ASSIGN(out.limit, integer("a number of rows"));
    } else if (in_.accept_word("OFFSET")) {
      TRY_ASSIGN(out.offset, integer("a number of rows"));
      if (!in_.accept_word("ROWS")) in_.accept_word("ROW");
    } else if (in_.accept_word("FETCH")) {
      if (!in_.accept_word("FIRST")) TRY(in_.expect_word("NEXT"));
      TRY_ASSIGN(out.limit, integer("a number of rows"));
      if (!in_.accept_word("ROWS")) TRY(in_.expect_word("ROW"));
      TRY(in_.expect_word("ONLY"));
    } else {
      return {};
    }
  }
}

}  // namespace leat
