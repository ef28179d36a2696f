#include "leat/stream.h"

#include "api/function_plan.h"
#include "api/program_state.h"
#include "api/quote.h"

namespace leat {
namespace {

std::string comma(const std::string& list) {
  return list.empty() ? "" : ", ";
}

std::string item(const NamedExpression& column) {
  return column.expression().sql() + (column.name().empty() ? "" : " AS " + quote_name(column.name()));
}

std::string item(const Aggregation& result) {
  return result.sql() + (result.name().empty() ? "" : " AS " + quote_name(result.name()));
}

}  // namespace

Stream Stream::derive(std::string_view what, const std::string& select) const {
  auto& program = *state_->program;
  RelPtr plan = program.bind(what, select);
  return Stream(std::make_shared<detail::StreamState>(
      detail::StreamState{state_->program, plan ? program.add_view(std::move(plan)) : std::string()}));
}

Stream Stream::with_watermark(std::string_view time, std::chrono::milliseconds delay) const {
  auto& program = *state_->program;
  if (program.failed()) return *this;
  if (!program.session.tables().contains(state_->name)) {
    program.fail("with_watermark",
                 "stands directly on a table, before filter() and the like: event time begins where "
                 "rows come in");
    return *this;
  }
  std::string copy = program.add_watermarked(state_->name, std::string(time), delay);
  return Stream(std::make_shared<detail::StreamState>(detail::StreamState{state_->program, copy}));
}

Stream Stream::filter(const Expression& condition) const {
  return derive("filter", "SELECT * FROM " + quote_name(state_->name) + " WHERE " + condition.sql());
}

Stream Stream::select_columns(const std::vector<NamedExpression>& columns) const {
  std::string list;
  for (const NamedExpression& column : columns) list += comma(list) + item(column);
  return derive("select", "SELECT " + list + " FROM " + quote_name(state_->name));
}

Stream Stream::distinct() const {
  return derive("distinct", "SELECT DISTINCT * FROM " + quote_name(state_->name));
}

Stream Stream::union_all(const Stream& other) const {
  if (other.state_->program != state_->program) {
    state_->program->fail("union_all", "the other stream belongs to another program");
    return *this;
  }
  return derive("union_all", "SELECT * FROM " + quote_name(state_->name) + " UNION ALL SELECT * FROM " +
                                 quote_name(other.state_->name));
}

Stream Stream::windowed(const TimeWindow& window) const {
  TimeWindow over = window;
  Stream input = below_window(over);
  return input.derive("windowed", "SELECT * FROM " + over.sql(input.state_->name, {}));
}

// Without the columns of a window below, whose names the new window's columns have; its time goes by another one.
Stream Stream::below_window(TimeWindow& window) const {
  RelPtr rows = state_->program->bind("window", "SELECT * FROM " + quote_name(state_->name));
  if (rows == nullptr) return *this;
  constexpr const char* kTime = "time$";
  std::string kept;
  bool windows = false;
  for (const Field& field : rows->schema) {
    bool of_window = field.name == "window_start" || field.name == "window_end" || field.name == "window_time";
    windows |= of_window;
    if (!of_window) kept += comma(kept) + quote_name(field.name);
    if (!of_window || field.name != window.time_) continue;
    kept += comma(kept) + quote_name(field.name) + " AS " + quote_name(kTime);
    window.time_ = kTime;
  }
  return windows ? derive("window", "SELECT " + kept + " FROM " + quote_name(state_->name)) : *this;
}

void Stream::create_view(std::string_view name) const {
  auto& program = *state_->program;
  RelPtr plan = program.bind("create_view", "SELECT * FROM " + quote_name(state_->name));
  if (plan == nullptr) return;
  Status defined = program.session.define_view(std::string(name), std::move(plan));
  if (!defined) program.fail("create_view", defined.error().message);
}

void Stream::insert_into(std::string_view table) const {
  state_->program->run_statements(
      "insert_into", "INSERT INTO " + quote_name(table) + " SELECT * FROM " + quote_name(state_->name) + ";");
}

Stream Stream::typed(const std::vector<detail::FieldInfo>& fields) const {
  auto& program = *state_->program;
  std::string columns;
  for (const detail::FieldInfo& field : fields) columns += comma(columns) + quote_name(field.name);
  Stream chosen = derive("as", "SELECT " + columns + " FROM " + quote_name(state_->name));
  RelPtr rows = program.bind("as", "SELECT * FROM " + quote_name(chosen.state_->name));
  if (rows == nullptr) return chosen;
  auto cast = detail::cast_to_fields(std::move(rows), fields);
  if (!cast) {
    program.fail("as", cast.error().message);
    return chosen;
  }
  return Stream(
      std::make_shared<detail::StreamState>(detail::StreamState{state_->program, program.add_view(std::move(*cast))}));
}

Stream Stream::with_function(detail::Function function) const {
  auto& program = *state_->program;
  const char* what = function.name;
  RelPtr rows = program.bind(what, "SELECT * FROM " + quote_name(state_->name));
  if (rows == nullptr) return *this;
  auto plan = detail::function_plan(std::move(rows), std::move(function));
  if (!plan) {
    program.fail(what, plan.error().message);
    return *this;
  }
  return Stream(
      std::make_shared<detail::StreamState>(detail::StreamState{state_->program, program.add_view(std::move(*plan))}));
}

// The function is the end, so what it lets through goes nowhere: into a table that keeps nothing.
void Stream::end_in(detail::Function function) const {
  auto& program = *state_->program;
  auto nowhere = std::make_shared<Table>();
  nowhere->name = function.name;
  nowhere->options = {{"connector", "blackhole"}};
  RelPtr plan = program.bind(function.name, "SELECT * FROM " + quote_name(with_function(function).state_->name));
  if (plan == nullptr) return;
  for (const Field& field : plan->schema) {
    nowhere->columns.push_back({});
    nowhere->columns.back().field = field;
  }
  program.inserts.push_back({std::move(nowhere), std::move(plan)});
}

GroupedStream Stream::grouped(std::optional<TimeWindow> window, std::vector<NamedExpression> keys) const {
  if (!window) return GroupedStream(*this, std::move(window), std::move(keys));
  Stream input = below_window(*window);
  bool computed = false;
  for (const NamedExpression& key : keys) computed |= !key.is_column();
  if (!computed || !window->is_session()) return GroupedStream(input, std::move(window), std::move(keys));
  // Sessions are of columns, so a key that is not one becomes one first.
  std::string columns = "*";
  for (size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].is_column()) continue;
    std::string name = keys[i].name().empty() ? "key$" + std::to_string(i + 1) : keys[i].name();
    columns += ", " + keys[i].expression().sql() + " AS " + quote_name(name);
    keys[i] = NamedExpression(name);
  }
  return GroupedStream(derive("group_by", "SELECT " + columns + " FROM " + quote_name(state_->name)), std::move(window),
                       std::move(keys));
}

Stream GroupedStream::count() const {
  return aggregate(leat::count().as("count"));
}

Stream GroupedStream::aggregate_all(const std::vector<Aggregation>& results) const {
  std::string columns = window_ ? "window_start, window_end" : "", groups = columns, keys;
  for (const NamedExpression& key : keys_) {
    columns += comma(columns) + item(key);
    groups += comma(groups) + key.expression().sql();
    keys += comma(keys) + key.expression().sql();
  }
  for (const Aggregation& result : results) columns += comma(columns) + item(result);
  const std::string& table = input_.state_->name;
  std::string from = window_ ? window_->sql(table, keys) : quote_name(table);
  return input_.derive("aggregate", "SELECT " + columns + " FROM " + from + " GROUP BY " + groups);
}

}  // namespace leat
