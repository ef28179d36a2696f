#pragma once
// The syntax tree of a script: what was written, with where it was written, and no meaning yet.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace leat::ast {

// 1-based; columns count characters, not bytes.
struct Position {
  int line = 0, column = 0;
};

// ---- Types ----

struct TypeField;
struct Type {
  Position position;
  std::string name;  // Upper case: "INT", "DECIMAL", "TIMESTAMP", "TIMESTAMP_LTZ", "ROW", "ARRAY", "MAP", …
  std::optional<int64_t> precision, scale;
  bool nullable = true;
  std::vector<TypeField> fields;                       // ROW.
  std::vector<std::shared_ptr<const Type>> arguments;  // ARRAY: the element; MAP: key and value.
};
struct TypeField {
  std::string name;
  Type type;
};

// ---- Expressions ----

struct Expr;
using ExprPtr = std::shared_ptr<const Expr>;
struct Query;
using QueryPtr = std::shared_ptr<const Query>;

struct NullLiteral {};
struct BooleanLiteral {
  bool value;
};
// As written; "1e2" is approximate (DOUBLE), "1.5" exact (DECIMAL), "12" an integer.
struct NumberLiteral {
  std::string text;
};
struct StringLiteral {
  std::string text;
};
struct BinaryLiteral {
  std::string bytes;
};
// DATE '…', TIME '…', TIMESTAMP '…'.
struct TimeLiteral {
  std::string kind, text;
};
struct IntervalLiteral {
  std::string text;
  bool negative = false;
  std::string from_unit, to_unit;  // Upper case; to_unit empty for a single unit.
  std::optional<int64_t> leading_precision, fraction_precision;
};
// a, t.a, t.a.b: which part is what is for the binder.
struct Name {
  std::vector<std::string> parts;
};
struct Star {
  std::vector<std::string> qualifier;  // t.*; empty: *.
};
struct Unary {
  std::string op;  // "-", "+", "NOT", "IS NULL", "IS NOT NULL", "IS TRUE", …
  ExprPtr operand;
};
struct Binary {
  std::string op;  // "+", "AND", "=", "<>", "||", "IS DISTINCT FROM", "IS NOT DISTINCT FROM".
  ExprPtr left, right;
};
struct Between {
  ExprPtr value, low, high;
  bool negated = false, symmetric = false;
};
struct InList {
  ExprPtr value;
  std::vector<ExprPtr> list;
  QueryPtr query;  // Instead of the list.
  bool negated = false;
};
// LIKE and SIMILAR TO.
struct Like {
  std::string op;
  ExprPtr value, pattern, escape;  // escape may be null.
  bool negated = false;
};
struct Case {
  ExprPtr operand;  // Null: CASE WHEN condition.
  std::vector<std::pair<ExprPtr, ExprPtr>> branches;
  ExprPtr otherwise;  // May be null.
};
struct Cast {
  ExprPtr value;
  Type type;
  bool safe = false;  // TRY_CAST.
};
struct Call {
  std::string
      name;  // As written; CEIL(x TO DAY), EXTRACT(DAY FROM x) and their kin give their unit as a StringLiteral.
  std::vector<ExprPtr> args;
  std::vector<std::string> arg_names;   // For name => value; empty strings for the others; empty if none is named.
  bool distinct = false, star = false;  // COUNT(*).
  ExprPtr filter;                       // FILTER (WHERE …).
  bool over = false;                    // OVER (…) follows.
  Position over_position;
};
// ROW(a, b) and (a, b).
struct RowConstructor {
  std::vector<ExprPtr> values;
};
struct ArrayConstructor {
  std::vector<ExprPtr> values;
};
struct MapConstructor {
  std::vector<ExprPtr> keys_and_values;
};
struct Item {
  ExprPtr collection, index;
};
// (expression).field
struct FieldAccess {
  ExprPtr value;
  std::string field;
};
// (SELECT …) as a value, EXISTS (SELECT …).
struct Subquery {
  QueryPtr query;
  bool exists = false;
};

struct Expr {
  Position position;
  std::variant<NullLiteral, BooleanLiteral, NumberLiteral, StringLiteral, BinaryLiteral, TimeLiteral, IntervalLiteral,
               Name, Star, Unary, Binary, Between, InList, Like, Case, Cast, Call, RowConstructor, ArrayConstructor,
               MapConstructor, Item, FieldAccess, Subquery>
      node;
};

// ---- Queries ----

using Options = std::vector<std::pair<std::string, std::string>>;

struct TableRef;
using TableRefPtr = std::shared_ptr<const TableRef>;

struct NamedTable {
  std::vector<std::string> name;
  Options hints;  // /*+ OPTIONS(…) */
};
struct DerivedTable {
  QueryPtr query;
};
// TUMBLE(TABLE t PARTITION BY k, DESCRIPTOR(c), INTERVAL …), in TABLE(…) or not.
struct FunctionTable {
  struct Argument {
    Position position;
    std::string name;  // name => …; upper case; empty if positional.
    // Exactly one of these.
    TableRefPtr table;  // A NamedTable or DerivedTable.
    std::vector<std::string> descriptor;
    ExprPtr value;
    std::vector<ExprPtr> partition_by;  // Beside `table`.
  };
  std::string function;  // Upper case.
  std::vector<Argument> arguments;
};
struct JoinTable {
  std::string kind;  // "INNER", "LEFT", "RIGHT", "FULL", "CROSS".
  TableRefPtr left, right;
  ExprPtr on;
  std::vector<std::string> using_columns;
};
struct TableRef {
  Position position;
  std::variant<NamedTable, DerivedTable, FunctionTable, JoinTable> node;
  std::string alias;
  std::vector<std::string> column_aliases;
};

struct SelectItem {
  ExprPtr value;
  std::string alias;
};
struct GroupItem {
  enum class Kind : uint8_t { kExpression, kSets, kRollup, kCube };
  Kind kind = Kind::kExpression;
  Position position;
  std::vector<std::vector<ExprPtr>> sets;  // kExpression: one set of one. kRollup, kCube: each element is a set.
};
struct Select {
  bool distinct = false;
  std::vector<SelectItem> items;
  std::vector<TableRefPtr> from;  // More than one: a comma join. None: no FROM.
  ExprPtr where;
  std::vector<GroupItem> group_by;
  bool grouped = false;
  ExprPtr having;
};
struct Values {
  std::vector<std::vector<ExprPtr>> rows;
};
struct SetOperation {
  std::string op;  // "UNION", "INTERSECT", "EXCEPT".
  bool all = false;
  QueryPtr left, right;
  Position position;  // Of the word.
};
struct OrderItem {
  ExprPtr value;
  bool descending = false;
  std::optional<bool> nulls_first;
};
struct CommonTable {
  Position position;
  std::string name;
  std::vector<std::string> columns;
  QueryPtr query;
};
struct Query {
  Position position;
  std::vector<CommonTable> with;
  std::variant<Select, Values, SetOperation> body;
  std::vector<OrderItem> order_by;
  std::optional<int64_t> limit, offset;
};

// ---- Statements ----

struct ColumnDefinition {
  Position position;
  std::string name;
  std::optional<Type> type;  // Absent for a computed column.
  ExprPtr computed;
  bool metadata = false, is_virtual = false;
  std::string metadata_key;  // Empty: the column's name.
  bool primary_key = false;
  std::string comment;
};
struct WatermarkDefinition {
  Position position;
  std::vector<std::string> column;
  ExprPtr expr;
};
struct CreateTable {
  std::string name;
  bool temporary = false, if_not_exists = false;
  std::vector<ColumnDefinition> columns;
  std::vector<WatermarkDefinition> watermarks;
  std::vector<std::string> primary_key;
  std::string comment;
  std::vector<std::string> partitioned_by;
  Options options;
};
struct CreateView {
  std::string name;
  bool temporary = false, if_not_exists = false;
  std::vector<std::string> columns;
  QueryPtr query;
  std::string comment;
};
struct Drop {
  bool view = false, temporary = false, if_exists = false;
  std::string name;
};
struct SetOption {
  std::optional<std::string> key;  // Absent: list them.
  std::string value;
};
struct ResetOption {
  std::optional<std::string> key;  // Absent: all of them.
};
struct Insert {
  Position position;
  std::string table;
  Options hints;
  std::vector<std::string> columns;
  QueryPtr query;
};
struct StatementSet {
  std::vector<Insert> inserts;
};
struct Explain;
struct Show {
  std::string what;  // "TABLES", "VIEWS", "FUNCTIONS", "CREATE TABLE", "CREATE VIEW", "JOBS".
  std::string name;  // For SHOW CREATE.
};
struct Describe {
  std::string name;
};

struct Statement {
  Position position;
  std::string text;  // As written, without the semicolon.
  std::variant<CreateTable, CreateView, Drop, SetOption, ResetOption, Insert, StatementSet, QueryPtr,
               std::shared_ptr<const Explain>, Show, Describe>
      node;
};
struct Explain {
  Statement statement;  // A query, INSERT or statement set.
};

}  // namespace leat::ast
