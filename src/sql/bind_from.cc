// FROM: tables, views, subqueries and windowing table functions.
#include <algorithm>

#include "base/units.h"
#include "columnar/civil.h"
#include "columnar/function.h"
#include "plan/rel_builder.h"
#include "sql/binder.h"
#include "sql/error.h"

namespace leat {
namespace {

using Argument = ast::FunctionTable::Argument;

struct WindowParameters {
  std::vector<const char*> names;  // In their order, after DATA and TIMECOL.
  size_t required;
};

WindowParameters parameters_of(const std::string& function) {
  if (function == "TUMBLE") return {{"SIZE", "OFFSET"}, 1};
  if (function == "HOP") return {{"SLIDE", "SIZE", "OFFSET"}, 2};
  if (function == "CUMULATE") return {{"STEP", "SIZE", "OFFSET"}, 2};
  return {{"GAP"}, 1};
}

void set_aliases(BoundRelation& out, const ast::TableRef& ref, const std::string& fallback) {
  std::string alias = ref.alias.empty() ? fallback : ref.alias;
  out.aliases.assign(out.scope().size(), alias);
}

Status set_column_aliases(std::string_view script, BoundRelation& out, const ast::TableRef& ref) {
  if (ref.column_aliases.empty()) return {};
  size_t columns = out.scope().size();
  if (ref.column_aliases.size() != columns) {
    return sql_error(script, ref.position,
                     std::to_string(ref.column_aliases.size()) + " names for " + std::to_string(columns) + " columns");
  }
  out.column_names = ref.column_aliases;
  return {};
}

// 'session.max-duration' is an option of the table, however it is filtered and projected; or of the window's argument,
// as a hint. Null if there is none.
const std::string* session_max_duration(const ast::TableRef& argument, const Rel& bound) {
  auto in = [](const auto& options) -> const std::string* {
    for (const auto& [key, value] : options) {
      if (key == "session.max-duration") return &value;
    }
    return nullptr;
  };
  const auto* named = std::get_if<ast::NamedTable>(&argument.node);
  if (const std::string* hint = named == nullptr ? nullptr : in(named->hints)) return hint;
  const Rel* below = &bound;
  while (!std::holds_alternative<ScanRel>(below->node) && below->inputs.size() == 1) below = below->inputs[0].get();
  const auto* scan = std::get_if<ScanRel>(&below->node);
  return scan == nullptr ? nullptr : in(scan->table->options);
}

}  // namespace

Result<BoundRelation> QueryBinder::bind_from(const ast::Select& select) {
  if (select.from.empty()) {
    // SELECT without FROM: over one row without columns.
    BoundRelation out;
    out.rel = make_values(ValuesRel{{{}}}, {});
    return out;
  }
  if (select.from.size() > 1) return unsupported(script_, select.from[1]->position, "joins");
  return bind_table(*select.from[0]);
}

Result<BoundRelation> QueryBinder::bind_table(const ast::TableRef& ref) {
  if (std::holds_alternative<ast::JoinTable>(ref.node)) return unsupported(script_, ref.position, "joins");
  BoundRelation out;
  if (const auto* named = std::get_if<ast::NamedTable>(&ref.node)) {
    TRY_ASSIGN(out, bind_named(ref, *named));
    set_aliases(out, ref, named->name.back());
  } else if (const auto* derived = std::get_if<ast::DerivedTable>(&ref.node)) {
    TRY_ASSIGN(out, bind_query(*derived->query));
    set_aliases(out, ref, "");
  } else {
    TRY_ASSIGN(out, bind_function(ref, std::get<ast::FunctionTable>(ref.node)));
    set_aliases(out, ref, "");
  }
  TRY(set_column_aliases(script_, out, ref));
  return out;
}

Result<BoundRelation> QueryBinder::bind_named(const ast::TableRef& ref, const ast::NamedTable& named) {
  if (named.name.size() > 1) return unsupported(script_, ref.position, "catalogs and databases in a table's name");
  const std::string& name = named.name[0];
  for (size_t i = with_visible_; i-- > 0;) {
    if (with_[i].first != name) continue;
    // A common table sees those before it, never itself.
    size_t outer = std::exchange(with_visible_, i);
    auto bound = bind_query(*with_[i].second->query);
    with_visible_ = outer;
    if (bound && !with_[i].second->columns.empty()) {
      ast::TableRef renamed{with_[i].second->position, ast::NamedTable{}, "", with_[i].second->columns};
      TRY(set_column_aliases(script_, *bound, renamed));
    }
    return bound;
  }
  if (auto view = catalog_.views.find(name); view != catalog_.views.end()) return bind_view(view->second, ref.position);
  auto found = catalog_.tables.find(name);
  if (found == catalog_.tables.end()) {
    return error(ref.position, "there is no table or view '" + name + "'" + did_you_mean(name, catalog_.names()));
  }
  TablePtr table = found->second;
  if (!named.hints.empty()) {
    auto hinted = catalog_.hinted(*table, named.hints);
    if (!hinted) return sql_error(script_, ref.position, hinted.error().message, hinted.error().code);
    table = std::move(*hinted);
  }
  std::vector<uint32_t> columns(table->columns.size());
  for (uint32_t i = 0; i < columns.size(); ++i) columns[i] = i;
  BoundRelation out;
  out.rel = make_scan(std::move(table), std::move(columns));
  return out;
}

Result<BoundRelation> QueryBinder::bind_view(const View& view, ast::Position at) {
  BoundRelation out;
  if (view.plan) {
    out.rel = view.plan;
    return out;
  }
  constexpr int kViewsMax = 50;
  if (++depth_ > kViewsMax) return error(at, "views are nested too deeply");
  // A view is bound in its own text, and sees no common tables of the query that uses it.
  QueryBinder inner(catalog_, view.script);
  inner.depth_ = depth_;
  TRY_ASSIGN(out, inner.bind_query(*view.query));
  --depth_;
  if (!view.columns.empty()) {
    if (view.columns.size() != out.rel->schema.size()) {
      return error(at, "view '" + view.name + "' names " + std::to_string(view.columns.size()) +
                           " columns, its query has " + std::to_string(out.rel->schema.size()));
    }
    out.column_names = view.columns;
  }
  return out;
}

Result<BoundRelation> QueryBinder::bind_function(const ast::TableRef& ref, const ast::FunctionTable& function) {
  WindowParameters parameters = parameters_of(function.function);
  const Argument* data = nullptr;
  const Argument* time = nullptr;
  std::vector<const Argument*> rest(parameters.names.size(), nullptr);
  size_t next = 0;
  for (const Argument& argument : function.arguments) {
    bool positional = argument.name.empty();
    if (argument.table && (positional || argument.name == "DATA")) {
      data = &argument;
    } else if (!argument.descriptor.empty() && (positional || argument.name == "TIMECOL")) {
      time = &argument;
    } else {
      auto name = std::find(parameters.names.begin(), parameters.names.end(), argument.name);
      size_t place = positional ? next++ : static_cast<size_t>(name - parameters.names.begin());
      if (place >= rest.size() || !argument.value) {
        return error(argument.position, function.function + " does not take this argument");
      }
      rest[place] = &argument;
    }
  }
  if (data == nullptr) return error(ref.position, function.function + " needs a table: TABLE name");
  if (time == nullptr)
    return error(ref.position, function.function + " needs an event-time column: DESCRIPTOR(column)");
  TRY_ASSIGN(BoundRelation out, bind_table(*data->table));
  ExpressionBinder rows(script_, out.scope());
  if (!out.column_names.empty()) {
    std::vector<ExprPtr> columns;
    for (uint32_t i = 0; i < out.rel->schema.size(); ++i) {
      columns.push_back(Expr::make_column(i, out.rel->schema[i].type));
    }
    out.rel = make_project_rel(out.rel, std::move(columns), std::exchange(out.column_names, {}));
  }

  ast::Expr time_name{time->position, ast::Name{time->descriptor}};
  TRY_ASSIGN(ExprPtr time_column, rows.bind(time_name));
  bool rowtime = time_column->kind == Expr::Kind::kColumn && out.rel->rowtime[time_column->column];
  if (!rowtime) {
    return error(time->position, "'" + time->descriptor.back() +
                                     "' is no event-time column: declare a WATERMARK for it, or use window_time");
  }
  WindowFunctionRel function_rel;
  function_rel.time = time_column->column;
  for (const ast::ExprPtr& key : data->partition_by) {
    TRY_ASSIGN(ExprPtr column, rows.bind(*key));
    if (column->kind != Expr::Kind::kColumn) return error(key->position, "PARTITION BY takes columns");
    function_rel.partition_keys.push_back(column->column);
  }
  WindowSpec& spec = function_rel.window;
  spec.kind = function.function == "TUMBLE"     ? WindowKind::kTumble
              : function.function == "HOP"      ? WindowKind::kHop
              : function.function == "CUMULATE" ? WindowKind::kCumulate
                                                : WindowKind::kSession;
  if (spec.kind != WindowKind::kSession && !data->partition_by.empty()) {
    return error(data->position, "PARTITION BY is for SESSION: other windows are the same for every key");
  }
  for (size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == nullptr) {
      if (i < parameters.required) {
        return error(ref.position, function.function + " needs " + parameters.names[i] + ", an INTERVAL");
      }
      continue;
    }
    TRY_ASSIGN(ExprPtr length, rows.bind(*rest[i]->value));
    std::string name = parameters.names[i];
    TRY_ASSIGN(int64_t ms, window_length(length, rest[i]->position, name));
    if (name != "OFFSET" && ms <= 0) return error(rest[i]->position, name + " is more than nothing");
    (name == "OFFSET" ? spec.offset_ms : name == "SLIDE" || name == "STEP" ? spec.step_ms : spec.size_ms) = ms;
  }
  TRY(check_window(spec, ref.position));
  if (spec.kind == WindowKind::kSession) {
    if (const std::string* option = session_max_duration(*data->table, *out.rel)) {
      auto ms = parse_duration_ms(*option);
      if (!ms) return error(data->position, "'session.max-duration': " + ms.error().message);
      spec.max_duration_ms = *ms;
    }
  }
  auto base = static_cast<int>(out.rel->schema.size());
  out.window = {base, base + 1, base + 2, time_column->type.kind == TypeKind::kTimestampLtz};
  out.rel = make_window_rel(out.rel, std::move(function_rel));
  return out;
}

Result<int64_t> QueryBinder::window_length(const ExprPtr& bound, ast::Position at, const std::string& name) const {
  ExprPtr length = fold_constants(bound);
  if (length->kind != Expr::Kind::kLiteral || length->type.kind != TypeKind::kIntervalMicros) {
    return error(at, name + " takes an INTERVAL of days or less");
  }
  int64_t micros = std::get<int64_t>(length->literal.data);
  if (micros % kMicrosPerMilli != 0) return error(at, name + " is in whole milliseconds");
  return micros / kMicrosPerMilli;
}

Status QueryBinder::check_window(const WindowSpec& window, ast::Position at) const {
  if (window.size_ms <= 0) return error(at, "a window is longer than nothing");
  bool hop = window.kind == WindowKind::kHop;
  if (!hop && window.kind != WindowKind::kCumulate) return {};
  if (window.step_ms <= 0) return error(at, "a window moves by more than nothing");
  if (window.size_ms % window.step_ms == 0) return {};
  return error(at, std::string(hop ? "HOP" : "CUMULATE") + ": the size must be a whole multiple of the " +
                       (hop ? "slide" : "step"));
}

Status QueryBinder::filter(BoundRelation& input, const ast::Expr& condition) {
  if (contains_aggregate(condition)) return error(condition.position, "WHERE takes no aggregates: use HAVING");
  ExpressionBinder rows(script_, input.scope());
  TRY_ASSIGN(ExprPtr bound, rows.bind(condition));
  if (bound->type.kind != TypeKind::kBoolean) {
    return error(condition.position, "WHERE takes a BOOLEAN, not " + bound->type.to_string());
  }
  input.rel = make_filter_rel(input.rel, std::move(bound));
  return {};
}

}  // namespace leat
