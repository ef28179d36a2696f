#include "sql/show.h"

namespace leat {
namespace {

std::string quoted(const std::string& name) {
  std::string out = "`";
  for (char c : name) out.append(c == '`' ? 2 : 1, c);
  return out + "`";
}

std::string text_literal(const std::string& text) {
  std::string out = "'";
  for (char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

std::string list_of(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + quoted(name);
  return out;
}

}  // namespace

TextTable describe_columns(const std::vector<std::pair<std::string, DataType>>& columns) {
  TextTable out{{"name", "type", "null", "key", "extras", "watermark"}, {}};
  for (const auto& [name, type] : columns) {
    out.rows.push_back({name, type.with_nullable(true).to_string(), type.nullable ? "TRUE" : "FALSE", "", "", ""});
  }
  return out;
}

TextTable describe_table(const Table& table) {
  TextTable out{{"name", "type", "null", "key", "extras", "watermark"}, {}};
  std::string key;
  for (const std::string& name : table.primary_key) key += (key.empty() ? "" : ", ") + name;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const TableColumn& column = table.columns[i];
    std::string extras, watermark, in_key;
    if (column.kind == TableColumn::Kind::kComputed) extras = "AS " + to_string(*column.computed, table.schema());
    if (column.kind == TableColumn::Kind::kMetadata) {
      extras = "METADATA FROM '" + column.metadata_key + "'" + (column.is_virtual ? " VIRTUAL" : "");
    }
    if (!table.watermark.empty() && table.watermark[0].column == i) {
      watermark = to_string(*table.watermark[0].expr, table.schema());
    }
    for (const std::string& name : table.primary_key) {
      if (name == column.field.name) in_key = "PRI(" + key + ")";
    }
    const DataType& type = column.field.type;
    out.rows.push_back({column.field.name,
                        type.with_nullable(true).to_string() + (watermark.empty() ? "" : " *ROWTIME*"),
                        type.nullable ? "TRUE" : "FALSE", in_key, extras, watermark});
  }
  return out;
}

std::string create_table_text(const Table& table) {
  std::string out = "CREATE TABLE " + quoted(table.name) + " (\n";
  bool first = true;
  auto line = [&](const std::string& text) {
    out += (first ? "  " : ",\n  ") + text;
    first = false;
  };
  for (const TableColumn& column : table.columns) {
    std::string text = quoted(column.field.name) + " ";
    if (column.kind == TableColumn::Kind::kComputed)
      text += "AS " + to_string(*column.computed, table.schema());
    else
      text += column.field.type.to_string();
    if (column.kind == TableColumn::Kind::kMetadata) {
      text += " METADATA FROM " + text_literal(column.metadata_key) + (column.is_virtual ? " VIRTUAL" : "");
    }
    if (!column.comment.empty()) text += " COMMENT " + text_literal(column.comment);
    line(text);
  }
  for (const Watermark& watermark : table.watermark) {
    line("WATERMARK FOR " + quoted(table.columns[watermark.column].field.name) + " AS " +
         to_string(*watermark.expr, table.schema()));
  }
  if (!table.primary_key.empty()) line("PRIMARY KEY (" + list_of(table.primary_key) + ") NOT ENFORCED");
  out += "\n)";
  if (!table.comment.empty()) out += " COMMENT " + text_literal(table.comment);
  if (!table.partitioned_by.empty()) out += " PARTITIONED BY (" + list_of(table.partitioned_by) + ")";
  out += " WITH (";
  first = true;
  for (const auto& [key, value] : table.options) {
    out += std::string(first ? "\n" : ",\n") + "  " + text_literal(key) + " = " + text_literal(value);
    first = false;
  }
  return out + "\n)";
}

TextTable list_settings(const Settings& settings) {
  TextTable out{{"key", "value"}, {}};
  for (const SettingInfo& known : Settings::known()) out.rows.push_back({known.name, settings.get(known.name)});
  return out;
}

}  // namespace leat
