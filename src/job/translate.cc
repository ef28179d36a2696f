#include "job/translate.h"

#include <map>

#include "job/values_source.h"
#include "stream/operators.h"

namespace leat {
namespace {

class Translator {
 public:
  Translator(Translated& out, const Settings& settings, const EvalSettings& eval)
      : out_(out), settings_(settings), eval_(eval) {}

  void collect_scans(const Rel& rel) {
    if (const auto* scan = std::get_if<ScanRel>(&rel.node)) {
      auto [place, added] = scans_.try_emplace(scan->table.get(), nullptr, -1);
      if (added) {
        out_.scans.push_back(std::make_unique<ScanPlan>(scan->table));
        place->second.first = out_.scans.back().get();
      }
      for (uint32_t column : scan->columns) place->second.first->want(column);
    }
    for (const RelPtr& input : rel.inputs) collect_scans(*input);
  }

  Status add_sources() {
    for (const auto& scan : out_.scans) {
      scan->finish();
      TRY_ASSIGN(auto source, open_source(*scan));
      scans_[&scan->table()].second = out_.graph.add_source("Source[" + scan->table().name + "]", std::move(source),
                                                            scan->stage(eval_), scan->has_watermark());
    }
    return {};
  }

  // Adds the nodes of `rel` and returns the last one's number.
  Result<int> add(const Rel& rel) {
    std::vector<int> inputs;
    for (const RelPtr& input : rel.inputs) {
      TRY_ASSIGN(int node, add(*input));
      inputs.push_back(node);
    }
    return std::visit([&](const auto& node) { return make(rel, node, inputs); }, rel.node);
  }

 private:
  using Inputs = std::vector<int>;

  Result<std::unique_ptr<Source>> open_source(const ScanPlan& scan) {
    TableOptions options = scan.options();
    if (scan.table().own_source) return scan.table().own_source(options.fields, settings_.batch_rows());
    options.options["leat.batch-rows"] = std::to_string(settings_.batch_rows());
    options.options.emplace("scan.watermark.idle-timeout", settings_.get("table.exec.source.idle-timeout"));
    return make_source(options, eval_);
  }

  int add_operator(const char* kind, OperatorPtr op, const Inputs& inputs) {
    std::string name = kind + ("[" + std::to_string(out_.graph.nodes().size()) + "]");
    return out_.graph.add_operator(std::move(name), std::move(op), inputs);
  }

  Result<int> make(const Rel& rel, const ScanRel& scan, const Inputs&) {
    auto [plan, source] = scans_.at(scan.table.get());
    if (scan.columns == plan->outputs()) return source;
    // Other queries read other columns of the same source: take ours, in our order.
    std::vector<ExprPtr> columns;
    for (size_t i = 0; i < scan.columns.size(); ++i) {
      auto at = std::find(plan->outputs().begin(), plan->outputs().end(), scan.columns[i]);
      columns.push_back(Expr::make_column(static_cast<uint32_t>(at - plan->outputs().begin()), rel.schema[i].type));
    }
    return add_operator("Columns", make_project(std::move(columns), rel.schema), {source});
  }

  Result<int> make(const Rel& rel, const ValuesRel& values, const Inputs&) {
    std::string name = "Values[" + std::to_string(out_.graph.nodes().size()) + "]";
    return out_.graph.add_source(name, make_values_source(values, rel.schema, eval_), {}, false);
  }

  Result<int> make(const Rel&, const FilterRel& filter, const Inputs& inputs) {
    return add_operator("Filter", make_filter(filter.condition), inputs);
  }

  Result<int> make(const Rel& rel, const ProjectRel& project, const Inputs& inputs) {
    return add_operator("Project", make_project(project.expressions, rel.schema), inputs);
  }

  Result<int> make(const Rel&, const ExpandRel& expand, const Inputs& inputs) {
    return add_operator("Expand", make_expand(expand.projections), inputs);
  }

  Result<int> make(const Rel& rel, const FunctionRel& function, const Inputs& inputs) {
    return add_operator("Function", make_row_function(function.function, rel.inputs[0]->schema, rel.schema), inputs);
  }

  Result<int> make(const Rel&, const UnionRel&, const Inputs& inputs) {
    return add_operator("Union", make_union(static_cast<int>(inputs.size())), inputs);
  }

  Result<int> make(const Rel& rel, const SortRel& sort, const Inputs& inputs) {
    bool updates = rel.inputs[0]->changes == Changes::kUpdates;
    if (sort.keys.empty() && !updates) return add_operator("Limit", make_limit(sort.offset, sort.limit), inputs);
    return add_operator("Sort", make_sort(sort.keys, sort.offset, sort.limit, rel.schema, updates), inputs);
  }

  Result<int> make(const Rel& rel, const WindowFunctionRel& window, const Inputs& inputs) {
    WindowFunctionSpec spec{window.window, window.time, window.partition_keys, rel.inputs[0]->schema, rel.schema};
    TRY_ASSIGN(OperatorPtr op, make_window_function(std::move(spec)));
    return add_operator("Window", std::move(op), inputs);
  }

  Result<int> make(const Rel& rel, const AggregateRel& aggregate, const Inputs& inputs) {
    const Rel& input = *rel.inputs[0];
    if (aggregate.windowed) {
      const auto& w = *aggregate.windowed;
      WindowAggregateSpec spec{w.window,     w.time,     aggregate.keys, aggregate.calls, input.schema, rel.schema,
                               w.emit_start, w.emit_end, w.emit_time,    w.start_column,  w.end_column, w.zoned};
      TRY_ASSIGN(OperatorPtr op, make_window_aggregate(std::move(spec)));
      return add_operator("WindowAggregate", std::move(op), inputs);
    }
    GroupAggregateSpec spec;
    spec.keys = aggregate.keys;
    spec.calls = aggregate.calls;
    spec.input = input.schema;
    spec.output = rel.schema;
    spec.input_updates = input.changes == Changes::kUpdates;
    spec.state_ttl_ms = settings_.state_ttl_ms();
    TRY_ASSIGN(OperatorPtr op, make_group_aggregate(std::move(spec)));
    return add_operator("GroupAggregate", std::move(op), inputs);
  }

  Translated& out_;
  const Settings& settings_;
  const EvalSettings& eval_;
  std::map<const Table*, std::pair<ScanPlan*, int>> scans_;
};

}  // namespace

Result<std::unique_ptr<Translated>> translate(const std::vector<RelPtr>& queries, std::vector<NamedSink> sinks,
                                              const Settings& settings, const EvalSettings& eval) {
  CHECK(queries.size() == sinks.size());
  auto out = std::make_unique<Translated>();
  Translator translator(*out, settings, eval);
  for (const RelPtr& query : queries) translator.collect_scans(*query);
  TRY(translator.add_sources());
  for (size_t i = 0; i < queries.size(); ++i) {
    TRY_ASSIGN(int last, translator.add(*queries[i]));
    out->graph.add_sink(std::move(sinks[i].name), std::move(sinks[i].sink), last);
  }
  return out;
}

}  // namespace leat
