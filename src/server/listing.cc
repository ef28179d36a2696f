#include "server/listing.h"

#include <algorithm>

#include "dlq/json_object.h"
#include "server/human.h"

namespace leat {
namespace {

std::string for_people(const ListValue& value, Shown shown) {
  if (std::holds_alternative<std::monostate>(value)) return "-";
  if (const auto* text = std::get_if<std::string>(&value)) return printable_line(*text);
  int64_t number = std::get<int64_t>(value);
  switch (shown) {
    case Shown::kBytes:
      return human_bytes(static_cast<uint64_t>(std::max<int64_t>(number, 0)));
    case Shown::kTime:
      return human_time(number);
    case Shown::kDuration:
      return human_duration(number);
    default:
      return human_count(number);
  }
}

// Numbers as they are, and nothing in the place of nothing.
std::string for_pipes(const ListValue& value, Shown shown) {
  if (std::holds_alternative<std::monostate>(value)) return "";
  if (const auto* text = std::get_if<std::string>(&value)) return printable_line(*text);
  int64_t number = std::get<int64_t>(value);
  return shown == Shown::kTime ? human_time(number) : std::to_string(number);
}

}  // namespace

void Listing::add(std::vector<ListValue> row) {
  CHECK(row.size() == columns_.size());
  rows_.push_back(std::move(row));
}

std::string Listing::table(size_t width) const {
  std::vector<TextColumn> columns;
  for (const ListColumn& column : columns_) {
    bool text = column.shown == Shown::kText || column.shown == Shown::kTime || column.shown == Shown::kJson;
    columns.push_back({column.name, text ? Align::kLeft : Align::kRight});
  }
  std::vector<std::vector<std::string>> cells;
  for (const auto& row : rows_) {
    auto& into = cells.emplace_back();
    for (size_t i = 0; i < row.size(); ++i) into.push_back(for_people(row[i], columns_[i].shown));
  }
  return text_table(std::move(columns), cells, width);
}

std::string Listing::json_row(const std::vector<ListValue>& row) const {
  Bytes text;
  JsonObject out(text);
  for (size_t i = 0; i < row.size(); ++i) {
    std::string name = columns_[i].name;
    std::replace(name.begin(), name.end(), ' ', '_');
    const auto* number = std::get_if<int64_t>(&row[i]);
    const auto* words = std::get_if<std::string>(&row[i]);
    if (words != nullptr && columns_[i].shown == Shown::kJson) {
      out.raw(name, *words);
    } else if (words != nullptr) {
      out.text(name, *words);
    } else if (number == nullptr) {
      out.raw(name, "null");
    } else if (columns_[i].shown == Shown::kTime) {
      out.time(name, *number);
    } else if (columns_[i].shown == Shown::kDuration) {
      out.number(name + "_ms", *number);
    } else {
      out.number(name, *number);
    }
  }
  out.close();
  return text;
}

std::string Listing::json_array() const {
  std::string out = "[";
  for (const auto& row : rows_) out += (out.size() > 1 ? "," : "") + json_row(row);
  return out + "]";
}

Status Listing::write(Console& console, bool json) const {
  if (!json && console.out_is_terminal()) {
    return rows_.empty() ? Status{} : console.write(table(console.width()));
  }
  for (const auto& row : rows_) {
    std::string line;
    for (size_t i = 0; i < row.size() && !json; ++i) {
      line += (i == 0 ? "" : "\t") + for_pipes(row[i], columns_[i].shown);
    }
    TRY(console.write((json ? json_row(row) : line) + "\n"));
  }
  return {};
}

}  // namespace leat
