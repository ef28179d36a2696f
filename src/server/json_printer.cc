#include "format/format.h"
#include "server/row_printer.h"

namespace leat {
namespace {

class JsonPrinter final : public RowPrinter {
 public:
  JsonPrinter(PrintContext context, bool changes) : context_(context), changes_(changes) {}

  Status rows(const Batch& batch) override {
    Bytes text;
    for (uint32_t row = 0; row < batch.rows; ++row) {
      if (changes_) text.append("{\"op\":\"").append(op_name(batch.kind(row))).append("\",\"row\":");
      append_row_json(batch, row, context_.schema, context_.settings, text);
      text += changes_ ? "}\n" : "\n";
    }
    return context_.out.write(text);
  }

  Status end() override { return {}; }

 private:
  PrintContext context_;
  bool changes_;
};

}  // namespace

void append_row_json(const Batch& batch, uint32_t row, const Schema& schema, const EvalSettings& settings, Bytes& out) {
  out += '{';
  for (size_t i = 0; i < schema.size(); ++i) {
    if (i > 0) out += ',';
    append_json_string(schema[i].name, out);
    out += ':';
    append_json(*batch.columns[i], row, settings, out);
  }
  out += '}';
}

const char* op_name(RowKind kind) {
  switch (kind) {
    case RowKind::kInsert:
      return "+I";
    case RowKind::kUpdateBefore:
      return "-U";
    case RowKind::kUpdateAfter:
      return "+U";
    case RowKind::kDelete:
      return "-D";
  }
  return "";
}

std::unique_ptr<RowPrinter> make_json_printer(PrintContext context) {
  return std::make_unique<JsonPrinter>(context, false);
}

std::unique_ptr<RowPrinter> make_changelog_printer(PrintContext context) {
  return std::make_unique<JsonPrinter>(context, true);
}

}  // namespace leat
