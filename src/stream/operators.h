#pragma once
// Makers of the operators that a planner composes. Each operator is in a file of its own.
#include <memory>
#include <vector>

#include "stream/aggregate.h"
#include "stream/operator.h"
#include "stream/window.h"

namespace leat {

using OperatorPtr = std::unique_ptr<Operator>;

// Rows for which the condition is TRUE; the others are `filtered`.
OperatorPtr make_filter(ExprPtr condition);
// One output column an expression.
OperatorPtr make_project(std::vector<ExprPtr> expressions, Schema output);
// All inputs' rows; watermarks of rows lowered to the minimum over the inputs.
OperatorPtr make_union(int inputs);

// One output row for each input row and projection (column references and literals), for GROUPING SETS.
OperatorPtr make_expand(std::vector<std::vector<ExprPtr>> projections);

// GROUP BY without a window: an updating result. Emits for each input row, as Flink does without mini-batch:
// +I for a new group, then -U and +U if the result changed, -D when a group's last row was retracted. Output columns:
// the keys, then the results.
struct GroupAggregateSpec {
  std::vector<uint32_t> keys;  // Input columns. None: one global group, which exists from the first row on.
  std::vector<AggregateCall> calls;
  Schema input, output;
  bool input_updates = false;  // The input has -U and -D rows.
  bool emit_update_before = true;
  int64_t state_ttl_ms = 0;  // table.exec.state.ttl, by processing time; 0: kept for ever.
};
Result<OperatorPtr> make_group_aggregate(GroupAggregateSpec);

// GROUP BY window_start, window_end, keys. Input column `time` is TIMESTAMP or TIMESTAMP_LTZ (microseconds); never null
// (a source's rowtime). Output columns: the keys, the results, then those asked for of window_start, window_end (of the
// time column's kind, shifted to local time if it is TIMESTAMP_LTZ) and window_time.
struct WindowAggregateSpec {
  WindowSpec window;
  uint32_t time = 0;
  std::vector<uint32_t> keys;
  std::vector<AggregateCall> calls;
  Schema input, output;
  bool emit_start = true, emit_end = true, emit_time = false;
  // GROUP BY window_start, window_end over rows that carry a window already (windows of windows joined by window
  // columns): the columns of start and end instead of `time`. -1: none.
  int32_t start_column = -1, end_column = -1;
  bool zoned = false;  // Those columns are local times of windows over TIMESTAMP_LTZ.
};
Result<OperatorPtr> make_window_aggregate(WindowAggregateSpec);

// A windowing table-valued function without aggregation: each row once per window, with window_start, window_end and
// window_time appended. Sessions emit when they fire.
struct WindowFunctionSpec {
  WindowSpec window;
  uint32_t time = 0;
  std::vector<uint32_t> partition_keys;  // Session.
  Schema input, output;
};
Result<OperatorPtr> make_window_function(WindowFunctionSpec);

// The rows after the first `offset`, at most `limit` of them (-1: all), of insert-only input, as they come.
OperatorPtr make_limit(int64_t offset, int64_t limit);

// ORDER BY and LIMIT over bounded input: all rows are kept (or the best offset + limit of them), emitted at the end.
struct SortKey {
  uint32_t column;
  bool descending = false;
  bool nulls_first = true;  // Flink: NULL is the smallest, so first ascending and last descending.
};
OperatorPtr make_sort(std::vector<SortKey>, int64_t offset, int64_t limit /* -1: none */, Schema, bool input_updates);

}  // namespace leat
