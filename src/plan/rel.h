#pragma once
// Rel: the logical plan, a tree of relational operators with resolved columns. The SQL binder and the C++ API both make
// it, the optimiser rewrites it, job/ turns each node into one operator of stream/.
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "plan/table.h"
#include "stream/aggregate.h"
#include "stream/operators.h"
#include "stream/row_function.h"
#include "stream/window.h"

namespace leat {

struct Rel;
using RelPtr = std::shared_ptr<const Rel>;

// Reads a table. The columns are in the order of `columns` (indices into Table::columns), the optimiser removes those
// that nobody needs. The source makes computed columns; `row_filter`s stay above.
struct ScanRel {
  TablePtr table;
  std::vector<uint32_t> columns;
};
struct ValuesRel {
  std::vector<std::vector<ExprPtr>> rows;  // Constant expressions of the schema's types.
};
struct FilterRel {
  ExprPtr condition;
};
struct ProjectRel {
  std::vector<ExprPtr> expressions;
};
// A windowing table-valued function that no aggregation took in: its input's columns, then window_start, window_end
// and window_time.
struct WindowFunctionRel {
  WindowSpec window;
  uint32_t time;
  std::vector<uint32_t> partition_keys;
};
// GROUP BY. Output: the keys, the results of the calls, then (windowed) those asked for of window_start, window_end,
// window_time. GROUPING SETS: an ExpandRel below makes a row per set.
struct AggregateRel {
  std::vector<uint32_t> keys;
  std::vector<AggregateCall> calls;
  struct Windowed {
    WindowSpec window;
    uint32_t time = 0;                           // Input column, when the window function was merged into this node;
    int32_t start_column = -1, end_column = -1;  // or the input's window columns,
    bool zoned = false;                          // which are local times if the windows are over TIMESTAMP_LTZ.
    bool emit_start = true, emit_end = true, emit_time = false;
  };
  std::optional<Windowed> windowed;
};
// One output row for each input row and list of expressions (GROUPING SETS).
struct ExpandRel {
  std::vector<std::vector<ExprPtr>> projections;
};
// A user's function from a row to rows (the C++ API). The optimiser moves nothing through it and prunes nothing below.
struct FunctionRel {
  std::string name;
  std::shared_ptr<const RowFunction> function;
};
struct UnionRel {};  // UNION ALL: any number of inputs of the same types.
struct SortRel {
  std::vector<SortKey> keys;
  int64_t offset = 0, limit = -1;
};

// How rows change: insert-only, or with updates and deletions (Flink's changelog modes).
enum class Changes : uint8_t { kInsertOnly, kUpdates };

struct Rel {
  std::variant<ScanRel, ValuesRel, FilterRel, ProjectRel, WindowFunctionRel, AggregateRel, ExpandRel, FunctionRel,
               UnionRel, SortRel>
      node;
  std::vector<RelPtr> inputs;
  Schema schema;
  // Which columns are event-time attributes: a watermark speaks about them, windows may be built on them.
  std::vector<bool> rowtime;
  Changes changes = Changes::kInsertOnly;
  // For an updating result: columns that identify a row (the group's keys), if they all are in the schema.
  std::optional<std::vector<uint32_t>> upsert_key;
};

// INSERT INTO: the query's columns are the target's sink_schema() in order, casts included.
struct InsertPlan {
  TablePtr target;
  RelPtr query;
};

RelPtr optimize(RelPtr);
// As Flink's "== Optimized Execution Plan ==": one line a node, indented, inputs below.
std::string explain(const Rel&);

}  // namespace leat
