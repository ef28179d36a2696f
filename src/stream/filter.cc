#include <algorithm>

#include "stream/operators.h"

namespace leat {
namespace {

class Filter final : public Operator {
 public:
  explicit Filter(ExprPtr condition) : condition_(std::move(condition)) {}

  Status process(int, const Batch& batch, Output& out) override {
    RowErrors errors;
    EvalContext eval{context().settings, errors};
    Selection all = all_rows_view(batch.rows);
    std::vector<uint32_t> chosen = select_true(*condition_, batch, all, eval);
    Account& account = context().account;
    size_t alive = batch.rows;
    if (!errors.empty()) {
      // A row that failed may have come out TRUE all the same (x / 0 IS NULL).
      std::vector<uint32_t> survivors = bury_failed(batch, all, errors, context());
      alive = survivors.size();
      std::vector<uint32_t> both;
      std::set_intersection(chosen.begin(), chosen.end(), survivors.begin(), survivors.end(), std::back_inserter(both));
      chosen = std::move(both);
    }
    account.passed += static_cast<int64_t>(chosen.size());
    account.filtered += static_cast<int64_t>(alive - chosen.size());
    if (chosen.size() == batch.rows) return out.emit(batch);
    return out.emit(batch.gather(chosen));
  }

 private:
  ExprPtr condition_;
};

}  // namespace

OperatorPtr make_filter(ExprPtr condition) {
  return std::make_unique<Filter>(std::move(condition));
}

}  // namespace leat
