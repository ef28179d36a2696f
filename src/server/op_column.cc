#include "server/row_printer.h"

namespace leat {
namespace {

class OpColumn final : public RowPrinter {
 public:
  explicit OpColumn(std::unique_ptr<RowPrinter> inner) : inner_(std::move(inner)) {}

  Status rows(const Batch& batch) override {
    auto ops = std::make_shared<Column>(DataType::string(), batch.rows);
    for (uint32_t row = 0; row < batch.rows; ++row) ops->bytes()[row] = op_name(batch.kind(row));
    Batch with_ops = batch;
    with_ops.columns.insert(with_ops.columns.begin(), std::move(ops));
    with_ops.kinds.clear();
    return inner_->rows(with_ops);
  }

  Status end() override { return inner_->end(); }

 private:
  std::unique_ptr<RowPrinter> inner_;
};

}  // namespace

std::unique_ptr<RowPrinter> make_op_column(std::unique_ptr<RowPrinter> inner) {
  return std::make_unique<OpColumn>(std::move(inner));
}

Schema with_op_column(const Schema& schema) {
  Schema out{{"op", DataType::string()}};
  out.insert(out.end(), schema.begin(), schema.end());
  return out;
}

}  // namespace leat
