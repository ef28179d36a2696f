#pragma once
// Expressions over a stream's columns, with the meaning that they have in SQL: NULL is neither true nor false, + of a
// TIMESTAMP and an INTERVAL is a TIMESTAMP, and so on.
//
//   col("delay") > 15 && col("origin") != "SFO"
//   call("UPPER", col("origin"))
//   expr("CASE WHEN delay > 15 THEN 'late' ELSE 'fine' END")     // Whatever is not here is written as SQL.
#include <chrono>
#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "leat/row.h"

namespace leat {

class NamedExpression;

class Expression {
 public:
  // Constants. Text is a text: a column is col("name"), and SQL is expr("…").
  Expression(bool);
  Expression(double);
  Expression(std::string_view);
  Expression(const std::string& text) : Expression(std::string_view(text)) {}
  Expression(const char* text) : Expression(std::string_view(text)) {}
  Expression(Timestamp);
  Expression(std::chrono::milliseconds);  // An INTERVAL.
  template <std::integral T>
  requires(!std::same_as<T, bool>) Expression(T value)
      : Expression(Integer{static_cast<int64_t>(value), sizeof(T) > 4 || std::same_as<T, uint32_t>}) {}

  NamedExpression as(std::string_view name) const;  // For select() and group_by().
  Expression is_null() const;
  Expression is_not_null() const;
  Expression cast(std::string_view sql_type) const;  // cast("DECIMAL(10, 2)")
  const std::string& sql() const { return sql_; }

  friend Expression operator==(const Expression& a, const Expression& b) { return binary(a, "=", b); }
  friend Expression operator!=(const Expression& a, const Expression& b) { return binary(a, "<>", b); }
  friend Expression operator<(const Expression& a, const Expression& b) { return binary(a, "<", b); }
  friend Expression operator<=(const Expression& a, const Expression& b) { return binary(a, "<=", b); }
  friend Expression operator>(const Expression& a, const Expression& b) { return binary(a, ">", b); }
  friend Expression operator>=(const Expression& a, const Expression& b) { return binary(a, ">=", b); }
  friend Expression operator+(const Expression& a, const Expression& b) { return binary(a, "+", b); }
  friend Expression operator-(const Expression& a, const Expression& b) { return binary(a, "-", b); }
  friend Expression operator*(const Expression& a, const Expression& b) { return binary(a, "*", b); }
  friend Expression operator/(const Expression& a, const Expression& b) { return binary(a, "/", b); }
  friend Expression operator%(const Expression& a, const Expression& b) { return binary(a, "%", b); }
  friend Expression operator&&(const Expression& a, const Expression& b) { return binary(a, "AND", b); }
  friend Expression operator||(const Expression& a, const Expression& b) { return binary(a, "OR", b); }
  friend Expression operator!(const Expression& a) { return of_sql("(NOT " + a.sql_ + ")"); }

 private:
  friend Expression col(std::string_view name);
  friend Expression expr(std::string_view sql);
  friend Expression call_on(std::string_view function, const std::vector<Expression>& arguments);
  friend class NamedExpression;
  struct Integer {
    int64_t value;
    bool wide;  // BIGINT.
  };
  explicit Expression(Integer);
  static Expression of_sql(std::string sql);
  static Expression binary(const Expression&, const char* op, const Expression&);

  Expression() = default;
  std::string sql_;
  bool is_column_ = false;
};

Expression col(std::string_view name);
Expression expr(std::string_view sql);
// A constant where a text would be taken for a column's name, or where both sides are constants.
inline Expression lit(const Expression& constant) {
  return constant;
}
Expression call_on(std::string_view function, const std::vector<Expression>& arguments);
// Any function that SQL has: call("REGEXP_EXTRACT", col("url"), "^/([a-z]+)", 1).
template <class... Arguments>
Expression call(std::string_view function, const Arguments&... arguments) {
  return call_on(function, {Expression(arguments)...});
}

// A column of a result: an expression and its name. A text is a column's name here: select("page_id", col("n") * 2).
class NamedExpression {
 public:
  NamedExpression(std::string_view column) : NamedExpression(col(column)) {}
  NamedExpression(const std::string& column) : NamedExpression(col(column)) {}
  NamedExpression(const char* column) : NamedExpression(col(column)) {}
  NamedExpression(const Expression& expression) : NamedExpression(expression, {}) {}
  NamedExpression(const Expression& expression, std::string_view name) : expression_(expression), name_(name) {}
  const Expression& expression() const { return expression_; }
  const std::string& name() const { return name_; }  // Empty: as SQL names it.
  bool is_column() const { return expression_.is_column_; }

 private:
  Expression expression_;
  std::string name_;
};

// A result of a group: sum("delay").where(col("delay") > 0).as("delayed_minutes"). A text is a column's name here too.
class Aggregation {
 public:
  Aggregation(std::string_view function, const std::vector<NamedExpression>& arguments);
  Aggregation distinct() const;                       // Over different values only.
  Aggregation where(const Expression& filter) const;  // Over rows for which it is true only.
  Aggregation as(std::string_view name) const;
  std::string sql() const;
  const std::string& name() const { return name_; }  // Empty: as SQL names it.

 private:
  std::string function_, arguments_, filter_, name_;
  bool distinct_ = false;
};

inline Aggregation count() {
  return {"COUNT", {}};
}
inline Aggregation count(const NamedExpression& value) {  // Rows in which it is not NULL.
  return {"COUNT", {value}};
}
inline Aggregation sum(const NamedExpression& value) {
  return {"SUM", {value}};
}
inline Aggregation avg(const NamedExpression& value) {  // Of integers an integer, as in SQL.
  return {"AVG", {value}};
}
inline Aggregation min(const NamedExpression& value) {
  return {"MIN", {value}};
}
inline Aggregation max(const NamedExpression& value) {
  return {"MAX", {value}};
}
// Any that SQL has, like FIRST_VALUE, LAST_VALUE, STDDEV_POP, VAR_SAMP: aggregation("LISTAGG", "origin", lit("; ")).
template <class... Arguments>
Aggregation aggregation(std::string_view function, const Arguments&... arguments) {
  return {function, {NamedExpression(arguments)...}};
}

}  // namespace leat
