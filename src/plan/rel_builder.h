#pragma once
// Makers of plan nodes: each derives schema, time attributes and changes from its inputs.
#include "plan/rel.h"

namespace leat {

RelPtr make_scan(TablePtr, std::vector<uint32_t> columns);
RelPtr make_values(ValuesRel, Schema);
RelPtr make_filter_rel(RelPtr input, ExprPtr condition);
RelPtr make_project_rel(RelPtr input, std::vector<ExprPtr>, const std::vector<std::string>& names);
RelPtr make_expand_rel(RelPtr input, std::vector<std::vector<ExprPtr>>, Schema);
RelPtr make_window_rel(RelPtr input, WindowFunctionRel);
RelPtr make_aggregate_rel(RelPtr input, AggregateRel, const std::vector<std::string>& names);
RelPtr make_union_rel(std::vector<RelPtr> inputs);
RelPtr make_sort_rel(RelPtr input, SortRel);

}  // namespace leat
