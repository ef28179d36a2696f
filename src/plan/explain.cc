// Plans as text: a line a node, inputs below.
#include "plan/rel.h"

namespace leat {
namespace {

std::string list_of(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) out += (out.empty() ? "" : ", ") + item;
  return out;
}

std::string columns_of(const Schema& schema) {
  std::vector<std::string> names;
  for (const Field& field : schema) names.push_back(field.name);
  return list_of(names);
}

std::string call_text(const AggregateCall& call, const Schema& input, const std::string& name) {
  std::vector<std::string> args;
  for (uint32_t arg : call.args) args.push_back(input[arg].name);
  std::string out =
      call.function + "(" + (call.distinct ? "DISTINCT " : "") + (args.empty() ? "*" : list_of(args)) + ")";
  if (call.filter >= 0) out += " FILTER " + input[static_cast<size_t>(call.filter)].name;
  return out + " AS " + name;
}

struct Describe {
  const Rel& rel;
  const Schema& input() const { return rel.inputs[0]->schema; }

  std::string operator()(const ScanRel& scan) const {
    return "Scan(table=[" + scan.table->name + "], columns=[" + columns_of(rel.schema) + "]" +
           (scan.table->watermark.empty()
                ? ""
                : ", watermark=[" + to_string(*scan.table->watermark[0].expr, scan.table->schema()) + "]") +
           ")";
  }
  std::string operator()(const ValuesRel& values) const {
    return "Values(rows=[" + std::to_string(values.rows.size()) + "], columns=[" + columns_of(rel.schema) + "])";
  }
  std::string operator()(const FilterRel& filter) const {
    return "Filter(condition=[" + to_string(*filter.condition, input()) + "])";
  }
  std::string operator()(const ProjectRel& project) const {
    std::vector<std::string> items;
    for (size_t i = 0; i < project.expressions.size(); ++i) {
      std::string text = to_string(*project.expressions[i], input());
      const std::string& name = rel.schema[i].name;
      items.push_back(text == name ? text : text + " AS " + name);
    }
    return "Project(columns=[" + list_of(items) + "])";
  }
  std::string operator()(const WindowFunctionRel& window) const {
    std::vector<std::string> keys;
    for (uint32_t key : window.partition_keys) keys.push_back(input()[key].name);
    return "Window(window=[" + window.window.to_string() + "], time=[" + input()[window.time].name + "]" +
           (keys.empty() ? "" : ", partition=[" + list_of(keys) + "]") + ")";
  }
  std::string operator()(const AggregateRel& aggregate) const {
    std::vector<std::string> keys, calls;
    for (uint32_t key : aggregate.keys) keys.push_back(input()[key].name);
    for (size_t i = 0; i < aggregate.calls.size(); ++i) {
      calls.push_back(call_text(aggregate.calls[i], input(), rel.schema[keys.size() + i].name));
    }
    std::string out = aggregate.windowed ? "WindowAggregate(" : "GroupAggregate(";
    out += "group=[" + list_of(keys) + "]";
    if (aggregate.windowed && aggregate.windowed->start_column < 0) {
      out += ", window=[" + aggregate.windowed->window.to_string() + "], time=[" +
             input()[aggregate.windowed->time].name + "]";
    } else if (aggregate.windowed) {
      out += ", window=[" + input()[static_cast<size_t>(aggregate.windowed->start_column)].name + ", " +
             input()[static_cast<size_t>(aggregate.windowed->end_column)].name + "]";
    }
    return out + ", select=[" + list_of(calls) + "])";
  }
  std::string operator()(const ExpandRel& expand) const {
    return "Expand(sets=[" + std::to_string(expand.projections.size()) + "], columns=[" + columns_of(rel.schema) + "])";
  }
  std::string operator()(const FunctionRel& function) const {
    return "Function(name=[" + function.name + "], columns=[" + columns_of(rel.schema) + "])";
  }
  std::string operator()(const UnionRel&) const { return "Union(columns=[" + columns_of(rel.schema) + "])"; }
  std::string operator()(const SortRel& sort) const {
    std::vector<std::string> keys;
    for (const SortKey& key : sort.keys)
      keys.push_back(rel.schema[key.column].name + (key.descending ? " DESC" : " ASC"));
    std::string out = "Sort(orderBy=[" + list_of(keys) + "]";
    if (sort.offset > 0) out += ", offset=[" + std::to_string(sort.offset) + "]";
    if (sort.limit >= 0) out += ", fetch=[" + std::to_string(sort.limit) + "]";
    return out + ")";
  }
};

void append(const Rel& rel, int depth, std::string& out) {
  if (depth > 0) out += std::string(static_cast<size_t>(depth - 1) * 3, ' ') + "+- ";
  out += std::visit(Describe{rel}, rel.node);
  if (rel.changes == Changes::kUpdates) out += " changelog=[I,UB,UA,D]";
  out += "\n";
  for (const RelPtr& input : rel.inputs) append(*input, depth + 1, out);
}

}  // namespace

std::string explain(const Rel& rel) {
  std::string out;
  append(rel, 0, out);
  return out;
}

}  // namespace leat
