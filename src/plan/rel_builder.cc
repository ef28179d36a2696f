#include "plan/rel_builder.h"

#include <algorithm>

namespace leat {
namespace {

std::shared_ptr<Rel> over(RelPtr input, decltype(Rel::node) node) {
  auto out = std::make_shared<Rel>();
  out->node = std::move(node);
  out->schema = input->schema;
  out->rowtime = input->rowtime;
  out->changes = input->changes;
  out->upsert_key = input->upsert_key;
  out->inputs.push_back(std::move(input));
  return out;
}

// Where a projection puts the columns of a key; empty if one is lost.
std::optional<std::vector<uint32_t>> moved_key(const std::optional<std::vector<uint32_t>>& key,
                                               const std::vector<ExprPtr>& expressions) {
  if (!key) return std::nullopt;
  std::vector<uint32_t> out;
  for (uint32_t column : *key) {
    auto at = std::find_if(expressions.begin(), expressions.end(), [&](const ExprPtr& expr) {
      return expr->kind == Expr::Kind::kColumn && expr->column == column;
    });
    if (at == expressions.end()) return std::nullopt;
    out.push_back(static_cast<uint32_t>(at - expressions.begin()));
  }
  return out;
}

}  // namespace

RelPtr make_scan(TablePtr table, std::vector<uint32_t> columns) {
  auto out = std::make_shared<Rel>();
  for (uint32_t column : columns) {
    out->schema.push_back(table->columns[column].field);
    out->rowtime.push_back(!table->watermark.empty() && table->watermark[0].column == column);
  }
  out->node = ScanRel{std::move(table), std::move(columns)};
  return out;
}

RelPtr make_values(ValuesRel values, Schema schema) {
  auto out = std::make_shared<Rel>();
  out->rowtime.assign(schema.size(), false);
  out->schema = std::move(schema);
  out->node = std::move(values);
  return out;
}

RelPtr make_filter_rel(RelPtr input, ExprPtr condition) {
  return over(std::move(input), FilterRel{std::move(condition)});
}

RelPtr make_project_rel(RelPtr input, std::vector<ExprPtr> expressions, const std::vector<std::string>& names) {
  auto out = over(input, ProjectRel{});
  out->schema.clear();
  out->rowtime.clear();
  for (size_t i = 0; i < expressions.size(); ++i) {
    const Expr& expr = *expressions[i];
    out->schema.push_back({names[i], expr.type});
    out->rowtime.push_back(expr.kind == Expr::Kind::kColumn && input->rowtime[expr.column]);
  }
  out->upsert_key = moved_key(input->upsert_key, expressions);
  out->node = ProjectRel{std::move(expressions)};
  return out;
}

RelPtr make_expand_rel(RelPtr input, std::vector<std::vector<ExprPtr>> projections, Schema schema) {
  auto out = over(std::move(input), ExpandRel{std::move(projections)});
  out->rowtime.assign(schema.size(), false);
  // A column that every set passes on unchanged is still what it was.
  const auto& sets = std::get<ExpandRel>(out->node).projections;
  for (size_t i = 0; i < schema.size(); ++i) {
    bool same = std::all_of(sets.begin(), sets.end(), [&](const auto& set) {
      return set[i]->kind == Expr::Kind::kColumn && set[i]->column == sets[0][i]->column;
    });
    if (same) out->rowtime[i] = out->inputs[0]->rowtime[sets[0][i]->column];
  }
  out->schema = std::move(schema);
  out->upsert_key.reset();
  return out;
}

RelPtr make_window_rel(RelPtr input, WindowFunctionRel window) {
  bool zoned = input->schema[window.time].type.kind == TypeKind::kTimestampLtz;
  auto out = over(std::move(input), std::move(window));
  DataType bound = DataType::timestamp(3).with_nullable(false);
  out->schema.push_back({"window_start", bound});
  out->schema.push_back({"window_end", bound});
  out->schema.push_back({"window_time", zoned ? DataType::timestamp_ltz(3).with_nullable(false) : bound});
  // Time goes on as the window's time.
  out->rowtime.assign(out->schema.size(), false);
  out->rowtime[out->schema.size() - 1] = true;
  return out;
}

RelPtr make_aggregate_rel(RelPtr input, AggregateRel aggregate, const std::vector<std::string>& names) {
  auto out = over(input, AggregateRel{});
  out->schema.clear();
  for (size_t i = 0; i < aggregate.keys.size(); ++i) {
    out->schema.push_back({names[i], input->schema[aggregate.keys[i]].type});
  }
  for (size_t i = 0; i < aggregate.calls.size(); ++i) {
    out->schema.push_back({names[aggregate.keys.size() + i], aggregate.calls[i].type});
  }
  out->rowtime.assign(out->schema.size(), false);
  if (aggregate.windowed) {
    DataType bound = DataType::timestamp(3).with_nullable(false);
    if (aggregate.windowed->emit_start) out->schema.push_back({"window_start", bound});
    if (aggregate.windowed->emit_end) out->schema.push_back({"window_end", bound});
    out->rowtime.resize(out->schema.size(), false);
    if (aggregate.windowed->emit_time) {
      const auto& windowed = *aggregate.windowed;
      bool zoned = windowed.start_column < 0 ? input->schema[windowed.time].type.kind == TypeKind::kTimestampLtz
                                             : windowed.zoned;
      out->schema.push_back({"window_time", zoned ? DataType::timestamp_ltz(3).with_nullable(false) : bound});
      out->rowtime.push_back(true);
    }
    out->changes = Changes::kInsertOnly;
    out->upsert_key.reset();
  } else {
    out->changes = Changes::kUpdates;
    std::vector<uint32_t> key;
    for (uint32_t i = 0; i < aggregate.keys.size(); ++i) key.push_back(i);
    out->upsert_key = std::move(key);
  }
  out->node = std::move(aggregate);
  return out;
}

RelPtr make_union_rel(std::vector<RelPtr> inputs) {
  auto out = std::make_shared<Rel>();
  out->node = UnionRel{};
  out->schema = inputs[0]->schema;
  out->rowtime = inputs[0]->rowtime;
  for (const RelPtr& input : inputs) {
    if (input->changes == Changes::kUpdates) out->changes = Changes::kUpdates;
    for (size_t i = 0; i < out->schema.size(); ++i) {
      out->rowtime[i] = out->rowtime[i] && input->rowtime[i];
      if (input->schema[i].type.nullable) out->schema[i].type.nullable = true;
    }
  }
  out->inputs = std::move(inputs);
  return out;
}

RelPtr make_sort_rel(RelPtr input, SortRel sort) {
  return over(std::move(input), std::move(sort));
}

}  // namespace leat
