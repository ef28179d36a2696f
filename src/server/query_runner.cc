#include "server/query_runner.h"

#include "connect/connector.h"
#include "env/posix.h"
#include "job/eval_settings.h"
#include "job/job.h"
#include "server/scratch_job.h"
#include "server/select_printer.h"
#include "server/show_printer.h"
#include "server/worker_threads.h"

namespace leat {
namespace {

// Whether the input of the plan ends.
Result<bool> is_bounded(const Rel& rel, const EvalSettings& settings) {
  if (const auto* scan = std::get_if<ScanRel>(&rel.node)) {
    TableOptions options;
    options.table = scan->table->name;
    options.options = scan->table->options;
    options.fields = options.physical = scan->table->physical_schema();
    options.partitioned_by = scan->table->partitioned_by;
    TRY_ASSIGN(auto source, make_source(options, settings));
    if (!source->bounded()) return false;
  }
  for (const RelPtr& input : rel.inputs) {
    TRY_ASSIGN(bool bounded, is_bounded(*input, settings));
    if (!bounded) return false;
  }
  return true;
}

}  // namespace

MaybeFailure QueryRunner::run(Outcome& outcome) {
  return std::visit([this](auto& what) { return run(what); }, outcome);
}

MaybeFailure QueryRunner::run(const Show& show) {
  return failure_of(print_text_table(show.table, parts_.options.format, parts_.console));
}

MaybeFailure QueryRunner::run(const Explained& explained) {
  std::string text = explained.text;
  if (!text.ends_with('\n')) text += '\n';
  return failure_of(parts_.console.write(text));
}

MaybeFailure QueryRunner::run(const RunQuery& query) {
  for (const std::string& warning : query.warnings) parts_.console.note(warning);
  const Settings& settings = parts_.session.settings();
  PosixEnv env(worker_threads(settings));
  const auto made = make_eval_settings(env.env(), settings);
  if (!made) return Failure{made.error(), kUsage};
  const EvalSettings& eval = *made;
  auto bounded = is_bounded(*query.query, eval);
  if (!bounded) return Failure{bounded.error()};
  LateRows late_rows(parts_.session.tables(), eval);
  auto printer =
      make_printer(parts_.options.format, {query.query->schema, eval, parts_.console}, query.query->changes, *bounded);
  SelectPrinter observer(
      {parts_.console, parts_.stop, late_rows, parts_.options, settings.on_error() == "fail", !*bounded}, *printer);
  auto report = run_query(env.env(), query.query, settings, observer);
  if (!report) return Failure{report.error()};
  if (!report->finished && parts_.console.out_is_terminal()) (void)parts_.console.write("\n");  // After the "^C".
  if (MaybeFailure failure = failure_of(printer->end())) return failure;
  if (MaybeFailure failure = failure_of(parts_.console.flush())) return failure;
  observer.summarise();
  if (report->finished) return std::nullopt;
  Error stopped{Errc::kShuttingDown, "stopped: the result is not complete"};
  if (*bounded) return Failure{std::move(stopped)};
  parts_.console.note(stopped.message);  // There is no other way to end it.
  return std::nullopt;
}

MaybeFailure QueryRunner::run(RunInserts& inserts) {
  JobPlan plan;
  plan.name = "sql";
  plan.inserts = std::move(inserts.inserts);
  plan.settings = parts_.session.settings();
  return run_scratch_job(std::move(plan), parts_.stop, parts_.console);
}

}  // namespace leat
