// A job as `leat run` has it: into files, with its log and its dead letters on disk, killed at ever later places.
#include "broker/embedded_topics.h"
#include "dlq/dead_letters.h"
#include "plan/rel_builder.h"
#include "test/sql_runner/changes.h"
#include "test/sql_runner/mortal_files.h"
#include "test/sql_runner/query_run.h"

namespace leat::sqltest {
namespace {

class Undisturbed final : public JobObserver {};

Status run_once(Env env, const std::string& directory, const JobPlan& plan) {
  TRY_ASSIGN(auto topics, EmbeddedTopics::open(env, directory + "/data", {}));
  TRY_ASSIGN(auto job, Job::open(env, *topics, plan, {}));
  Undisturbed observer;
  TRY(job->run(observer));
  if (job->report().balances()) return {};
  return Error{Errc::kCorruption, "the ledger does not balance"};
}

// Dies after `changes` to the disk; true if it got to its end before.
Result<bool> run_mortal(const RunContext& context, const JobPlan& plan, int64_t changes) {
  MortalFiles files(context.env.files, changes);
  Env env{context.env.clock, files, context.env.random, context.env.workers};
  Status ran = run_once(env, context.directory, plan);
  if (files.dead()) return false;
  if (!ran) return ran.error();
  return true;
}

DeadLetter as_captured(const StoredLetter& stored) {
  DeadLetter out;
  out.reason = stored.reason;
  out.table = stored.table;
  out.file = stored.file;
  out.line = stored.line;
  out.payload = stored.record.value.value_or(Bytes());
  for (DeadLetterClass cause : {DeadLetterClass::kTransient, DeadLetterClass::kData, DeadLetterClass::kCode,
                                DeadLetterClass::kPoison, DeadLetterClass::kLate}) {
    if (stored.letter_class == to_string(cause)) out.cause = cause;
  }
  if (out.cause == DeadLetterClass::kLate) {
    out.late = LateFacts{};
    for (auto [start, end] : stored.windows) out.late->windows.emplace_back(EventTime{start}, EventTime{end});
  }
  return out;
}

Status read_letters(const RunContext& context, StepResult& out) {
  EmbeddedTopicsOptions options;
  options.read_only = true;
  TRY_ASSIGN(auto topics, EmbeddedTopics::open(context.env, context.directory + "/data", options));
  EvalSettings settings = eval_settings(context.env, context.settings);
  LateRows late_rows(context.tables, settings);
  return visit_letters(*topics, {}, [&](const StoredLetter& letter) {
    append_letter(as_captured(letter), late_rows, out);
    return true;
  });
}

Status run_to_end(const RunContext& context, const JobPlan& plan, bool killed) {
  constexpr int64_t kFirst = 5, kMore = 9;  // Changes to the disk in the first life, and at least so many more in each.
  bool ended = false;
  for (int64_t changes = kFirst; killed && !ended; changes += kMore + changes / 4) {
    TRY_ASSIGN(ended, run_mortal(context, plan, changes));
  }
  if (ended) return {};
  TRY_ASSIGN(ended, run_mortal(context, plan, INT64_MAX));
  return {};
}

// A table of files for the query's rows, with names that cannot clash.
TablePtr files_for(const Schema& schema, const std::string& directory) {
  auto table = std::make_shared<Table>();
  table->name = "result";
  for (const Field& field : schema) {
    TableColumn column;
    column.field = {"c" + std::to_string(table->columns.size()), field.type.with_nullable(true)};
    table->columns.push_back(std::move(column));
  }
  table->options = {{"connector", "filesystem"}, {"path", directory + "/result"}, {"format", "json"}};
  return table;
}

RelPtr renamed(RelPtr input, const std::vector<std::string>& names) {
  std::vector<ExprPtr> columns;
  for (uint32_t i = 0; i < names.size(); ++i) columns.push_back(Expr::make_column(i, input->schema[i].type));
  return make_project_rel(std::move(input), std::move(columns), names);
}

RelPtr reading(const TablePtr& table, const Schema& schema) {
  std::vector<uint32_t> columns;
  std::vector<std::string> names;
  for (uint32_t i = 0; i < schema.size(); ++i) columns.push_back(i);
  for (const Field& field : schema) names.push_back(field.name);
  return renamed(make_scan(table, std::move(columns)), names);
}

}  // namespace

StepResult run_job(const RunContext& context, std::vector<InsertPlan> inserts, bool killed) {
  StepResult out;
  Status ran = run_to_end(context, JobPlan{"test", std::move(inserts), context.settings}, killed);
  if (ran) ran = read_letters(context, out);
  if (!ran) out.error = ran.error().message;
  return out;
}

StepResult run_killed(const RunContext& context, const RelPtr& query) {
  TablePtr table = files_for(query->schema, context.directory);
  Schema columns = table->schema();
  std::vector<std::string> names;
  for (const Field& field : columns) names.push_back(field.name);
  StepResult out;
  // Files take no updates, and JSON not every type.
  out.skipped = query->changes == Changes::kUpdates || !check_table(*table);
  if (out.skipped) return out;
  out = run_job(context, {InsertPlan{table, renamed(query, names)}}, true);
  if (!out.error.empty()) return out;
  StepResult rows = run_plain(context, reading(table, query->schema));
  if (!rows.error.empty() || !rows.dead.empty()) {
    out.error = "reading the job's files: " + rows.error + (rows.dead.empty() ? "" : rows.dead[0]);
  }
  out.rows = std::move(rows.rows);
  return out;
}

}  // namespace leat::sqltest
