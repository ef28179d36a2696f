#include "server/show_printer.h"

#include <algorithm>

#include "dlq/json_object.h"
#include "server/human.h"
#include "server/text_table.h"

namespace leat {
namespace {

Bytes json_lines(const TextTable& table) {
  Bytes out;
  for (const auto& row : table.rows) {
    JsonObject object(out);
    for (size_t i = 0; i < row.size(); ++i) object.text(table.columns[i], row[i]);
    object.close();
    out += '\n';
  }
  return out;
}

TextTable without_empty_columns(const TextTable& table) {
  TextTable out;
  out.rows.resize(table.rows.size());
  for (size_t i = 0; i < table.columns.size(); ++i) {
    auto is_empty = [i](const auto& row) { return row[i].empty(); };
    if (std::all_of(table.rows.begin(), table.rows.end(), is_empty)) continue;
    out.columns.push_back(table.columns[i]);
    for (size_t row = 0; row < out.rows.size(); ++row) out.rows[row].push_back(table.rows[row][i]);
  }
  return out;
}

std::string aligned(const TextTable& table, size_t width_max) {
  std::vector<TextColumn> columns;
  for (const std::string& name : table.columns) columns.push_back({name});
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : table.rows) {
    rows.emplace_back();
    for (const std::string& cell : row) rows.back().push_back(printable_line(cell));
  }
  return text_table(std::move(columns), rows, width_max);
}

std::string fitted(const TextTable& table, size_t width_max) {
  std::string out = aligned(table, 0);
  bool fits = width_max == 0 || display_width(BytesView(out).substr(0, out.find('\n'))) <= width_max;
  if (!fits) out = aligned(without_empty_columns(table), width_max);
  return out + "(" + human_count(static_cast<int64_t>(table.rows.size())) +
         (table.rows.size() == 1 ? " row)\n" : " rows)\n");
}

// As the rows of a query of STRING columns.
Status write_csv(const TextTable& table, TextOut& out) {
  Schema schema;
  for (const std::string& name : table.columns) schema.push_back({name, DataType::string()});
  EvalSettings settings;
  auto printer = make_csv_printer({schema, settings, out});
  for (const auto& row : table.rows) {
    Batch batch;
    batch.rows = 1;
    for (const std::string& cell : row) batch.columns.push_back(Column::constant(DataType::string(), Value{cell}, 1));
    TRY(printer->rows(batch));
  }
  return printer->end();
}

}  // namespace

Status print_text_table(const TextTable& table, ResultFormat format, TextOut& out) {
  switch (format) {
    case ResultFormat::kTable:
      return out.write(fitted(table, out.width()));
    case ResultFormat::kCsv:
      return write_csv(table, out);
    case ResultFormat::kJson:
    case ResultFormat::kChangelogJson:
      return out.write(json_lines(table));
  }
  return {};
}

}  // namespace leat
