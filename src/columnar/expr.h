#pragma once
// Bound expressions: typed trees over the columns of a batch, and their evaluation a batch at a time.
//
// Semantics are Flink SQL's (docs/sql.md lists where we keep a row that Flink would end the job over). An operation
// that fails for a row (division by zero, a cast that cannot be) marks that row in RowErrors and yields NULL there;
// the operator turns marked rows into dead letters. CASE, COALESCE, AND and OR evaluate a branch only for the rows
// that need it, so an error in a branch not taken does not exist.
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "columnar/batch.h"

namespace leat {

class TimeZones;  // columnar/time_zone.h

struct RowError {
  uint32_t row;
  std::string reason;   // A slug for grouping: "division.by.zero", "cast.invalid", "array.index".
  std::string message;  // With the value.
};

// The first error of each row; a row's later ones follow from it.
class RowErrors {
 public:
  void add(uint32_t row, std::string reason, std::string message);
  bool empty() const { return errors_.empty(); }
  std::vector<RowError> take_sorted();  // By row, one a row.

 private:
  std::vector<RowError> errors_;
};

// What does not change during a job.
struct EvalSettings {
  std::string time_zone = "UTC";           // table.local-time-zone: an IANA name or an offset such as "+02:00".
  std::function<int64_t()> wall_micros;    // For CURRENT_TIMESTAMP and its kin; never null where they may be called.
  std::function<uint64_t()> random;        // For RAND, RAND_INTEGER and UUID; null: a fixed sequence.
  std::shared_ptr<const TimeZones> zones;  // IANA names; null: only UTC and offsets are known.
};

struct EvalContext {
  const EvalSettings& settings;
  RowErrors& errors;
};

// Rows to evaluate, ascending. Kernels leave other rows of their result unspecified.
using Selection = std::span<const uint32_t>;

struct Function;  // columnar/function.h

struct Expr;
using ExprPtr = std::shared_ptr<const Expr>;

struct Expr {
  enum class Kind : uint8_t {
    kColumn,   // column: index into the batch.
    kLiteral,  // literal, of `type`.
    kCall,     // function over args: strict kernels, see function.h.
    kCast,     // args[0] to `type`; `safe`: TRY_CAST.
    kCase,     // args: when, then, when, then, …, [else].
    kAnd,      // args: two or more.
    kOr,
    kCoalesce,
  };
  Kind kind;
  DataType type;
  uint32_t column = 0;
  Value literal;
  std::shared_ptr<const Function> function;
  std::vector<ExprPtr> args;
  bool safe = false;
  int line = 0, character = 0;  // Where it stands in the script; 0: made by the planner.

  static ExprPtr make_column(uint32_t index, DataType);
  static ExprPtr make_literal(Value, DataType);
  static ExprPtr make_cast(ExprPtr, DataType, bool safe = false);  // The argument itself if it has that type already.
};

// The value of `expr` for the selected rows. A plain column reference is returned as it is, without a copy.
ColumnPtr evaluate(const Expr& expr, const Batch& batch, Selection selection, EvalContext& context);
// Rows of the selection for which a BOOLEAN expression is TRUE (not NULL).
std::vector<uint32_t> select_true(const Expr& expr, const Batch& batch, Selection selection, EvalContext& context);

bool is_constant(const Expr&);    // No columns and no function that depends on time or chance.
ExprPtr fold_constants(ExprPtr);  // Where evaluation succeeds; else as it was, to fail for the rows.
// Marks in `used` the columns that the expression reads.
void collect_columns(const Expr&, std::vector<bool>& used);
// A copy whose column i is column mapping[i]; -1 must not occur in it.
ExprPtr remap_columns(const ExprPtr&, std::span<const int> mapping);
bool same_expr(const Expr&, const Expr&);
// SQL-like text with the given names for columns, for EXPLAIN and messages.
std::string to_string(const Expr&, const Schema&);

}  // namespace leat
