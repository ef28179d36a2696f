#include <algorithm>
#include <set>

#include "plan/rel_builder.h"
#include "plan/rules.h"

namespace leat {
namespace {

// Where a column of the plan with the window function is found in the plan without it.
struct Place {
  enum class Kind : uint8_t { kColumn, kStart, kEnd, kTime } kind = Kind::kColumn;
  uint32_t column = 0;  // kColumn: in the plan without.
  int32_t origin = -1;  // kColumn: the column of the function's input that it is, unchanged; -1: computed.
};

// The part of a plan between a grouping and the window function below it, made again without the function.
class Bypass {
 public:
  // Null if something between needs the window's columns for more than to hand them on.
  static std::optional<Bypass> make(const RelPtr& rel) {
    if (const auto* window = std::get_if<WindowFunctionRel>(&rel->node)) return Bypass(*rel, *window);
    bool passes = std::holds_alternative<FilterRel>(rel->node) || std::holds_alternative<ProjectRel>(rel->node);
    if (!passes) return std::nullopt;
    auto out = make(rel->inputs[0]);
    if (!out) return std::nullopt;
    const auto* filter = std::get_if<FilterRel>(&rel->node);
    bool done = filter != nullptr ? out->filter(*filter) : out->project(*rel, std::get<ProjectRel>(rel->node));
    if (!done) return std::nullopt;
    return out;
  }

  const RelPtr& rel() const { return rel_; }
  const WindowFunctionRel& window() const { return window_; }
  uint32_t time() const { return time_; }
  const Place& place(size_t column) const { return places_[column]; }

 private:
  Bypass(const Rel& rel, const WindowFunctionRel& window) : window_(window), rel_(rel.inputs[0]), time_(window.time) {
    for (uint32_t i = 0; i < rel_->schema.size(); ++i) {
      places_.push_back({Place::Kind::kColumn, i, static_cast<int32_t>(i)});
    }
    for (Place::Kind kind : {Place::Kind::kStart, Place::Kind::kEnd, Place::Kind::kTime}) places_.push_back({kind});
  }

  // The expression over the new plan; null if it reads the window's columns.
  ExprPtr moved(const ExprPtr& expr) const {
    std::vector<bool> used(places_.size(), false);
    collect_columns(*expr, used);
    std::vector<int> mapping;
    for (size_t i = 0; i < used.size(); ++i) {
      if (used[i] && places_[i].kind != Place::Kind::kColumn) return nullptr;
      mapping.push_back(static_cast<int>(places_[i].column));
    }
    return remap_columns(expr, mapping);
  }

  bool filter(const FilterRel& node) {
    ExprPtr condition = moved(node.condition);
    if (!condition) return false;
    rel_ = make_filter_rel(rel_, std::move(condition));
    return true;
  }

  bool project(const Rel& rel, const ProjectRel& node) {
    std::vector<Place> places;
    std::vector<ExprPtr> kept;
    std::vector<std::string> names;
    for (size_t i = 0; i < node.expressions.size(); ++i) {
      const ExprPtr& expr = node.expressions[i];
      bool column = expr->kind == Expr::Kind::kColumn;
      if (column && places_[expr->column].kind != Place::Kind::kColumn) {
        places.push_back(places_[expr->column]);
        continue;
      }
      ExprPtr mine = moved(expr);
      if (!mine) return false;
      places.push_back(
          {Place::Kind::kColumn, static_cast<uint32_t>(kept.size()), column ? places_[expr->column].origin : -1});
      kept.push_back(std::move(mine));
      names.push_back(rel.schema[i].name);
    }
    kept.push_back(Expr::make_column(time_, rel_->schema[time_].type));
    names.push_back(rel_->schema[time_].name);
    time_ = static_cast<uint32_t>(kept.size()) - 1;
    rel_ = make_project_rel(rel_, std::move(kept), names);
    places_ = std::move(places);
    return true;
  }

  WindowFunctionRel window_;
  RelPtr rel_;
  uint32_t time_;
  std::vector<Place> places_;
};

bool is_column(const Bypass& bypass, uint32_t column) {
  return bypass.place(column).kind == Place::Kind::kColumn;
}

bool reads_rows_only(const Bypass& bypass, const AggregateRel& aggregate) {
  auto row = [&](uint32_t column) { return is_column(bypass, column); };
  return std::all_of(aggregate.keys.begin(), aggregate.keys.end(), row) &&
         std::all_of(aggregate.calls.begin(), aggregate.calls.end(), [&](const AggregateCall& call) {
           return std::all_of(call.args.begin(), call.args.end(), row) &&
                  (call.filter < 0 || row(static_cast<uint32_t>(call.filter)));
         });
}

// Sessions are of exactly the grouping's keys.
bool same_keys(const Bypass& bypass, const AggregateRel& aggregate) {
  std::set<int32_t> keys, partition;
  for (uint32_t key : aggregate.keys) keys.insert(bypass.place(key).origin);
  for (uint32_t key : bypass.window().partition_keys) partition.insert(static_cast<int32_t>(key));
  return keys == partition;
}

RelPtr merged(const Rel& rel, AggregateRel aggregate) {
  auto bypass = Bypass::make(rel.inputs[0]);
  if (!bypass) return nullptr;
  auto& windowed = *aggregate.windowed;
  auto kind_of = [&](int32_t column) { return bypass->place(static_cast<size_t>(column)).kind; };
  bool whole =
      kind_of(windowed.start_column) == Place::Kind::kStart && kind_of(windowed.end_column) == Place::Kind::kEnd;
  if (!whole || !reads_rows_only(*bypass, aggregate)) return nullptr;
  if (bypass->window().window.kind == WindowKind::kSession && !same_keys(*bypass, aggregate)) return nullptr;

  for (uint32_t& key : aggregate.keys) key = bypass->place(key).column;
  for (AggregateCall& call : aggregate.calls) {
    for (uint32_t& arg : call.args) arg = bypass->place(arg).column;
    if (call.filter >= 0) call.filter = static_cast<int32_t>(bypass->place(static_cast<size_t>(call.filter)).column);
  }
  windowed.start_column = windowed.end_column = -1;
  windowed.window = bypass->window().window;
  windowed.time = bypass->time();
  return make_aggregate_rel(bypass->rel(), std::move(aggregate), names_of(rel));
}

}  // namespace

RelPtr merge_windows(RelPtr rel) {
  RelPtr out = rewrite_inputs(rel, merge_windows);
  const auto* aggregate = std::get_if<AggregateRel>(&out->node);
  if (aggregate == nullptr || !aggregate->windowed || aggregate->windowed->start_column < 0) return out;
  RelPtr without = merged(*out, *aggregate);
  return without ? without : out;
}

}  // namespace leat
