#include "sql/parser.h"

#include "sql/parser_internal.h"

namespace leat {

Result<std::vector<ast::Statement>> parse_script(std::string_view script) {
  TRY_ASSIGN(std::vector<Token> tokens, tokenize(script));
  return Parser(script, tokens).script();
}

Result<ast::QueryPtr> parse_query(std::string_view text) {
  TRY_ASSIGN(std::vector<Token> tokens, tokenize(text));
  Parser parser(text, tokens);
  TRY_ASSIGN(ast::QueryPtr query, parser.query());
  if (!parser.cursor().at_end()) return parser.cursor().unexpected("the end of the query");
  return query;
}

bool is_complete(std::string_view text) {
  auto tokens = tokenize(text);
  if (!tokens) return tokens.error().message.find("has no end") == std::string::npos;
  if (tokens->size() < 2) return false;
  // Inside of a statement set semicolons separate; END closes it, unless it closes a CASE.
  bool in_set = false;
  int cases = 0;
  for (size_t i = 0; i + 1 < tokens->size(); ++i) {
    const Token& token = (*tokens)[i];
    if (token.is_word("STATEMENT") && (*tokens)[i + 1].is_word("SET")) in_set = true;
    if (token.is_word("CASE")) ++cases;
    if (!token.is_word("END")) continue;
    if (cases > 0)
      --cases;
    else if ((*tokens)[i + 1].is_symbol(";"))
      in_set = false;
  }
  return !in_set && (*tokens)[tokens->size() - 2].is_symbol(";");
}

}  // namespace leat
