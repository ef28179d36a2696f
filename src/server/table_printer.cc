#include "columnar/function.h"
#include "server/human.h"
#include "server/row_printer.h"
#include "server/text_table.h"

namespace leat {
namespace {

// What is held back to find the widths of the columns; after that, wider cells stand out.
constexpr size_t kHeldRowsMax = 10'000;

Align align_of(const DataType& type) {
  return type.is_numeric() ? Align::kRight : Align::kLeft;
}

// For rows that cannot wait for each other.
size_t usual_width(const DataType& type) {
  switch (type.kind) {
    case TypeKind::kBoolean:
      return 5;
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
      return 6;
    case TypeKind::kDate:
      return 10;
    case TypeKind::kTime:
      return 12;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return 23;
    case TypeKind::kDecimal:
      return static_cast<size_t>(type.precision) + 2;
    default:
      return 12;
  }
}

std::vector<TextColumn> text_columns(const Schema& schema) {
  std::vector<TextColumn> out;
  for (const Field& field : schema) out.push_back({field.name, align_of(field.type)});
  return out;
}

// As psql's bytea: \x and hexadecimal digits.
std::string hexadecimal(BytesView bytes) {
  std::string out = "\\x";
  for (char c : bytes) {
    auto byte = static_cast<unsigned char>(c);
    out += {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
  }
  return out;
}

class TablePrinter final : public RowPrinter {
 public:
  TablePrinter(PrintContext context, bool at_once)
      : context_(context), layout_(text_columns(context.schema)), holding_(!at_once) {
    if (!at_once) return;
    for (size_t i = 0; i < context.schema.size(); ++i) layout_.widen(i, usual_width(context.schema[i].type));
  }

  Status rows(const Batch& batch) override {
    for (uint32_t row = 0; row < batch.rows; ++row) {
      std::vector<std::string> cells;
      for (const ColumnPtr& column : batch.columns) cells.push_back(cell(*column, row));
      if (holding_) {
        layout_.fit(cells);
        held_.push_back(std::move(cells));
        if (held_.size() == kHeldRowsMax) TRY(release());
      } else {
        TRY(write(cells));
      }
    }
    rows_ += batch.rows;
    return {};
  }

  Status end() override {
    TRY(release());
    return context_.out.write("(" + human_count(rows_) + (rows_ == 1 ? " row)\n" : " rows)\n"));
  }

 private:
  std::string cell(const Column& column, uint32_t row) const {
    if (!column.valid(row)) return "NULL";
    if (column.type().is_binary()) return hexadecimal(column.bytes()[row]);
    return printable_line(value_to_text(column.value(row), column.type(), context_.settings));
  }

  // The header, before the first row; whether there is one depends on how wide the table came to be.
  Status begin() {
    if (begun_) return {};
    begun_ = true;
    size_t width_max = context_.out.width();
    records_ = width_max > 0 && layout_.width() > width_max;
    return records_ ? Status{} : context_.out.write(layout_.header());
  }

  Status write(const std::vector<std::string>& cells) {
    TRY(begin());
    ++written_;
    return context_.out.write(records_ ? layout_.record(written_, cells) : layout_.row(cells));
  }

  Status release() {
    holding_ = false;
    if (held_.empty()) return begin();
    for (const auto& cells : held_) TRY(write(cells));
    held_.clear();
    return {};
  }

  PrintContext context_;
  TextTableLayout layout_;
  std::vector<std::vector<std::string>> held_;
  int64_t rows_ = 0, written_ = 0;
  bool holding_, begun_ = false, records_ = false;
};

}  // namespace

std::unique_ptr<RowPrinter> make_table_printer(PrintContext context, bool at_once) {
  return std::make_unique<TablePrinter>(context, at_once);
}

}  // namespace leat
