// Expressions of the C++ API are SQL text, made with care for quotes and precedence.
#include <cstdio>
#include <string>

#include "api/quote.h"
#include "leat/leat.h"

namespace leat {
namespace {

Expression binary(const Expression& left, const char* op, const Expression& right) {
  return Expression("(" + left.sql() + " " + op + " " + right.sql() + ")");
}

Expression call(const char* function, const Expression& argument) {
  return Expression(std::string(function) + "(" + argument.sql() + ")");
}

}  // namespace

std::string quote_name(std::string_view name) {
  std::string out = "`";
  for (char c : name) out.append(c == '`' ? 2 : 1, c);
  return out + "`";
}

std::string quote_text(std::string_view text) {
  std::string out = "'";
  for (char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

Expression Expression::as(std::string_view name) const {
  return Expression(sql_ + " AS " + quote_name(name));
}

Expression col(std::string_view name) {
  return Expression(quote_name(name));
}
Expression lit(int64_t value) {
  return Expression("CAST(" + std::to_string(value) + " AS BIGINT)");
}
Expression lit(int value) {
  return Expression("(" + std::to_string(value) + ")");
}
Expression lit(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.17e", value);
  return Expression("(" + std::string(text) + ")");
}
Expression lit(bool value) {
  return Expression(value ? "TRUE" : "FALSE");
}
Expression lit(std::string_view text) {
  return Expression(quote_text(text));
}
Expression expr(std::string_view sql) {
  return Expression("(" + std::string(sql) + ")");
}

Expression operator==(const Expression& a, const Expression& b) {
  return binary(a, "=", b);
}
Expression operator!=(const Expression& a, const Expression& b) {
  return binary(a, "<>", b);
}
Expression operator<(const Expression& a, const Expression& b) {
  return binary(a, "<", b);
}
Expression operator<=(const Expression& a, const Expression& b) {
  return binary(a, "<=", b);
}
Expression operator>(const Expression& a, const Expression& b) {
  return binary(a, ">", b);
}
Expression operator>=(const Expression& a, const Expression& b) {
  return binary(a, ">=", b);
}
Expression operator+(const Expression& a, const Expression& b) {
  return binary(a, "+", b);
}
Expression operator-(const Expression& a, const Expression& b) {
  return binary(a, "-", b);
}
Expression operator*(const Expression& a, const Expression& b) {
  return binary(a, "*", b);
}
Expression operator/(const Expression& a, const Expression& b) {
  return binary(a, "/", b);
}
Expression operator&&(const Expression& a, const Expression& b) {
  return binary(a, "AND", b);
}
Expression operator||(const Expression& a, const Expression& b) {
  return binary(a, "OR", b);
}
Expression operator!(const Expression& a) {
  return Expression("(NOT " + a.sql() + ")");
}

Expression count() {
  return Expression("COUNT(*)");
}
Expression count(const Expression& a) {
  return call("COUNT", a);
}
Expression count_distinct(const Expression& a) {
  return Expression("COUNT(DISTINCT " + a.sql() + ")");
}
Expression sum(const Expression& a) {
  return call("SUM", a);
}
Expression avg(const Expression& a) {
  return call("AVG", a);
}
Expression min(const Expression& a) {
  return call("MIN", a);
}
Expression max(const Expression& a) {
  return call("MAX", a);
}

}  // namespace leat
