#pragma once
// The parser's parts: types, expressions, queries, statements. One class over one cursor, a source file for each part.
#include <string>
#include <vector>

#include "sql/ast.h"
#include "sql/token_cursor.h"

namespace leat {

class Parser {
 public:
  Parser(std::string_view script, const std::vector<Token>& tokens) : in_(script, tokens) {}

  // parser_statement.cc
  Result<std::vector<ast::Statement>> script();
  // parser_query.cc
  Result<ast::QueryPtr> query();
  // parser_expression.cc
  Result<ast::ExprPtr> expression();
  // parser_type.cc
  Result<ast::Type> type();

  TokenCursor& cursor() { return in_; }

 private:
  using ExprResult = Result<ast::ExprPtr>;

  // Counts nesting: the tree is walked recursively, so its depth is limited.
  class Depth;
  static constexpr int kDepthMax = 200;
  Status check_depth() const;

  // Names and small things.
  Result<std::string> name(const char* what);
  Result<std::vector<std::string>> name_path(const char* what);
  Result<std::vector<std::string>> name_list();
  Result<std::string> string_literal(const char* what);
  Result<int64_t> integer(const char* what);
  Result<ast::Options> options();
  Result<ast::Options> hints();

  // Types.
  Result<ast::Type> base_type();
  Status type_precision(ast::Type&, bool with_scale);
  Result<std::vector<ast::TypeField>> row_fields(std::string_view close);
  Status time_zone_suffix(ast::Type&);
  Status interval_type(ast::Type&);

  // Expressions, loosest first.
  ExprResult or_expression();
  ExprResult and_expression();
  ExprResult not_expression();
  ExprResult is_expression();
  ExprResult comparison();
  ExprResult range();
  ExprResult additive();
  ExprResult multiplicative();
  ExprResult unary();
  ExprResult postfix();
  ExprResult primary();
  ExprResult binary_chain(ExprResult (Parser::*operand)(), std::initializer_list<std::string_view> operators);
  Result<std::optional<std::string>> is_suffix();
  ExprResult between(ast::ExprPtr value, bool negated);
  ExprResult in_list(ast::ExprPtr value, bool negated);
  ExprResult like(ast::ExprPtr value, bool negated, std::string op);
  ExprResult word_primary();
  ExprResult parenthesised();
  ExprResult case_expression();
  ExprResult cast(bool safe);
  ExprResult interval();
  ExprResult function_call();
  ExprResult special_call(const std::string& upper, bool& handled);
  ExprResult extract();
  ExprResult floor_or_ceil(const std::string& name);
  ExprResult trim();
  ExprResult substring();
  ExprResult overlay();
  ExprResult position_function();
  ExprResult timestamp_arithmetic(const std::string& name);
  ExprResult overlaps(ast::ExprPtr left);
  ExprResult interval_between(ast::ExprPtr value);
  ExprResult json_call(const std::string& name);
  Status json_exists_clause(ast::Call&);
  Status json_query_clauses(ast::Call&, bool is_value);
  Result<std::string> json_wrapper();
  Status json_members(ast::Call&, bool with_keys);
  ExprResult constructor(char kind);
  Status call_arguments(ast::Call&);
  Status call_suffixes(ast::Call&);
  Result<std::vector<ast::ExprPtr>> expression_list(std::string_view close);
  Result<std::string> time_unit();
  ast::ExprPtr make(ast::Position, decltype(ast::Expr::node)) const;
  ast::ExprPtr text(ast::Position, std::string) const;
  bool starts_query() const;

  // Queries.
  Result<ast::QueryPtr> query_body();
  Result<ast::QueryPtr> query_term();
  Result<ast::QueryPtr> query_primary();
  Result<ast::Select> select();
  Result<ast::SelectItem> select_item();
  Result<std::vector<ast::CommonTable>> common_tables();
  Status order_and_limit(ast::Query&);
  Result<std::vector<ast::GroupItem>> group_by();
  Result<ast::GroupItem> group_item();
  Result<std::vector<ast::ExprPtr>> group_set();
  Result<ast::TableRefPtr> table_ref();
  Result<ast::TableRefPtr> table_primary();
  Result<std::optional<std::string>> join_kind();
  Result<ast::FunctionTable> table_function();
  Result<ast::FunctionTable::Argument> table_argument();
  Result<ast::Values> values();
  Status alias(ast::TableRef&);

  // Statements.
  Result<ast::Statement> statement();
  Result<ast::Statement> create();
  Result<ast::CreateTable> create_table();
  Status table_element(ast::CreateTable&);
  Result<ast::ColumnDefinition> column_definition();
  Result<ast::WatermarkDefinition> watermark();
  Result<ast::CreateView> create_view();
  Result<ast::Drop> drop();
  Result<ast::Insert> insert();
  Result<ast::StatementSet> statement_set();
  Result<ast::Statement> set_or_reset();
  Result<ast::Statement> explain();
  Result<ast::Statement> show();
  Status end_of_statement();

  TokenCursor in_;
  int depth_ = 0;
};

class Parser::Depth {
 public:
  explicit Depth(Parser& parser) : parser_(parser) { ++parser_.depth_; }
  ~Depth() { --parser_.depth_; }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;

 private:
  Parser& parser_;
};

}  // namespace leat
