#include "stream/operators.h"

namespace leat {
namespace {

// GROUPING SETS: each input row becomes one row per set, with the columns that the set leaves out as NULL.
class Expand final : public Operator {
 public:
  explicit Expand(std::vector<std::vector<ExprPtr>> projections) : projections_(std::move(projections)) {}

  Status process(int, const Batch& batch, Output& out) override {
    for (const auto& projection : projections_) {
      RowErrors errors;
      EvalContext eval{context().settings, errors};
      std::vector<ColumnPtr> columns;
      for (const ExprPtr& expr : projection) {
        columns.push_back(evaluate(*expr, batch, all_rows_view(batch.rows), eval));
      }
      CHECK(errors.empty());  // The planner puts only column references and literals here.
      TRY(out.emit(batch.with_columns(std::move(columns))));
    }
    context().account.passed += batch.rows;
    return {};
  }

 private:
  std::vector<std::vector<ExprPtr>> projections_;
};

}  // namespace

OperatorPtr make_expand(std::vector<std::vector<ExprPtr>> projections) {
  return std::make_unique<Expand>(std::move(projections));
}

}  // namespace leat
