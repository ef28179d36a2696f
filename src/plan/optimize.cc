// The optimiser: the rules of rules.h, then constants are folded, and columns that nobody reads are not made.
#include <algorithm>

#include "plan/rel.h"
#include "plan/rel_builder.h"
#include "plan/rules.h"

namespace leat {
namespace {

// A plan with only some of its columns; mapping[i] is where column i went, -1 if it is gone.
struct Pruned {
  RelPtr rel;
  std::vector<int> mapping;
};

using Needed = std::vector<bool>;

Pruned prune(const RelPtr&, const Needed&);

std::vector<int> identity(size_t size) {
  std::vector<int> out(size);
  for (size_t i = 0; i < size; ++i) out[i] = static_cast<int>(i);
  return out;
}

uint32_t at(const std::vector<int>& mapping, uint32_t column) {
  CHECK(mapping[column] >= 0);
  return static_cast<uint32_t>(mapping[column]);
}

Pruned prune_scan(const ScanRel& scan, const Needed& needed) {
  Pruned out;
  std::vector<uint32_t> columns;
  for (size_t i = 0; i < scan.columns.size(); ++i) {
    out.mapping.push_back(needed[i] ? static_cast<int>(columns.size()) : -1);
    if (needed[i]) columns.push_back(scan.columns[i]);
  }
  out.rel = make_scan(scan.table, std::move(columns));
  return out;
}

Pruned prune_filter(const Rel& rel, const FilterRel& filter, Needed needed) {
  ExprPtr condition = fold_constants(filter.condition);
  collect_columns(*condition, needed);
  Pruned input = prune(rel.inputs[0], needed);
  bool always = condition->kind == Expr::Kind::kLiteral && condition->literal == Value{true};
  if (!always) input.rel = make_filter_rel(input.rel, remap_columns(condition, input.mapping));
  return input;
}

Pruned prune_project(const Rel& rel, const ProjectRel& project, const Needed& needed) {
  Pruned out;
  Needed below(rel.inputs[0]->schema.size(), false);
  std::vector<ExprPtr> kept;
  std::vector<std::string> names;
  for (size_t i = 0; i < project.expressions.size(); ++i) {
    out.mapping.push_back(needed[i] ? static_cast<int>(kept.size()) : -1);
    if (!needed[i]) continue;
    kept.push_back(fold_constants(project.expressions[i]));
    names.push_back(rel.schema[i].name);
    collect_columns(*kept.back(), below);
  }
  Pruned input = prune(rel.inputs[0], below);
  for (ExprPtr& expr : kept) expr = remap_columns(expr, input.mapping);
  bool same = kept.size() == input.rel->schema.size();
  for (size_t i = 0; same && i < kept.size(); ++i) {
    same = kept[i]->kind == Expr::Kind::kColumn && kept[i]->column == i && input.rel->schema[i].name == names[i];
  }
  out.rel = same ? input.rel : make_project_rel(input.rel, std::move(kept), names);
  return out;
}

Pruned prune_aggregate(const Rel& rel, AggregateRel aggregate) {
  Needed below(rel.inputs[0]->schema.size(), false);
  for (uint32_t key : aggregate.keys) below[key] = true;
  for (const AggregateCall& call : aggregate.calls) {
    for (uint32_t arg : call.args) below[arg] = true;
    if (call.filter >= 0) below[static_cast<size_t>(call.filter)] = true;
  }
  if (aggregate.windowed) {
    bool carried = aggregate.windowed->start_column >= 0;
    if (!carried) below[aggregate.windowed->time] = true;
    if (carried) below[static_cast<size_t>(aggregate.windowed->start_column)] = true;
    if (carried) below[static_cast<size_t>(aggregate.windowed->end_column)] = true;
  }
  Pruned input = prune(rel.inputs[0], below);
  for (uint32_t& key : aggregate.keys) key = at(input.mapping, key);
  for (AggregateCall& call : aggregate.calls) {
    for (uint32_t& arg : call.args) arg = at(input.mapping, arg);
    if (call.filter >= 0) call.filter = input.mapping[static_cast<size_t>(call.filter)];
  }
  if (aggregate.windowed) {
    auto& windowed = *aggregate.windowed;
    if (windowed.start_column < 0)
      windowed.time = at(input.mapping, windowed.time);
    else
      windowed.start_column = input.mapping[static_cast<size_t>(windowed.start_column)];
    if (windowed.end_column >= 0) windowed.end_column = input.mapping[static_cast<size_t>(windowed.end_column)];
  }
  std::vector<std::string> names = names_of(rel);
  return {make_aggregate_rel(input.rel, std::move(aggregate), names), identity(rel.schema.size())};
}

Pruned prune_expand(const Rel& rel, const ExpandRel& expand) {
  Needed below(rel.inputs[0]->schema.size(), false);
  for (const auto& set : expand.projections) {
    for (const ExprPtr& expr : set) collect_columns(*expr, below);
  }
  Pruned input = prune(rel.inputs[0], below);
  auto sets = expand.projections;
  for (auto& set : sets) {
    for (ExprPtr& expr : set) expr = remap_columns(expr, input.mapping);
  }
  return {make_expand_rel(input.rel, std::move(sets), rel.schema), identity(rel.schema.size())};
}

Pruned prune_window(const Rel& rel, WindowFunctionRel window, const Needed& needed) {
  size_t width = rel.inputs[0]->schema.size();
  Needed below(needed.begin(), needed.begin() + static_cast<ptrdiff_t>(width));
  below[window.time] = true;
  for (uint32_t key : window.partition_keys) below[key] = true;
  Pruned input = prune(rel.inputs[0], below);
  window.time = at(input.mapping, window.time);
  for (uint32_t& key : window.partition_keys) key = at(input.mapping, key);
  size_t kept = input.rel->schema.size();
  for (size_t i = 0; i < 3; ++i) input.mapping.push_back(static_cast<int>(kept + i));
  input.rel = make_window_rel(input.rel, std::move(window));
  return input;
}

Pruned prune_sort(const Rel& rel, SortRel sort, Needed needed) {
  // A retraction finds its row by all of its columns.
  if (rel.inputs[0]->changes == Changes::kUpdates) needed.assign(needed.size(), true);
  for (const SortKey& key : sort.keys) needed[key.column] = true;
  Pruned input = prune(rel.inputs[0], needed);
  for (SortKey& key : sort.keys) key.column = at(input.mapping, key.column);
  input.rel = make_sort_rel(input.rel, std::move(sort));
  return input;
}

// Everything that is read below stays: inputs keep all of their columns.
Pruned keep_all(const Rel& rel) {
  auto out = std::make_shared<Rel>(rel);
  for (RelPtr& input : out->inputs) {
    Pruned kept = prune(input, Needed(input->schema.size(), true));
    CHECK(kept.rel->schema.size() == input->schema.size());
    input = kept.rel;
  }
  return {out, identity(rel.schema.size())};
}

Pruned prune(const RelPtr& rel, const Needed& needed) {
  struct Visit {
    const RelPtr& rel;
    const Needed& needed;
    Pruned operator()(const ScanRel& node) const { return prune_scan(node, needed); }
    Pruned operator()(const ValuesRel&) const { return {rel, identity(rel->schema.size())}; }
    Pruned operator()(const FilterRel& node) const { return prune_filter(*rel, node, needed); }
    Pruned operator()(const ProjectRel& node) const { return prune_project(*rel, node, needed); }
    Pruned operator()(const WindowFunctionRel& node) const { return prune_window(*rel, node, needed); }
    Pruned operator()(const AggregateRel& node) const { return prune_aggregate(*rel, node); }
    Pruned operator()(const ExpandRel& node) const { return prune_expand(*rel, node); }
    Pruned operator()(const FunctionRel&) const { return keep_all(*rel); }
    Pruned operator()(const UnionRel&) const { return keep_all(*rel); }
    Pruned operator()(const SortRel& node) const { return prune_sort(*rel, node, needed); }
  };
  return std::visit(Visit{rel, needed}, rel->node);
}

}  // namespace

RelPtr optimize(RelPtr rel) {
  RelPtr rewritten = merge_projections(merge_windows(push_filters(rel)));
  Pruned out = prune(rewritten, Needed(rel->schema.size(), true));
  // A node that keeps more than it was asked for may have moved columns: the order of the result is a promise.
  bool moved = out.rel->schema.size() != rel->schema.size();
  std::vector<ExprPtr> columns;
  for (size_t i = 0; i < rel->schema.size(); ++i) {
    moved |= out.mapping[i] != static_cast<int>(i) || out.rel->schema[i].name != rel->schema[i].name;
    columns.push_back(Expr::make_column(at(out.mapping, static_cast<uint32_t>(i)), rel->schema[i].type));
  }
  return moved ? make_project_rel(out.rel, std::move(columns), names_of(*rel)) : out.rel;
}

}  // namespace leat
