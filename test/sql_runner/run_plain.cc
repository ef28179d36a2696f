// As `leat sql` runs a query.
#include "test/sql_runner/changes.h"
#include "test/sql_runner/query_run.h"

namespace leat::sqltest {
namespace {

class Collector final : public QueryObserver {
 public:
  Collector(const RunContext& context, const Schema& schema)
      : schema_(schema),
        settings_(eval_settings(context.env, context.settings)),
        late_rows_(context.tables, settings_) {}

  Status rows(const Batch& batch) override {
    append_changes(batch, schema_, settings_, changes_);
    return {};
  }
  Status dead_letter(const DeadLetter& letter) override {
    append_letter(letter, late_rows_, result_);
    return {};
  }
  StepResult finish() {
    apply_changes(changes_, result_);
    return std::move(result_);
  }

 private:
  const Schema& schema_;
  EvalSettings settings_;
  LateRows late_rows_;
  RowChanges changes_;
  StepResult result_;
};

}  // namespace

StepResult run_plain(const RunContext& context, const RelPtr& query) {
  Collector collector(context, query->schema);
  auto report = run_query(context.env, query, context.settings, collector);
  StepResult out;
  if (!report) {
    out.error = report.error().message;
    return out;
  }
  out = collector.finish();
  if (!report->balances()) out.error = "the ledger does not balance";
  return out;
}

}  // namespace leat::sqltest
