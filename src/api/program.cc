#include "leat/program.h"

#include "api/function_plan.h"
#include "api/program_state.h"
#include "api/quote.h"
#include "api/rows_source.h"

namespace leat {

Program::Program(std::string name) : state_(std::make_shared<detail::ProgramState>(std::move(name))) {}
Program::~Program() = default;

void Program::sql(std::string_view statements) {
  state_->run_statements("sql", statements);
}

Stream Program::from(std::string_view table) {
  RelPtr found = state_->bind("from", "SELECT * FROM " + quote_name(table));
  return Stream(
      std::make_shared<detail::StreamState>(detail::StreamState{state_, found ? std::string(table) : std::string()}));
}

Stream Program::query(std::string_view select) {
  Stream nothing(std::make_shared<detail::StreamState>(detail::StreamState{state_, {}}));
  return nothing.derive("query", std::string(select));
}

Stream Program::define_files(std::string_view table, const std::vector<detail::FieldInfo>& fields, const Files& files) {
  std::string columns, options;
  for (const Field& field : detail::schema_of(fields)) {
    columns += (columns.empty() ? "" : ", ") + quote_name(field.name) + " " + field.type.to_string();
  }
  for (const auto& [key, value] : files.options) options += ", " + quote_text(key) + " = " + quote_text(value);
  state_->run_statements("files", "CREATE TABLE " + quote_name(table) + " (" + columns +
                                      ") WITH ('connector' = 'filesystem', 'path' = " + quote_text(files.path) +
                                      ", 'format' = " + quote_text(files.format) + options + ");");
  return from(table);
}

Stream Program::define_rows(std::string_view table, const std::vector<detail::FieldInfo>& fields,
                            std::vector<std::vector<detail::OwnedCell>> rows) {
  auto stored = std::make_shared<detail::StoredRows>();
  stored->table = table;
  stored->schema = detail::schema_of(fields);
  for (auto& row : rows) {
    std::vector<Value>& values = stored->rows.emplace_back();
    for (detail::OwnedCell& cell : row) {
      values.push_back(std::visit([](auto& value) { return Value{std::move(value)}; }, cell));
    }
  }
  auto defined = std::make_shared<Table>();
  defined->name = table;
  for (const Field& field : stored->schema) {
    defined->columns.push_back({});
    defined->columns.back().field = field;
  }
  defined->own_source = [stored](const Schema& columns, uint32_t batch_rows) {
    return detail::make_rows_source(stored, columns, batch_rows);
  };
  Status done = state_->session.define_table(std::move(defined));
  if (!done) state_->fail("rows", done.error().message);
  return from(table);
}

std::string Program::explain() const {
  if (state_->failed()) return state_->error;
  std::string out;
  for (const InsertPlan& insert : state_->inserts) {
    out += "INSERT INTO " + insert.target->name + "\n" + leat::explain(*insert.query) + "\n";
  }
  return out;
}

const std::string& Program::error() const {
  return state_->error;
}

}  // namespace leat
