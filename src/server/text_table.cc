#include "server/text_table.h"

#include <algorithm>

#include "server/human.h"

namespace leat {

TextTableLayout::TextTableLayout(std::vector<TextColumn> columns) : columns_(std::move(columns)) {
  for (TextColumn& column : columns_) {
    column.name = printable_line(column.name);
    widths_.push_back(display_width(column.name));
  }
}

void TextTableLayout::fit(const std::vector<std::string>& cells) {
  for (size_t i = 0; i < cells.size(); ++i) widen(i, display_width(cells[i]));
}

void TextTableLayout::widen(size_t column, size_t width) {
  widths_[column] = std::max(widths_[column], width);
}

std::string TextTableLayout::line(const std::vector<std::string>& cells) const {
  std::string out;
  for (size_t i = 0; i < cells.size(); ++i) {
    out += i == 0 ? " " : " | ";
    size_t width = display_width(cells[i]);
    size_t padding = widths_[i] > width ? widths_[i] - width : 0;
    if (columns_[i].align == Align::kRight) out.append(padding, ' ');
    out += cells[i];
    if (columns_[i].align == Align::kLeft && i + 1 < cells.size()) out.append(padding, ' ');
  }
  out += '\n';
  return out;
}

std::string TextTableLayout::header() const {
  std::vector<std::string> names;
  std::string rule;
  for (size_t i = 0; i < columns_.size(); ++i) {
    names.push_back(columns_[i].name);
    rule += (i == 0 ? "-" : "+-") + std::string(widths_[i], '-') + "-";
  }
  return line(names) + rule + "\n";
}

std::string TextTableLayout::row(const std::vector<std::string>& cells) const {
  return line(cells);
}

size_t TextTableLayout::width() const {
  size_t out = 0;
  for (size_t width : widths_) out += width + 3;
  return out - 1;
}

std::string TextTableLayout::record(int64_t number, const std::vector<std::string>& cells) const {
  std::string out = "-[ row " + std::to_string(number) + " ]-\n";
  size_t width = 0;
  for (const TextColumn& column : columns_) width = std::max(width, display_width(column.name));
  for (size_t i = 0; i < cells.size(); ++i) {
    const std::string& name = columns_[i].name;
    out += " " + name + std::string(width - display_width(name), ' ') + " | " + cells[i] + "\n";
  }
  return out;
}

std::string text_table(std::vector<TextColumn> columns, const std::vector<std::vector<std::string>>& rows,
                       size_t width_max) {
  TextTableLayout layout(std::move(columns));
  for (const auto& row : rows) layout.fit(row);
  std::string out;
  if (width_max > 0 && layout.width() > width_max && !rows.empty()) {
    int64_t number = 0;
    for (const auto& row : rows) out += layout.record(++number, row);
    return out;
  }
  out = layout.header();
  for (const auto& row : rows) out += layout.row(row);
  return out;
}

}  // namespace leat
