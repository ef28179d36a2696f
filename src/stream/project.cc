#include "stream/operators.h"

namespace leat {
namespace {

class Project final : public Operator {
 public:
  Project(std::vector<ExprPtr> expressions, Schema output)
      : expressions_(std::move(expressions)), output_(std::move(output)) {
    CHECK(expressions_.size() == output_.size());
  }

  Status process(int, const Batch& batch, Output& out) override {
    RowErrors errors;
    EvalContext eval{context().settings, errors};
    Selection all = all_rows_view(batch.rows);
    std::vector<ColumnPtr> columns;
    columns.reserve(expressions_.size());
    for (const ExprPtr& expression : expressions_) columns.push_back(evaluate(*expression, batch, all, eval));
    Batch projected = batch.with_columns(std::move(columns));
    if (!errors.empty()) projected = projected.gather(bury_failed(batch, all, errors, context()));
    context().account.passed += projected.rows;
    return out.emit(std::move(projected));
  }

 private:
  std::vector<ExprPtr> expressions_;
  Schema output_;
};

}  // namespace

OperatorPtr make_project(std::vector<ExprPtr> expressions, Schema output) {
  return std::make_unique<Project>(std::move(expressions), std::move(output));
}

}  // namespace leat
