// GROUP BY: keys, grouping sets, and the choice of a window.
#include <algorithm>
#include <map>

#include "plan/rel_builder.h"
#include "sql/error.h"
#include "sql/lexer.h"
#include "sql/select_binder.h"

namespace leat {
namespace {

using Sets = std::vector<std::set<uint32_t>>;

constexpr size_t kSetsMax = 1024;
constexpr uint32_t kWindowKey = 1u << 30;  // Stands for window_start among keys; the next two for the others.

// Every set of one element combined with every set of the next, as the standard has it.
Sets combine(const Sets& left, const Sets& right) {
  Sets out;
  for (const auto& a : left) {
    for (const auto& b : right) {
      out.push_back(a);
      out.back().insert(b.begin(), b.end());
    }
  }
  return out;
}

Sets sets_of(ast::GroupItem::Kind kind, const std::vector<std::set<uint32_t>>& elements) {
  if (kind == ast::GroupItem::Kind::kSets || kind == ast::GroupItem::Kind::kExpression) return elements;
  Sets out;
  if (kind == ast::GroupItem::Kind::kRollup) {
    for (size_t length = elements.size() + 1; length-- > 0;) {
      out.emplace_back();
      for (size_t i = 0; i < length; ++i) out.back().insert(elements[i].begin(), elements[i].end());
    }
    return out;
  }
  for (size_t bits = size_t{1} << elements.size(); bits-- > 0;) {
    out.emplace_back();
    for (size_t i = 0; i < elements.size(); ++i) {
      if (bits >> (elements.size() - 1 - i) & 1) out.back().insert(elements[i].begin(), elements[i].end());
    }
  }
  return out;
}

// TUMBLE, HOP or SESSION; empty if the expression is another.
std::string legacy_window(const ast::Expr& expr) {
  const auto* call = std::get_if<ast::Call>(&expr.node);
  if (call == nullptr) return {};
  std::string name = upper_case(call->name);
  return name == "TUMBLE" || name == "HOP" || name == "SESSION" ? name : std::string();
}

}  // namespace

// GROUP BY TUMBLE(time, size), HOP(time, slide, size), SESSION(time, gap): Flink's older way to say a window.
Status SelectBinder::take_legacy_window(const ast::Expr& expr) {
  std::string name = legacy_window(expr);
  if (name.empty()) return {};
  const auto& call = std::get<ast::Call>(expr.node);
  size_t arity = name == "HOP" ? 3 : 2;
  if (call.args.size() != arity) {
    return sql_error(queries_.script_, expr.position, name + " takes " + std::to_string(arity) + " arguments here");
  }
  if (legacy_) return sql_error(queries_.script_, expr.position, "there is a window already");
  ExpressionBinder rows(queries_.script_, input_.scope());
  TRY_ASSIGN(ExprPtr time, rows.bind(*call.args[0]));
  bool rowtime = time->kind == Expr::Kind::kColumn && input_.rel->rowtime[time->column];
  if (!rowtime) {
    return sql_error(queries_.script_, call.args[0]->position,
                     "a window needs an event-time column: one that a WATERMARK is declared for");
  }
  std::vector<int64_t> lengths;
  for (size_t i = 1; i < arity; ++i) {
    TRY_ASSIGN(ExprPtr length, rows.bind(*call.args[i]));
    TRY_ASSIGN(int64_t ms, queries_.window_length(length, call.args[i]->position, "the window"));
    lengths.push_back(ms);
  }
  WindowFunctionRel window;
  window.time = time->column;
  window.window.kind = name == "TUMBLE" ? WindowKind::kTumble : name == "HOP" ? WindowKind::kHop : WindowKind::kSession;
  window.window.size_ms = lengths.back();
  if (name == "HOP") window.window.step_ms = lengths[0];
  TRY(queries_.check_window(window.window, expr.position));
  legacy_ = std::move(window);
  auto base = static_cast<int>(input_.rel->schema.size());
  input_.window = {base, base + 1, base + 2, time->type.kind == TypeKind::kTimestampLtz};
  return {};
}

Status SelectBinder::bind_group_items(AggregateBinder& binder) {
  std::map<uint32_t, ExprPtr> window_keys;  // By kWindowKey and which column of the window it is.
  auto add = [&](const ast::Expr& expr, std::set<uint32_t>& set) -> Status {
    if (contains_aggregate(expr)) {
      return sql_error(queries_.script_, expr.position, "GROUP BY takes no aggregates");
    }
    if (!legacy_window(expr).empty()) {
      set.insert({kWindowKey, kWindowKey + 1});
      return {};
    }
    TRY_ASSIGN(ExprPtr key, binder.rows().bind(expr));
    if (key->kind == Expr::Kind::kLiteral) {
      return sql_error(queries_.script_, expr.position, "GROUP BY takes columns and expressions, not constants");
    }
    int column = key->kind == Expr::Kind::kColumn ? static_cast<int>(key->column) : -2;
    const int of_window[] = {input_.window.start, input_.window.end, input_.window.time};
    for (uint32_t which = 0; which < 3; ++which) {
      if (column != of_window[which]) continue;
      window_keys[kWindowKey + which] = std::move(key);
      set.insert(kWindowKey + which);
      return {};
    }
    set.insert(binder.add_key(std::move(key)));
    return {};
  };
  Sets all{{}};
  bool several = false;
  for (const ast::GroupItem& item : select_.group_by) {
    std::vector<std::set<uint32_t>> elements;
    for (const auto& exprs : item.sets) {
      elements.emplace_back();
      for (const ast::ExprPtr& expr : exprs) TRY(add(*expr, elements.back()));
    }
    if (item.kind == ast::GroupItem::Kind::kCube && elements.size() > 10) {
      return sql_error(queries_.script_, item.position, "CUBE of more than 10 expressions");
    }
    several |= item.kind != ast::GroupItem::Kind::kExpression;
    all = combine(all, sets_of(item.kind, elements));
    if (all.size() > kSetsMax) return sql_error(queries_.script_, item.position, "more than 1024 grouping sets");
  }
  windowed_ = std::all_of(all.begin(), all.end(), [](const std::set<uint32_t>& set) {
    return set.contains(kWindowKey) && set.contains(kWindowKey + 1);
  });
  // A whole window is no key: its groups are complete when it is. Its columns alone are keys like any other.
  for (uint32_t which = kWindowKey; which < kWindowKey + 3; ++which) {
    bool key = !windowed_ && window_keys.contains(which);
    uint32_t number = key ? binder.add_key(window_keys[which]) : 0;
    for (auto& set : all) {
      if (set.erase(which) > 0 && key) set.insert(number);
    }
  }
  if (several) {
    binder.add_key(Expr::make_literal(Value{int64_t{0}}, DataType::bigint().with_nullable(false)));
    binder.set_grouping_sets(std::move(all));
  }
  return {};
}

Status SelectBinder::aggregate() {
  for (const ast::GroupItem& item : select_.group_by) {
    for (const auto& set : item.sets) {
      for (const ast::ExprPtr& expr : set) TRY(take_legacy_window(*expr));
    }
  }
  BoundRelation shown = input_;
  if (legacy_) shown.rel = make_window_rel(input_.rel, *legacy_);
  auto binder = std::make_unique<AggregateBinder>(queries_.script_, shown.scope());
  grouped_ = binder.get();
  TRY(bind_group_items(*binder));
  if (windowed_) binder->set_window(input_.window);
  if (!windowed_ && legacy_) return sql_error(queries_.script_, at_, "the window of GROUP BY was not understood");
  binder_ = std::move(binder);
  if (!select_.having) return {};
  TRY_ASSIGN(having_, binder_->bind(*select_.having));
  if (having_->type.kind == TypeKind::kBoolean) return {};
  return sql_error(queries_.script_, select_.having->position,
                   "HAVING takes a BOOLEAN, not " + having_->type.to_string());
}

// The rows that the outputs are over; remaps the outputs to it.
Result<RelPtr> SelectBinder::finish_source() {
  if (grouped_ == nullptr) {
    window_source_ = input_.window;
    return input_.rel;
  }
  std::optional<AggregateRel::Windowed> windowed;
  if (windowed_) windowed = AggregateRel::Windowed();
  if (legacy_) {
    windowed->window = legacy_->window;
    windowed->time = legacy_->time;
  } else if (windowed_) {
    windowed->start_column = input_.window.start;
    windowed->end_column = input_.window.end;
    windowed->zoned = input_.window.zoned;
  }
  std::vector<bool> used(grouped_->width(), false);
  auto mark = [&](const ExprPtr& expr) {
    if (expr) collect_columns(*expr, used);
  };
  for (const ExprPtr& output : outputs_) mark(output);
  mark(having_);
  bool needs_time = windowed_ && used[grouped_->time_number()];
  auto finished = grouped_->finish(input_.rel, std::move(windowed), needs_time);
  for (ExprPtr& output : outputs_) output = remap_columns(output, finished.mapping);
  if (windowed_) window_source_ = finished.window;
  if (!having_) return finished.rel;
  return make_filter_rel(finished.rel, remap_columns(having_, finished.mapping));
}

}  // namespace leat
