// SELECT: projections, and grouping with its aggregates.
#include <algorithm>

#include "columnar/function.h"
#include "plan/rel_builder.h"
#include "sql/binder.h"
#include "sql/error.h"
#include "sql/select_binder.h"

namespace leat {
namespace {

bool is_star(const ast::Expr& expr) {
  return std::holds_alternative<ast::Star>(expr.node);
}

bool needs_aggregate(const ast::Select& select, const ast::Query& whole) {
  if (select.grouped || select.having) return true;
  for (const ast::SelectItem& item : select.items) {
    if (!is_star(*item.value) && contains_aggregate(*item.value)) return true;
  }
  for (const ast::OrderItem& item : whole.order_by) {
    if (contains_aggregate(*item.value)) return true;
  }
  return false;
}

// The columns that * and t.* stand for, as items of their own.
Result<std::vector<ast::SelectItem>> expand_stars(const ast::Select& select, const std::vector<ScopeColumn>& scope,
                                                  std::string_view script) {
  std::vector<ast::SelectItem> out;
  for (const ast::SelectItem& item : select.items) {
    const auto* star = std::get_if<ast::Star>(&item.value->node);
    if (star == nullptr) {
      out.push_back(item);
      continue;
    }
    size_t before = out.size();
    for (const ScopeColumn& column : scope) {
      if (!star->qualifier.empty() && column.table != star->qualifier.back()) continue;
      ast::Name name;
      if (!column.table.empty()) name.parts.push_back(column.table);
      name.parts.push_back(column.field.name);
      out.push_back({std::make_shared<ast::Expr>(ast::Expr{item.value->position, std::move(name)}), column.field.name});
    }
    if (out.size() == before) {
      std::string what = star->qualifier.empty() ? "* has no columns here: there is no FROM"
                                                 : "no table is named '" + star->qualifier.back() + "' here";
      return sql_error(script, item.value->position, what);
    }
  }
  return out;
}

std::optional<int64_t> ordinal(const ast::Expr& expr) {
  const auto* number = std::get_if<ast::NumberLiteral>(&expr.node);
  if (number == nullptr || number->text.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return number->text.size() > 9 ? INT64_MAX : std::stoll(number->text);
}

}  // namespace

Result<BoundRelation> QueryBinder::bind_select(const ast::Select& select, const ast::Query& whole, ast::Position at) {
  TRY_ASSIGN(BoundRelation input, bind_from(select));
  if (select.where) TRY(filter(input, *select.where));
  SelectBinder binder(*this, std::move(input), select, whole, at);
  return binder.run(needs_aggregate(select, whole));
}

Result<BoundRelation> QueryBinder::bind_ordered(BoundRelation input, const ast::Select& all, const ast::Query& query) {
  return SelectBinder(*this, std::move(input), all, query, query.position).run(false);
}

Result<BoundRelation> SelectBinder::run(bool aggregates) {
  TRY_ASSIGN(items_, expand_stars(select_, input_.scope(), queries_.script_));
  if (aggregates) {
    TRY(aggregate());
  } else {
    binder_ = std::make_unique<ExpressionBinder>(queries_.script_, input_.scope());
  }
  TRY(bind_items());
  TRY(bind_order());
  TRY_ASSIGN(RelPtr rel, finish_source());
  return finish(std::move(rel));
}

Status SelectBinder::bind_items() {
  for (size_t i = 0; i < items_.size(); ++i) {
    TRY_ASSIGN(ExprPtr bound, binder_->bind(*items_[i].value));
    if (bound->type.kind == TypeKind::kNull) {
      return sql_error(queries_.script_, items_[i].value->position,
                       "NULL has no type here: write CAST(NULL AS a type)");
    }
    outputs_.push_back(std::move(bound));
    names_.push_back(items_[i].alias.empty() ? default_name(*items_[i].value, i) : items_[i].alias);
  }
  visible_ = outputs_.size();
  return {};
}

// Ordinals and aliases of the select list; other expressions are carried along and dropped after sorting.
Status SelectBinder::bind_order() {
  for (const ast::OrderItem& item : whole_.order_by) {
    uint32_t column = static_cast<uint32_t>(outputs_.size());
    auto number = ordinal(*item.value);
    const auto* name = std::get_if<ast::Name>(&item.value->node);
    if (number) {
      if (*number < 1 || *number > static_cast<int64_t>(visible_)) {
        return sql_error(
            queries_.script_, item.value->position,
            "ORDER BY " + std::to_string(*number) + ": the query has " + std::to_string(visible_) + " columns");
      }
      column = static_cast<uint32_t>(*number - 1);
    } else if (name != nullptr && name->parts.size() == 1 && alias_index(name->parts[0]) < visible_) {
      column = static_cast<uint32_t>(alias_index(name->parts[0]));
    } else {
      TRY_ASSIGN(ExprPtr bound, binder_->bind(*item.value));
      auto same =
          std::find_if(outputs_.begin(), outputs_.end(), [&](const ExprPtr& e) { return same_expr(*e, *bound); });
      column = static_cast<uint32_t>(same - outputs_.begin());
      if (same == outputs_.end()) {
        outputs_.push_back(std::move(bound));
        names_.push_back("$order" + std::to_string(outputs_.size()));
      }
    }
    sort_.keys.push_back({column, item.descending, item.nulls_first.value_or(!item.descending)});
  }
  sort_.offset = whole_.offset.value_or(0);
  sort_.limit = whole_.limit.value_or(-1);
  return {};
}

size_t SelectBinder::alias_index(const std::string& name) const {
  for (size_t i = 0; i < visible_; ++i) {
    if (names_[i] == name) return i;
  }
  return visible_;
}

Result<BoundRelation> SelectBinder::finish(RelPtr rel) {
  BoundRelation out;
  // Where the window columns of the source went: a query above may group by them.
  if (window_source_) {
    auto went = [&](int column) {
      for (size_t i = 0; i < visible_; ++i) {
        if (column >= 0 && outputs_[i]->kind == Expr::Kind::kColumn &&
            outputs_[i]->column == static_cast<uint32_t>(column)) {
          return static_cast<int>(i);
        }
      }
      return -1;
    };
    out.window = {went(window_source_->start), went(window_source_->end), went(window_source_->time),
                  window_source_->zoned};
  }
  rel = make_project_rel(std::move(rel), outputs_, names_);
  if (select_.distinct) {
    if (outputs_.size() > visible_) {
      return sql_error(queries_.script_, at_, "with SELECT DISTINCT, ORDER BY takes selected columns only");
    }
    AggregateRel distinct;
    for (uint32_t i = 0; i < visible_; ++i) distinct.keys.push_back(i);
    if (out.window.start >= 0 && out.window.end >= 0) {
      // Distinct within each window: final when the window is.
      std::erase(distinct.keys, static_cast<uint32_t>(out.window.start));
      std::erase(distinct.keys, static_cast<uint32_t>(out.window.end));
      if (out.window.time >= 0) std::erase(distinct.keys, static_cast<uint32_t>(out.window.time));
      AggregateRel::Windowed windowed;
      windowed.start_column = out.window.start;
      windowed.end_column = out.window.end;
      windowed.zoned = out.window.zoned;
      windowed.emit_time = out.window.time >= 0;
      distinct.windowed = windowed;
      std::vector<uint32_t> keys = distinct.keys;
      std::vector<std::string> key_names;
      for (uint32_t key : keys) key_names.push_back(names_[key]);
      rel = make_aggregate_rel(std::move(rel), std::move(distinct), key_names);
      std::vector<ExprPtr> back(visible_);
      for (uint32_t i = 0; i < keys.size(); ++i) back[keys[i]] = Expr::make_column(i, rel->schema[i].type);
      auto k = static_cast<uint32_t>(keys.size());
      back[static_cast<size_t>(out.window.start)] = Expr::make_column(k, rel->schema[k].type);
      back[static_cast<size_t>(out.window.end)] = Expr::make_column(k + 1, rel->schema[k + 1].type);
      if (out.window.time >= 0) {
        back[static_cast<size_t>(out.window.time)] = Expr::make_column(k + 2, rel->schema[k + 2].type);
      }
      rel = make_project_rel(std::move(rel), std::move(back), names_);
    } else {
      rel = make_aggregate_rel(std::move(rel), std::move(distinct), names_);
    }
  }
  if (!sort_.keys.empty() || sort_.offset > 0 || sort_.limit >= 0) {
    rel = make_sort_rel(std::move(rel), sort_);
  }
  if (outputs_.size() > visible_) {
    std::vector<ExprPtr> kept;
    for (uint32_t i = 0; i < visible_; ++i) kept.push_back(Expr::make_column(i, rel->schema[i].type));
    names_.resize(visible_);
    rel = make_project_rel(std::move(rel), std::move(kept), names_);
  }
  out.aliases.assign(visible_, "");
  out.rel = std::move(rel);
  return out;
}

}  // namespace leat
