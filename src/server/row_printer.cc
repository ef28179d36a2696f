#include "server/row_printer.h"

namespace leat {
namespace {

std::unique_ptr<RowPrinter> make_plain(ResultFormat format, PrintContext context, bool bounded) {
  switch (format) {
    case ResultFormat::kTable:
      return make_table_printer(context, !bounded);
    case ResultFormat::kCsv:
      return make_csv_printer(context);
    case ResultFormat::kJson:
      return make_json_printer(context);
    case ResultFormat::kChangelogJson:
      return make_changelog_printer(context);
  }
  return nullptr;
}

// Owns the schema that its inner printer refers to.
class WithSchema final : public RowPrinter {
 public:
  WithSchema(ResultFormat format, PrintContext context)
      : schema_(with_op_column(context.schema)),
        inner_(make_op_column(make_plain(format, {schema_, context.settings, context.out}, false))) {}
  Status rows(const Batch& batch) override { return inner_->rows(batch); }
  Status end() override { return inner_->end(); }

 private:
  Schema schema_;
  std::unique_ptr<RowPrinter> inner_;
};

}  // namespace

ResultFormat parse_result_format(const std::string& name) {
  if (name == "csv") return ResultFormat::kCsv;
  if (name == "json") return ResultFormat::kJson;
  if (name == "changelog-json") return ResultFormat::kChangelogJson;
  CHECK(name == "table");
  return ResultFormat::kTable;
}

std::unique_ptr<RowPrinter> make_printer(ResultFormat format, PrintContext context, Changes changes, bool bounded) {
  if (changes == Changes::kInsertOnly || format == ResultFormat::kChangelogJson) {
    return make_plain(format, context, bounded);
  }
  if (bounded) return make_materialiser(context.schema, make_plain(format, context, bounded));
  // There is no last state to wait for: the changes themselves are the result.
  if (format == ResultFormat::kJson) return make_changelog_printer(context);
  return std::make_unique<WithSchema>(format, context);
}

}  // namespace leat
