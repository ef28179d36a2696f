// GROUP BY: keys, grouping sets, and the choice of a window.
#include <algorithm>

#include "columnar/civil.h"
#include "plan/rel_builder.h"
#include "sql/error.h"
#include "sql/select_binder.h"

namespace leat {
namespace {

using Sets = std::vector<std::set<uint32_t>>;

constexpr size_t kSetsMax = 1024;

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

}  // namespace

// GROUP BY TUMBLE(time, size), HOP(time, slide, size), SESSION(time, gap): Flink's older way to say a window.
Status SelectBinder::take_legacy_window(const ast::Expr& expr, bool& taken) {
  const auto* call = std::get_if<ast::Call>(&expr.node);
  if (call == nullptr) return {};
  std::string name = call->name;
  for (char& c : name) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  bool hop = name == "HOP";
  if (name != "TUMBLE" && !hop && name != "SESSION") return {};
  size_t arity = hop ? 3 : 2;
  if (call->args.size() != arity) {
    return sql_error(queries_.script_, expr.position, name + " takes " + std::to_string(arity) + " arguments here");
  }
  if (input_.pending) return sql_error(queries_.script_, expr.position, "there is a window already");
  ExpressionBinder rows(queries_.script_, input_.scope());
  TRY_ASSIGN(ExprPtr time, rows.bind(*call->args[0]));
  bool rowtime = time->kind == Expr::Kind::kColumn && input_.rel->rowtime[time->column];
  if (!rowtime) {
    return sql_error(queries_.script_, call->args[0]->position,
                     "a window needs an event-time column: one that a WATERMARK is declared for");
  }
  PendingWindow pending;
  pending.window.time = time->column;
  pending.window.window.kind = name == "TUMBLE" ? WindowKind::kTumble : hop ? WindowKind::kHop : WindowKind::kSession;
  std::vector<int64_t> lengths;
  for (size_t i = 1; i < arity; ++i) {
    TRY_ASSIGN(ExprPtr length, rows.bind(*call->args[i]));
    bool good = length->kind == Expr::Kind::kLiteral && length->type.kind == TypeKind::kIntervalMicros;
    if (!good) return sql_error(queries_.script_, call->args[i]->position, "expected an INTERVAL");
    lengths.push_back(std::get<int64_t>(length->literal.data) / kMicrosPerMilli);
  }
  pending.window.window.size_ms = lengths.back();
  if (hop) pending.window.window.step_ms = lengths[0];
  size_t base = input_.base_columns();
  input_.pending = pending;
  input_.window = {static_cast<int>(base), static_cast<int>(base + 1), static_cast<int>(base + 2)};
  taken = true;
  return {};
}

Status SelectBinder::bind_group_items(AggregateBinder& binder) {
  std::set<int> window_keys;
  auto add = [&](const ast::Expr& expr, std::set<uint32_t>& set) -> Status {
    if (contains_aggregate(expr)) {
      return sql_error(queries_.script_, expr.position, "GROUP BY takes no aggregates");
    }
    bool legacy = std::holds_alternative<ast::Call>(expr.node) && !binder.rows().bind(expr);
    if (legacy && input_.pending) {
      window_keys.insert({input_.window.start, input_.window.end});
      return {};
    }
    TRY_ASSIGN(ExprPtr key, binder.rows().bind(expr));
    if (key->kind == Expr::Kind::kLiteral) {
      return sql_error(queries_.script_, expr.position, "GROUP BY takes columns and expressions, not constants");
    }
    int column = key->kind == Expr::Kind::kColumn ? static_cast<int>(key->column) : -2;
    const WindowColumns& window = input_.window;
    if (column == window.start || column == window.end || column == window.time) {
      window_keys.insert(column);
      deferred_.emplace_back(column, std::move(key));
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
  windowed_ =
      window_keys.contains(input_.window.start) && window_keys.contains(input_.window.end) && input_.window.start >= 0;
  if (!windowed_) {
    // One of them alone is a column like any other.
    for (auto& [column, key] : deferred_) {
      uint32_t number = binder.add_key(std::move(key));
      for (auto& set : all) set.insert(number);
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
      for (const ast::ExprPtr& expr : set) TRY(take_legacy_window(*expr, legacy_));
    }
  }
  auto binder = std::make_unique<AggregateBinder>(queries_.script_, input_.scope());
  grouped_ = binder.get();
  TRY(bind_group_items(*binder));
  if (windowed_) binder->set_window(input_.window.start, input_.window.end, input_.window.time);
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
  if (windowed_ && merges_window()) {
    windowed = AggregateRel::Windowed();
    windowed->window = input_.pending->window.window;
    windowed->time = input_.pending->window.time;
  } else {
    input_.settle();
    if (windowed_) {
      windowed = AggregateRel::Windowed();
      windowed->start_column = input_.window.start;
      windowed->end_column = input_.window.end;
    }
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

// The aggregate can take a session window in if it groups by the keys that the sessions are of.
bool SelectBinder::merges_window() const {
  if (!input_.pending) return false;
  if (input_.pending->window.window.kind != WindowKind::kSession || legacy_) return true;  // GROUP BY SESSION(…), k.
  std::set<uint32_t> partition(input_.pending->window.partition_keys.begin(),
                               input_.pending->window.partition_keys.end());
  std::set<uint32_t> keys;
  for (const ExprPtr& key : grouped_->keys()) {
    if (key->kind != Expr::Kind::kColumn) return false;
    keys.insert(key->column);
  }
  return keys == partition;
}

}  // namespace leat
