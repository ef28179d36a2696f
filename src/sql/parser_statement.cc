// Statements.
#include "sql/parser_internal.h"

namespace leat {

Result<std::vector<ast::Statement>> Parser::script() {
  std::vector<ast::Statement> out;
  while (true) {
    while (in_.accept_symbol(";")) {
    }
    if (in_.at_end()) return out;
    size_t begin = in_.peek().begin;
    TRY_ASSIGN(ast::Statement one, statement());
    one.text = std::string(in_.script().substr(begin, in_.previous().end - begin));
    TRY(end_of_statement());
    out.push_back(std::move(one));
  }
}

Status Parser::end_of_statement() {
  if (in_.at_end() || in_.accept_symbol(";")) return {};
  return in_.unexpected("';' or the end");
}

Result<ast::Statement> Parser::statement() {
  ast::Statement out;
  out.position = in_.position();
  if (starts_query() || in_.symbol("(")) {
    TRY_ASSIGN(out.node, query());
    return out;
  }
  if (in_.word("CREATE")) return create();
  if (in_.word("SET") || in_.word("RESET")) return set_or_reset();
  if (in_.word("EXPLAIN")) return explain();
  if (in_.word("SHOW")) return show();
  if (in_.word("DROP")) {
    TRY_ASSIGN(out.node, drop());
    return out;
  }
  if (in_.word("INSERT")) {
    TRY_ASSIGN(out.node, insert());
    return out;
  }
  bool begins_set = in_.word("BEGIN") && in_.word("STATEMENT", 1);
  if (in_.word("EXECUTE") && in_.word("INSERT", 1)) {
    in_.take();
    TRY_ASSIGN(out.node, insert());
    return out;
  }
  if (begins_set || (in_.word("EXECUTE") && in_.word("STATEMENT", 1))) {
    TRY_ASSIGN(out.node, statement_set());
    return out;
  }
  if (in_.accept_word("DESCRIBE") || in_.accept_word("DESC")) {
    in_.accept_word("TABLE");
    TRY_ASSIGN(std::string described, name("a table's name"));
    out.node = ast::Describe{std::move(described)};
    return out;
  }
  for (const char* refused : {"ALTER", "USE", "LOAD", "UNLOAD", "DELETE", "UPDATE", "TRUNCATE", "ANALYZE", "CALL",
                              "ADD", "REMOVE", "COMPILE", "EXECUTE", "STOP", "MERGE", "REPLACE", "BEGIN"}) {
    if (in_.word(refused)) return in_.unsupported_at(out.position, std::string("the statement ") + refused);
  }
  return in_.unexpected("a statement (SELECT, INSERT, CREATE, SET, EXPLAIN, SHOW, DESCRIBE, …)");
}

Result<ast::Statement> Parser::create() {
  ast::Statement out;
  out.position = in_.take().position;
  if (in_.word("OR") && in_.word("REPLACE", 1)) return in_.unsupported_at(in_.position(), "OR REPLACE");
  bool temporary = in_.accept_word("TEMPORARY");
  if (in_.accept_word("TABLE")) {
    TRY_ASSIGN(ast::CreateTable table, create_table());
    table.temporary = temporary;
    out.node = std::move(table);
    return out;
  }
  if (in_.accept_word("VIEW")) {
    TRY_ASSIGN(ast::CreateView view, create_view());
    view.temporary = temporary;
    out.node = std::move(view);
    return out;
  }
  for (const char* refused : {"FUNCTION", "CATALOG", "DATABASE", "MODEL", "MATERIALIZED", "SYSTEM"}) {
    if (in_.word(refused)) return in_.unsupported_at(in_.position(), std::string("CREATE ") + refused);
  }
  return in_.unexpected("TABLE or VIEW");
}

Result<ast::CreateTable> Parser::create_table() {
  ast::CreateTable out;
  out.if_not_exists = in_.accept_words({"IF", "NOT", "EXISTS"});
  TRY_ASSIGN(out.name, name("a table's name"));
  if (in_.symbol("(")) {
    in_.take();
    do {
      TRY(table_element(out));
    } while (in_.accept_symbol(","));
    if (!in_.accept_symbol(")")) return in_.unexpected("',' or ')'");
  }
  if (in_.accept_word("COMMENT")) {
    TRY_ASSIGN(out.comment, string_literal("a comment in quotes"));
  }
  if (in_.word("DISTRIBUTED")) return in_.unsupported_at(in_.position(), "DISTRIBUTED BY");
  if (in_.accept_words({"PARTITIONED", "BY"})) {
    TRY_ASSIGN(out.partitioned_by, name_list());
  }
  if (in_.accept_word("WITH")) {
    TRY_ASSIGN(out.options, options());
  }
  if (in_.word("LIKE")) return in_.unsupported_at(in_.position(), "CREATE TABLE … LIKE");
  if (in_.word("AS")) return in_.unsupported_at(in_.position(), "CREATE TABLE … AS");
  return out;
}

Status Parser::table_element(ast::CreateTable& out) {
  if (in_.word("WATERMARK") && in_.word("FOR", 1)) {
    TRY_ASSIGN(ast::WatermarkDefinition definition, watermark());
    out.watermarks.push_back(std::move(definition));
    return {};
  }
  if (in_.word("CONSTRAINT")) {
    in_.take();
    TRY_ASSIGN(std::string ignored, name("a constraint's name"));
    if (!in_.word("PRIMARY")) return in_.unexpected("PRIMARY KEY");
  }
  if (in_.word("PRIMARY") && in_.word("KEY", 1)) {
    ast::Position at = in_.take().position;
    in_.take();
    if (!out.primary_key.empty()) return in_.error_at(at, "a table has one primary key");
    TRY_ASSIGN(out.primary_key, name_list());
    if (!in_.accept_words({"NOT", "ENFORCED"})) return in_.unexpected("NOT ENFORCED (keys are not checked)");
    return {};
  }
  if (in_.word("UNIQUE")) return in_.unsupported_at(in_.position(), "UNIQUE");
  TRY_ASSIGN(ast::ColumnDefinition column, column_definition());
  if (column.primary_key) {
    if (!out.primary_key.empty()) return in_.error_at(column.position, "a table has one primary key");
    out.primary_key = {column.name};
  }
  out.columns.push_back(std::move(column));
  return {};
}

Result<ast::ColumnDefinition> Parser::column_definition() {
  ast::ColumnDefinition out;
  out.position = in_.position();
  TRY_ASSIGN(out.name, name("a column's name"));
  if (in_.accept_word("AS")) {
    TRY_ASSIGN(out.computed, expression());
  } else {
    TRY_ASSIGN(out.type, type());
    if (in_.accept_word("METADATA")) {
      out.metadata = true;
      if (in_.accept_word("FROM")) {
        TRY_ASSIGN(out.metadata_key, string_literal("a metadata key in quotes"));
      }
      out.is_virtual = in_.accept_word("VIRTUAL");
    }
    if (in_.accept_words({"PRIMARY", "KEY"})) {
      out.primary_key = true;
      if (!in_.accept_words({"NOT", "ENFORCED"})) return in_.unexpected("NOT ENFORCED (keys are not checked)");
    }
  }
  if (in_.accept_word("COMMENT")) {
    TRY_ASSIGN(out.comment, string_literal("a comment in quotes"));
  }
  return out;
}

Result<ast::WatermarkDefinition> Parser::watermark() {
  ast::WatermarkDefinition out;
  out.position = in_.take().position;
  in_.take();
  TRY_ASSIGN(out.column, name_path("a column's name"));
  TRY(in_.expect_word("AS"));
  TRY_ASSIGN(out.expr, expression());
  return out;
}

Result<ast::CreateView> Parser::create_view() {
  ast::CreateView out;
  out.if_not_exists = in_.accept_words({"IF", "NOT", "EXISTS"});
  TRY_ASSIGN(out.name, name("a view's name"));
  if (in_.symbol("(")) {
    TRY_ASSIGN(out.columns, name_list());
  }
  if (in_.accept_word("COMMENT")) {
    TRY_ASSIGN(out.comment, string_literal("a comment in quotes"));
  }
  TRY(in_.expect_word("AS"));
  TRY_ASSIGN(out.query, query());
  return out;
}

Result<ast::Drop> Parser::drop() {
  in_.take();
  ast::Drop out;
  out.temporary = in_.accept_word("TEMPORARY");
  if (in_.accept_word("VIEW")) {
    out.view = true;
  } else if (!in_.accept_word("TABLE")) {
    for (const char* refused : {"FUNCTION", "CATALOG", "DATABASE", "MODEL", "MATERIALIZED"}) {
      if (in_.word(refused)) return in_.unsupported_at(in_.position(), std::string("DROP ") + refused);
    }
    return in_.unexpected("TABLE or VIEW");
  }
  out.if_exists = in_.accept_words({"IF", "EXISTS"});
  TRY_ASSIGN(out.name, name("a name"));
  return out;
}

Result<ast::Insert> Parser::insert() {
  ast::Insert out;
  out.position = in_.take().position;
  if (in_.word("OVERWRITE")) return in_.unsupported_at(in_.position(), "INSERT OVERWRITE");
  TRY(in_.expect_word("INTO"));
  TRY_ASSIGN(out.table, name("a table's name"));
  TRY_ASSIGN(out.hints, hints());
  if (in_.word("PARTITION")) return in_.unsupported_at(in_.position(), "INSERT INTO … PARTITION");
  if (in_.symbol("(") && !in_.word("SELECT", 1) && !in_.word("WITH", 1) && !in_.word("VALUES", 1) &&
      !in_.symbol("(", 1)) {
    TRY_ASSIGN(out.columns, name_list());
  }
  TRY_ASSIGN(out.query, query());
  return out;
}

// EXECUTE STATEMENT SET BEGIN …; END, and the older BEGIN STATEMENT SET; …; END.
Result<ast::StatementSet> Parser::statement_set() {
  ast::Position at = in_.position();
  if (in_.accept_words({"EXECUTE", "STATEMENT", "SET"})) {
    TRY(in_.expect_word("BEGIN"));
  } else {
    in_.take();
    in_.take();
    TRY(in_.expect_word("SET"));
    TRY(in_.expect_symbol(";"));
  }
  ast::StatementSet out;
  while (!in_.accept_word("END")) {
    if (!in_.word("INSERT")) return in_.unexpected("INSERT INTO or END");
    TRY_ASSIGN(ast::Insert one, insert());
    out.inserts.push_back(std::move(one));
    if (!in_.accept_symbol(";")) return in_.unexpected("';'");
  }
  if (out.inserts.empty()) return in_.error_at(at, "a statement set holds at least one INSERT INTO");
  return out;
}

Result<ast::Statement> Parser::set_or_reset() {
  ast::Statement out;
  out.position = in_.position();
  bool resets = in_.take().upper == "RESET";
  auto key = [this]() -> Result<std::string> {
    if (in_.peek().kind == Token::Kind::kString) return in_.take().text;
    std::string joined;
    do {
      if (in_.peek().kind != Token::Kind::kWord) return in_.unexpected("a setting's name");
      joined += (joined.empty() ? "" : ".") + in_.take().text;
      while (in_.accept_symbol("-")) joined += "-" + in_.take().text;
    } while (in_.accept_symbol("."));
    return joined;
  };
  bool bare = in_.at_end() || in_.symbol(";");
  if (resets) {
    ast::ResetOption reset;
    if (!bare) {
      TRY_ASSIGN(reset.key, key());
    }
    out.node = std::move(reset);
    return out;
  }
  ast::SetOption set;
  if (!bare) {
    TRY_ASSIGN(set.key, key());
    TRY(in_.expect_symbol("="));
    if (in_.at_end() || in_.symbol(";")) return in_.unexpected("a value");
    if (in_.peek().kind == Token::Kind::kString) {
      set.value = in_.take().text;
    } else {
      // Without quotes: the text up to the semicolon.
      size_t begin = in_.peek().begin;
      while (!in_.at_end() && !in_.symbol(";")) in_.take();
      set.value = std::string(in_.script().substr(begin, in_.previous().end - begin));
    }
  }
  out.node = std::move(set);
  return out;
}

Result<ast::Statement> Parser::explain() {
  Depth depth(*this);
  TRY(check_depth());
  ast::Statement out;
  out.position = in_.take().position;
  if (!in_.accept_words({"PLAN", "FOR"})) {
    while (in_.word("ESTIMATED_COST") || in_.word("CHANGELOG_MODE") || in_.word("JSON_EXECUTION_PLAN") ||
           in_.word("PLAN_ADVICE")) {
      in_.take();
      in_.accept_symbol(",");
    }
  }
  auto explained = std::make_shared<ast::Explain>();
  ast::Position at = in_.position();
  TRY_ASSIGN(explained->statement, statement());
  const auto& node = explained->statement.node;
  if (!std::holds_alternative<ast::QueryPtr>(node) && !std::holds_alternative<ast::Insert>(node) &&
      !std::holds_alternative<ast::StatementSet>(node)) {
    return in_.error_at(at, "only queries, INSERT INTO and statement sets can be explained");
  }
  out.node = std::shared_ptr<const ast::Explain>(std::move(explained));
  return out;
}

Result<ast::Statement> Parser::show() {
  ast::Statement out;
  out.position = in_.take().position;
  ast::Show show;
  for (const char* what : {"TABLES", "VIEWS", "FUNCTIONS", "JOBS"}) {
    if (in_.accept_word(what)) show.what = what;
  }
  if (in_.accept_words({"CREATE", "TABLE"})) show.what = "CREATE TABLE";
  if (in_.accept_words({"CREATE", "VIEW"})) show.what = "CREATE VIEW";
  if (show.what.empty()) return in_.unexpected("TABLES, VIEWS, FUNCTIONS, CREATE TABLE or CREATE VIEW");
  if (show.what.starts_with("CREATE")) {
    TRY_ASSIGN(show.name, name("a name"));
  }
  out.node = std::move(show);
  return out;
}

}  // namespace leat
