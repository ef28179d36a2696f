// Expressions of the C++ API are SQL text, made with care for quotes and precedence.
#include "leat/expression.h"

#include <cstdio>

#include "api/quote.h"

namespace leat {

Expression Expression::of_sql(std::string sql) {
  Expression out;
  out.sql_ = std::move(sql);
  return out;
}

Expression Expression::binary(const Expression& left, const char* op, const Expression& right) {
  return of_sql("(" + left.sql_ + " " + op + " " + right.sql_ + ")");
}

Expression::Expression(bool value) : sql_(value ? "TRUE" : "FALSE") {}

Expression::Expression(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "(%.17e)", value);
  sql_ = text;
}

Expression::Expression(std::string_view text) : sql_(quote_text(text)) {}

Expression::Expression(Timestamp value) : sql_("TIMESTAMP '" + to_text(value) + "'") {}

Expression::Expression(std::chrono::milliseconds value) : sql_(interval_sql(value)) {}

Expression::Expression(Integer value) {
  std::string digits = std::to_string(value.value);
  sql_ = value.wide ? "CAST(" + digits + " AS BIGINT)" : value.value < 0 ? "(" + digits + ")" : digits;
}

NamedExpression Expression::as(std::string_view name) const {
  return NamedExpression(*this, name);
}

Expression Expression::is_null() const {
  return of_sql("(" + sql_ + " IS NULL)");
}

Expression Expression::is_not_null() const {
  return of_sql("(" + sql_ + " IS NOT NULL)");
}

Expression Expression::cast(std::string_view sql_type) const {
  return of_sql("CAST(" + sql_ + " AS " + std::string(sql_type) + ")");
}

Expression col(std::string_view name) {
  Expression out = Expression::of_sql(quote_name(name));
  out.is_column_ = true;
  return out;
}

Expression expr(std::string_view sql) {
  return Expression::of_sql("(" + std::string(sql) + ")");
}

Expression call_on(std::string_view function, const std::vector<Expression>& arguments) {
  std::string list;
  for (const Expression& argument : arguments) list += (list.empty() ? "" : ", ") + argument.sql();
  return Expression::of_sql(std::string(function) + "(" + list + ")");
}

Aggregation::Aggregation(std::string_view function, const std::vector<NamedExpression>& arguments)
    : function_(function) {
  for (const NamedExpression& argument : arguments) {
    arguments_ += (arguments_.empty() ? "" : ", ") + argument.expression().sql();
  }
  if (arguments.empty()) arguments_ = "*";
}

Aggregation Aggregation::distinct() const {
  Aggregation out = *this;
  out.distinct_ = true;
  return out;
}

Aggregation Aggregation::where(const Expression& filter) const {
  Aggregation out = *this;
  out.filter_ = filter.sql();
  return out;
}

Aggregation Aggregation::as(std::string_view name) const {
  Aggregation out = *this;
  out.name_ = name;
  return out;
}

std::string Aggregation::sql() const {
  return function_ + "(" + (distinct_ ? "DISTINCT " : "") + arguments_ + ")" +
         (filter_.empty() ? "" : " FILTER (WHERE " + filter_ + ")");
}

}  // namespace leat
