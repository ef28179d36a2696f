#include "sql/aggregate_binder.h"

#include <algorithm>

#include "columnar/function.h"
#include "plan/rel_builder.h"
#include "sql/error.h"
#include "sql/lexer.h"

namespace leat {
namespace {

ExprPtr bigint(int64_t value) {
  return Expr::make_literal(Value{value}, DataType::bigint().with_nullable(false));
}

}  // namespace

uint32_t AggregateBinder::add_key(ExprPtr over_rows) {
  for (uint32_t i = 0; i < keys_.size(); ++i) {
    if (same_expr(*keys_[i], *over_rows)) return i;
  }
  keys_.push_back(std::move(over_rows));
  return key_count() - 1;
}

// A key that some grouping set leaves out is NULL there.
ExprPtr AggregateBinder::key_ref(uint32_t key) const {
  bool in_all = std::all_of(sets_.begin(), sets_.end(), [&](const auto& set) { return set.contains(key); });
  DataType type = keys_[key]->type;
  return Expr::make_column(key, in_all ? type : type.with_nullable(true));
}

ExprPtr AggregateBinder::window_ref(uint32_t which) const {
  DataType type = DataType::timestamp(3).with_nullable(false);
  if (which == 2 && window_.zoned) type = DataType::timestamp_ltz(3).with_nullable(false);
  return Expr::make_column(key_count() + which, type);
}

std::optional<ExprPtr> AggregateBinder::match(const Expr& over_rows) const {
  for (uint32_t i = 0; i < keys_.size(); ++i) {
    if (same_expr(*keys_[i], over_rows)) return key_ref(i);
  }
  if (!has_window_ || over_rows.kind != Expr::Kind::kColumn) return std::nullopt;
  int column = static_cast<int>(over_rows.column);
  if (column == window_.start) return window_ref(0);
  if (column == window_.end) return window_ref(1);
  if (column == window_.time) return window_ref(2);
  return std::nullopt;
}

Result<ExprPtr> AggregateBinder::bind(const ast::Expr& expr) {
  if (contains_aggregate(expr)) return ExpressionBinder::bind(expr);
  if (const auto* call = std::get_if<ast::Call>(&expr.node)) {
    if (auto window = window_function(upper_case(call->name))) return *window;
  }
  auto plain = rows_.bind(expr);
  if (!plain) {
    // A legacy TUMBLE_START(…) deeper inside is no function of the rows.
    if (std::holds_alternative<ast::Name>(expr.node)) return plain;
    auto over_groups = ExpressionBinder::bind(expr);
    return over_groups ? over_groups : plain;
  }
  if (auto key = match(**plain)) return *key;
  if (is_constant(**plain)) return plain;
  if (const auto* name = std::get_if<ast::Name>(&expr.node)) {
    return sql_error(script(), expr.position,
                     "column '" + name->parts.back() + "' is neither in GROUP BY nor in an aggregate");
  }
  return ExpressionBinder::bind(expr);
}

Result<ExprPtr> AggregateBinder::bind_call(const ast::Expr& at, const ast::Call& node) {
  std::string name = upper_case(node.name);
  if (name == "GROUPING" || name == "GROUPING_ID") return bind_grouping(at, node);
  std::vector<std::string> names = aggregate_names();
  if (std::find(names.begin(), names.end(), name) != names.end()) return bind_aggregate(at, node, name);
  return ExpressionBinder::bind_call(at, node);
}

// TUMBLE_START(t, …) and its kin, over a window of GROUP BY TUMBLE(t, …).
std::optional<ExprPtr> AggregateBinder::window_function(const std::string& name) const {
  if (!has_window_) return std::nullopt;
  for (const char* kind : {"TUMBLE_", "HOP_", "SESSION_"}) {
    if (name == kind + std::string("START")) return window_ref(0);
    if (name == kind + std::string("END")) return window_ref(1);
    if (name == kind + std::string("ROWTIME")) return window_ref(2);
  }
  return std::nullopt;
}

uint32_t AggregateBinder::argument(ExprPtr over_rows) {
  for (uint32_t i = 0; i < arguments_.size(); ++i) {
    if (same_expr(*arguments_[i], *over_rows)) return i;
  }
  arguments_.push_back(std::move(over_rows));
  return static_cast<uint32_t>(arguments_.size()) - 1;
}

Result<ExprPtr> AggregateBinder::bind_aggregate(const ast::Expr& at, const ast::Call& node, const std::string& name) {
  AggregateCall call;
  call.function = name;
  call.distinct = node.distinct;
  std::vector<DataType> types;
  if (node.star && name != "COUNT") return sql_error(script(), at.position, name + "(*): only COUNT takes *");
  if (!node.star && node.args.empty()) return sql_error(script(), at.position, name + " needs an argument");
  for (size_t i = 0; i < node.args.size(); ++i) {
    if (contains_aggregate(*node.args[i])) {
      return sql_error(script(), node.args[i]->position, "an aggregate cannot stand inside of another");
    }
    TRY_ASSIGN(ExprPtr arg, rows_.bind(*node.args[i]));
    types.push_back(arg->type);
    if (i > 0 && arg->kind == Expr::Kind::kLiteral)
      call.parameters.push_back(arg->literal);
    else
      call.args.push_back(argument(std::move(arg)));
  }
  if (node.filter) {
    TRY_ASSIGN(ExprPtr condition, rows_.bind(*node.filter));
    if (condition->type.kind != TypeKind::kBoolean) {
      return sql_error(script(), node.filter->position, "FILTER takes a BOOLEAN, not " + condition->type.to_string());
    }
    call.filter = static_cast<int32_t>(argument(std::move(condition)));
  }
  auto type = aggregate_type(name, types);
  if (!type) {
    return type.error().code == Errc::kUnsupported ? unsupported(script(), at.position, type.error().message)
                                                   : sql_error(script(), at.position, type.error().message);
  }
  call.type = *type;
  for (size_t i = 0; i < calls_.size(); ++i) {
    const AggregateCall& other = calls_[i];
    if (other.function == call.function && other.args == call.args && other.filter == call.filter &&
        other.distinct == call.distinct && other.parameters == call.parameters) {
      return Expr::make_column(key_count() + 3 + static_cast<uint32_t>(i), call.type);
    }
  }
  calls_.push_back(call);
  call_names_.push_back("$" + name + std::to_string(calls_.size()));
  return Expr::make_column(key_count() + 3 + static_cast<uint32_t>(calls_.size()) - 1, call.type);
}

// One bit for each argument, the first highest: 1 where the row's grouping set leaves it out.
Result<ExprPtr> AggregateBinder::bind_grouping(const ast::Expr& at, const ast::Call& node) {
  ExprPtr sum;
  for (const ast::ExprPtr& arg : node.args) {
    TRY_ASSIGN(ExprPtr bound, rows_.bind(*arg));
    auto key = std::find_if(keys_.begin(), keys_.end(), [&](const ExprPtr& k) { return same_expr(*k, *bound); });
    if (key == keys_.end()) return sql_error(script(), arg->position, "GROUPING takes expressions of GROUP BY");
    auto number = static_cast<uint32_t>(key - keys_.begin());
    ExprPtr bit = bigint(0);
    if (!sets_.empty()) {
      // The number of the set is the last key.
      std::vector<ExprPtr> args{Expr::make_column(key_count() - 1, DataType::bigint().with_nullable(false))};
      for (size_t set = 0; set < sets_.size(); ++set) {
        if (!sets_[set].contains(number)) args.push_back(bigint(static_cast<int64_t>(set)));
      }
      if (args.size() > 1) {
        TRY_ASSIGN(ExprPtr absent, call(at, "IN", std::move(args)));
        TRY_ASSIGN(bit, call(at, "CASE", {std::move(absent), bigint(1), bigint(0)}));
      }
    }
    if (sum) {
      TRY_ASSIGN(ExprPtr doubled, call(at, "*", {std::move(sum), bigint(2)}));
      TRY_ASSIGN(bit, call(at, "+", {std::move(doubled), std::move(bit)}));
    }
    sum = std::move(bit);
  }
  if (!sum) return sql_error(script(), at.position, "GROUPING needs an argument");
  return sum;
}

AggregateBinder::Finished AggregateBinder::finish(RelPtr input, std::optional<AggregateRel::Windowed> windowed,
                                                  bool needs_time) {
  // Below: the keys, the arguments, then what the window needs.
  std::vector<ExprPtr> columns = keys_;
  std::vector<std::string> names;
  for (size_t i = 0; i < keys_.size(); ++i) {
    names.push_back(keys_[i]->kind == Expr::Kind::kColumn ? input->schema[keys_[i]->column].name
                                                          : "$key" + std::to_string(i + 1));
  }
  for (size_t i = 0; i < arguments_.size(); ++i) {
    columns.push_back(arguments_[i]);
    names.push_back(arguments_[i]->kind == Expr::Kind::kColumn ? input->schema[arguments_[i]->column].name
                                                               : "$arg" + std::to_string(i + 1));
  }
  auto carry = [&](uint32_t column) {
    columns.push_back(Expr::make_column(column, input->schema[column].type));
    names.push_back(input->schema[column].name);
    return static_cast<uint32_t>(columns.size()) - 1;
  };
  AggregateRel aggregate;
  if (windowed) {
    windowed->emit_time = needs_time;
    if (windowed->start_column < 0) {
      windowed->time = carry(windowed->time);
    } else {
      windowed->start_column = static_cast<int>(carry(static_cast<uint32_t>(windowed->start_column)));
      windowed->end_column = static_cast<int>(carry(static_cast<uint32_t>(windowed->end_column)));
    }
  }
  RelPtr rel = make_project_rel(std::move(input), std::move(columns), names);
  if (!sets_.empty()) {
    // The last key is the number of the set, made here.
    Schema schema = rel->schema;
    std::vector<std::vector<ExprPtr>> projections;
    for (size_t set = 0; set < sets_.size(); ++set) {
      std::vector<ExprPtr> row;
      for (uint32_t i = 0; i < schema.size(); ++i) {
        bool number = i == key_count() - 1, absent = i < key_count() && !number && !sets_[set].contains(i);
        DataType type = rel->schema[i].type;
        if (absent) schema[i].type = type.with_nullable(true);
        row.push_back(number   ? bigint(static_cast<int64_t>(set))
                      : absent ? Expr::make_literal(Value{}, type.with_nullable(true))
                               : Expr::make_column(i, type));
      }
      projections.push_back(std::move(row));
    }
    rel = make_expand_rel(std::move(rel), std::move(projections), std::move(schema));
  }
  for (uint32_t i = 0; i < key_count(); ++i) aggregate.keys.push_back(i);
  for (AggregateCall call : calls_) {
    for (uint32_t& arg : call.args) arg += key_count();
    if (call.filter >= 0) call.filter += static_cast<int32_t>(key_count());
    aggregate.calls.push_back(std::move(call));
  }
  aggregate.windowed = windowed;
  std::vector<std::string> out_names(names.begin(), names.begin() + static_cast<ptrdiff_t>(key_count()));
  out_names.insert(out_names.end(), call_names_.begin(), call_names_.end());

  Finished out;
  int keys = static_cast<int>(key_count()), calls = static_cast<int>(calls_.size());
  for (int i = 0; i < keys; ++i) out.mapping.push_back(i);
  for (int i = 0; i < 3; ++i) out.mapping.push_back(windowed && (i < 2 || needs_time) ? keys + calls + i : -1);
  for (int i = 0; i < calls; ++i) out.mapping.push_back(keys + i);
  if (windowed)
    out.window = {out.mapping[key_count()], out.mapping[key_count() + 1], out.mapping[key_count() + 2], window_.zoned};
  out.rel = make_aggregate_rel(std::move(rel), std::move(aggregate), out_names);
  return out;
}

}  // namespace leat
