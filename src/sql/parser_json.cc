// Calls of JSON functions, whose clauses become arguments: STRING literals for what to do, a NULL of the type that
// RETURNING names.
#include "sql/parser_internal.h"

namespace leat {

namespace {

struct Choice {
  std::string text;
  ast::ExprPtr fallback;  // DEFAULT's value.
};

}  // namespace

Result<ast::ExprPtr> Parser::json_call(const std::string& function) {
  ast::Position at = in_.take().position;
  in_.take();
  ast::Call out;
  out.name = function;
  if (function == "JSON_OBJECT" || function == "JSON_ARRAY") {
    TRY(json_members(out, function == "JSON_OBJECT"));
  } else {
    TRY_ASSIGN(ast::ExprPtr value, expression());
    TRY(in_.expect_symbol(","));
    TRY_ASSIGN(ast::ExprPtr path, expression());
    out.args = {std::move(value), std::move(path)};
    if (function == "JSON_EXISTS") {
      TRY(json_exists_clause(out));
    } else {
      TRY(json_query_clauses(out, function == "JSON_VALUE"));
    }
  }
  TRY(in_.expect_symbol(")"));
  return make(at, std::move(out));
}

// [{TRUE | FALSE | UNKNOWN | ERROR} ON ERROR]
Status Parser::json_exists_clause(ast::Call& out) {
  ast::Position at = in_.position();
  std::string behavior = "FALSE";
  for (const char* word : {"TRUE", "FALSE", "UNKNOWN", "ERROR"}) {
    if (!in_.accept_word(word)) continue;
    behavior = word;
    TRY(in_.expect_word("ON"));
    TRY(in_.expect_word("ERROR"));
    break;
  }
  out.args.push_back(text(at, std::move(behavior)));
  return {};
}

// [RETURNING type] [{WITHOUT | WITH [CONDITIONAL | UNCONDITIONAL]} [ARRAY] WRAPPER] [… ON EMPTY] [… ON ERROR]
Status Parser::json_query_clauses(ast::Call& out, bool is_value) {
  ast::Position at = in_.position();
  ast::Cast returning;
  returning.value = make(at, ast::NullLiteral{});
  returning.type.position = at;
  returning.type.name = "STRING";
  if (in_.accept_word("RETURNING")) {
    // Without NULL or NOT NULL: NULL is where the next clause begins.
    TRY_ASSIGN(returning.type, base_type());
  }
  out.args.push_back(make(at, std::move(returning)));
  if (!is_value) {
    TRY_ASSIGN(std::string wrapper, json_wrapper());
    out.args.push_back(text(at, std::move(wrapper)));
  }
  Choice on_empty{"NULL", make(at, ast::NullLiteral{})}, on_error = on_empty;
  for (bool more = true; more;) {
    Choice choice{"", make(at, ast::NullLiteral{})};
    if (in_.accept_words({"EMPTY", "ARRAY"})) {
      choice.text = "EMPTY ARRAY";
    } else if (in_.accept_words({"EMPTY", "OBJECT"})) {
      choice.text = "EMPTY OBJECT";
    } else if (in_.accept_word("NULL")) {
      choice.text = "NULL";
    } else if (in_.accept_word("ERROR")) {
      choice.text = "ERROR";
    } else if (is_value && in_.accept_word("DEFAULT")) {
      choice.text = "DEFAULT";
      TRY_ASSIGN(choice.fallback, expression());
    } else {
      break;
    }
    TRY(in_.expect_word("ON"));
    more = in_.accept_word("EMPTY");
    if (!more) TRY(in_.expect_word("ERROR"));
    (more ? on_empty : on_error) = std::move(choice);
  }
  for (Choice* choice : {&on_empty, &on_error}) {
    out.args.push_back(text(at, std::move(choice->text)));
    if (is_value) out.args.push_back(std::move(choice->fallback));
  }
  return {};
}

Result<std::string> Parser::json_wrapper() {
  std::string wrapper = "WITHOUT";
  if (in_.accept_word("WITH")) {
    wrapper = in_.accept_word("CONDITIONAL") ? "CONDITIONAL" : "UNCONDITIONAL";
    in_.accept_word("UNCONDITIONAL");
  } else if (!in_.accept_word("WITHOUT")) {
    return wrapper;
  }
  in_.accept_word("ARRAY");
  TRY(in_.expect_word("WRAPPER"));
  return wrapper;
}

// [KEY] key {VALUE | :} value, … or value, …; then [{NULL | ABSENT} ON NULL]
Status Parser::json_members(ast::Call& out, bool with_keys) {
  ast::Position at = in_.position();
  std::string on_null = with_keys ? "NULL" : "ABSENT";
  const auto clause = [&] {
    for (const char* word : {"NULL", "ABSENT"}) {
      if (in_.accept_words({word, "ON", "NULL"})) on_null = word;
    }
  };
  clause();
  while (!in_.symbol(")")) {
    if (with_keys) {
      if (in_.word("KEY") && !in_.symbol(",", 1) && !in_.symbol(":", 1)) in_.take();
      TRY_ASSIGN(ast::ExprPtr key, expression());
      if (!in_.accept_word("VALUE") && !in_.accept_symbol(":")) return in_.unexpected("VALUE");
      out.args.push_back(std::move(key));
    }
    TRY_ASSIGN(ast::ExprPtr value, expression());
    out.args.push_back(std::move(value));
    clause();
    if (!in_.accept_symbol(",")) break;
  }
  out.args.insert(out.args.begin(), text(at, std::move(on_null)));
  return {};
}

}  // namespace leat
