#include "columnar/function.h"
#include "format/format.h"
#include "server/row_printer.h"

namespace leat {
namespace {

constexpr BytesView kQuote = "\"";

void append_quoted(BytesView text, Bytes& out) {
  bool plain =
      !text.empty() && text.find_first_of("\",\r\n") == BytesView::npos && text.front() != ' ' && text.back() != ' ';
  if (plain) {
    out += text;
    return;
  }
  out += kQuote;
  for (char c : text) {
    if (c == '"') out += kQuote;
    out += c;
  }
  out += kQuote;
}

// BYTES as base64, as Flink's csv format has them.
std::string cell_text(const Value& value, const DataType& type, const EvalSettings& settings) {
  if (!type.is_binary()) return value_to_text(value, type, settings);
  Bytes json;
  append_json(value, type, settings, json);
  return json.substr(1, json.size() - 2);
}

class CsvPrinter final : public RowPrinter {
 public:
  explicit CsvPrinter(PrintContext context) : context_(context) {}

  Status rows(const Batch& batch) override {
    TRY(header());
    Bytes text;
    for (uint32_t row = 0; row < batch.rows; ++row) {
      for (size_t i = 0; i < batch.columns.size(); ++i) {
        if (i > 0) text += ',';
        const Column& column = *batch.columns[i];
        if (column.valid(row)) append_quoted(cell_text(column.value(row), column.type(), context_.settings), text);
      }
      text += '\n';
    }
    return context_.out.write(text);
  }

  Status end() override { return header(); }

 private:
  Status header() {
    if (begun_) return {};
    begun_ = true;
    Bytes text;
    for (const Field& field : context_.schema) {
      if (!text.empty()) text += ',';
      append_quoted(field.name, text);
    }
    return context_.out.write(text + "\n");
  }

  PrintContext context_;
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<RowPrinter> make_csv_printer(PrintContext context) {
  return std::make_unique<CsvPrinter>(context);
}

}  // namespace leat
