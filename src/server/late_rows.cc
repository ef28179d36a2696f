#include "server/late_rows.h"

#include "format/format.h"
#include "server/row_printer.h"

namespace leat {
namespace {

constexpr const char* kDefaultFormat = "json";  // Of rows that a connector without a format made.

// The fields' values in one row; empty if they do not decode.
std::vector<ColumnPtr> decode(const Table& table, const Schema& fields, const Bytes& payload,
                              const EvalSettings& settings) {
  auto format = table.options.find("format");
  auto decoder = make_decoder(format == table.options.end() ? kDefaultFormat : format->second, table.options, fields,
                              table.physical_schema(), settings);
  if (!decoder) return {};
  auto padded = std::make_shared<Bytes>(payload);
  padded->append(RowDecoder::kPadding, '\0');
  BytesView record = BytesView(*padded).substr(0, payload.size());
  Decoded decoded = (*decoder)->decode(std::span(&record, 1), padded);
  if (decoded.good.size() != 1) return {};
  return std::move(decoded.columns);
}

void append_row(const Table& table, const Bytes& payload, const EvalSettings& settings, Bytes& out) {
  Schema schema = table.physical_schema();
  Batch batch;
  batch.rows = 1;
  batch.columns = decode(table, schema, payload, settings);
  for (size_t i = 0; batch.columns.size() < schema.size(); ++i) {
    std::vector<ColumnPtr> alone = decode(table, {schema[i]}, payload, settings);
    batch.columns.push_back(alone.empty() ? Column::constant(schema[i].type, Value{}, 1) : alone[0]);
  }
  append_row_json(batch, 0, schema, settings, out);
}

// Windows are in the terms of the time column: a TIMESTAMP's wall clock, or instants.
DataType time_type(const Table* table) {
  bool instants = table != nullptr && !table->watermark.empty() &&
                  table->columns[table->watermark[0].column].field.type.kind == TypeKind::kTimestampLtz;
  return instants ? DataType::timestamp_ltz(3) : DataType::timestamp(3);
}

}  // namespace

void LateRows::append(const DeadLetter& letter, Bytes& out) const {
  auto found = tables_.find(letter.table);
  const Table* table = found == tables_.end() ? nullptr : found->second.get();
  Bytes row;
  if (table != nullptr) {
    append_row(*table, letter.payload, settings_, row);
  } else {
    row = letter.payload;  // Made by an aggregate: its columns as JSON.
  }
  DataType type = time_type(table);
  for (const auto& [start, end] : letter.late->windows) {
    out += "{\"late\":true,\"row\":" + row + ",\"window_start\":";
    append_json(Value{start.value * 1000}, type, settings_, out);
    out += ",\"window_end\":";
    append_json(Value{end.value * 1000}, type, settings_, out);
    out += "}\n";
  }
}

}  // namespace leat
