#include <algorithm>

#include "api/cell_function.h"
#include "api/program_state.h"
#include "api/quote.h"
#include "leat/leat.h"

namespace leat {
namespace {

std::string join(const std::vector<Expression>& expressions) {
  std::string out;
  for (const Expression& expression : expressions) out += (out.empty() ? "" : ", ") + expression.sql();
  return out;
}

// An interval of any length in a form that Flink takes: whole seconds with their leading precision, then a fraction.
std::string interval(std::chrono::milliseconds duration) {
  int64_t ms = duration.count();
  std::string seconds = std::to_string(ms / 1000), fraction = std::to_string(1000 + ms % 1000).substr(1);
  return "INTERVAL '" + seconds + "." + fraction + "' SECOND(" + std::to_string(std::max<size_t>(2, seconds.size())) +
         ", 3)";
}

// The text of an expression without " AS `name`", for GROUP BY.
std::string without_name(const std::string& sql) {
  size_t at = sql.rfind(" AS `");
  return at == std::string::npos || sql.back() != '`' ? sql : sql.substr(0, at);
}

std::string table_function(const TimeWindow& window, const std::string& table, const std::string& keys) {
  std::string time = "DESCRIPTOR(" + quote_name(window.time) + ")";
  std::string offset = window.offset.count() == 0 ? "" : ", " + interval(window.offset);
  switch (window.kind) {
    case TimeWindow::Kind::kTumble:
      return "TUMBLE(TABLE " + table + ", " + time + ", " + interval(window.size) + offset + ")";
    case TimeWindow::Kind::kHop:
      return "HOP(TABLE " + table + ", " + time + ", " + interval(window.step) + ", " + interval(window.size) + offset +
             ")";
    case TimeWindow::Kind::kCumulate:
      return "CUMULATE(TABLE " + table + ", " + time + ", " + interval(window.step) + ", " + interval(window.size) +
             offset + ")";
    case TimeWindow::Kind::kSession: {
      std::string hint =
          window.max_duration.count() == 0
              ? ""
              : " /*+ OPTIONS('session.max-duration' = '" + std::to_string(window.max_duration.count()) + " ms') */";
      std::string partition = keys.empty() ? "" : " PARTITION BY (" + keys + ")";
      return "SESSION(TABLE " + table + hint + partition + ", " + time + ", " + interval(window.size) + ")";
    }
  }
  return {};
}

}  // namespace

TimeWindow window(std::string_view time, std::chrono::milliseconds size) {
  return {TimeWindow::Kind::kTumble, std::string(time), size};
}
TimeWindow hopping(std::string_view time, std::chrono::milliseconds size, std::chrono::milliseconds slide) {
  return {TimeWindow::Kind::kHop, std::string(time), size, slide};
}
TimeWindow cumulating(std::string_view time, std::chrono::milliseconds max_size, std::chrono::milliseconds step) {
  return {TimeWindow::Kind::kCumulate, std::string(time), max_size, step};
}
TimeWindow session(std::string_view time, std::chrono::milliseconds gap, std::chrono::milliseconds max_duration) {
  TimeWindow out{TimeWindow::Kind::kSession, std::string(time), gap};
  out.max_duration = max_duration;
  return out;
}

Stream Stream::with_watermark(std::string_view time, std::chrono::milliseconds delay) const {
  auto& program = *state_->program;
  auto tables = program.session.tables();
  auto found = tables.find(state_->table);
  if (found == tables.end()) {
    program.fail("with_watermark('" + std::string(time) + "') stands directly on a table: from(\"table\")");
    return *this;
  }
  std::string name = program.add_watermarked(*found->second, std::string(time), interval(delay));
  return Stream(std::make_shared<detail::StreamState>(
      detail::StreamState{state_->program, "SELECT * FROM " + quote_name(name), name}));
}

Stream Stream::filter(const Expression& condition) const {
  return Stream(std::make_shared<detail::StreamState>(
      detail::StreamState{state_->program, "SELECT * FROM (" + state_->select + ") WHERE " + condition.sql(), {}}));
}

Stream Stream::select(const std::vector<Expression>& columns) const {
  return Stream(std::make_shared<detail::StreamState>(
      detail::StreamState{state_->program, "SELECT " + join(columns) + " FROM (" + state_->select + ")", {}}));
}

Stream Stream::union_all(const Stream& other) const {
  return Stream(std::make_shared<detail::StreamState>(
      detail::StreamState{state_->program, "(" + state_->select + ") UNION ALL (" + other.state_->select + ")", {}}));
}

GroupedStream Stream::grouped(const TimeWindow& window, std::vector<Expression> keys) const {
  return GroupedStream(*this, window, std::move(keys));
}

void Stream::insert_into(std::string_view table) const {
  state_->program->run_statements("INSERT INTO " + quote_name(table) + " " + state_->select + ";");
}

Stream Stream::with_function(std::string_view name, bool is_filter, const std::vector<FieldInfo>& input,
                             const std::vector<FieldInfo>& output, detail::CellFunction function) const {
  auto& program = *state_->program;
  // The struct's fields, found by name. A field that already has its type keeps being what it is: the event time.
  std::string columns;
  for (const FieldInfo& field : input) {
    columns += (columns.empty() ? "" : ", ") + quote_name(field.name);
  }
  RelPtr rows = program.bind("SELECT " + columns + " FROM (" + state_->select + ")");
  if (rows == nullptr) return *this;
  auto plan = detail::function_plan(std::move(rows), std::string(name), is_filter, input, output, std::move(function));
  if (!plan) {
    program.fail(std::string(name) + ": " + plan.error().message);
    return *this;
  }
  std::string view = program.add_view(*plan);
  return Stream(std::make_shared<detail::StreamState>(
      detail::StreamState{state_->program, "SELECT * FROM " + quote_name(view), {}}));
}

Stream GroupedStream::count() const {
  return aggregate({leat::count().as("count")});
}

Stream GroupedStream::aggregate(const std::vector<Expression>& results) const {
  auto& program = *input_.state_->program;
  std::string table = input_.state_->table;
  if (table.empty()) {
    RelPtr rows = program.bind(input_.state_->select);
    if (rows == nullptr) return input_;
    table = program.add_view(std::move(rows));
  }
  std::string keys, groups;
  for (const Expression& key : keys_) {
    keys += ", " + key.sql();
    groups += (groups.empty() ? "" : ", ") + without_name(key.sql());
  }
  std::string select = "SELECT window_start, window_end" + keys + ", " + join(results) + " FROM TABLE(" +
                       table_function(window_, quote_name(table), groups) + ") GROUP BY window_start, window_end" +
                       (groups.empty() ? "" : ", " + groups);
  return Stream(std::make_shared<detail::StreamState>(detail::StreamState{input_.state_->program, select, {}}));
}

}  // namespace leat
