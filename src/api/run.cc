// Program::run and what is left after it.
#include "api/program_state.h"
#include "broker/embedded_topics.h"
#include "dlq/dead_letters.h"
#include "env/crash_guard.h"
#include "env/posix.h"
#include "job/job.h"
#include "leat/program.h"

namespace leat {
namespace {

using Ending = RunResult::Outcome;

Report public_report(const JobReport& report) {
  Report out;
  out.finished = report.finished;
  out.rows_in = report.total.rows_in;
  out.rows_out = report.total.rows_out;
  out.filtered = report.total.filtered;
  out.late = report.total.late;
  out.partly_late = report.total.partly_late;
  out.dead = report.total.dead;
  out.checkpoints = report.checkpoints;
  out.balanced = report.balances();
  if (report.watermark > kMinEventTime && report.watermark < kMaxEventTime) {
    out.watermark = Timestamp(std::chrono::milliseconds(report.watermark.value));
  }
  for (const auto& [name, account] : report.operators) {
    out.operators.push_back(
        {name, account.rows_in, account.rows_out, account.filtered, account.late, account.partly_late, account.dead});
  }
  return out;
}

class Observer final : public JobObserver {
 public:
  explicit Observer(const RunOptions& options) : options_(options) {}
  bool stop_requested() override { return options_.stop_requested && options_.stop_requested(); }
  void progress(const JobReport& report) override {
    if (options_.progress) options_.progress(public_report(report));
  }

 private:
  const RunOptions& options_;
};

bool has_function(const Rel& rel) {
  if (std::holds_alternative<FunctionRel>(rel.node)) return true;
  for (const RelPtr& input : rel.inputs) {
    if (has_function(*input)) return true;
  }
  return false;
}

// A guard watches over user code alone, so that a program without any keeps its own signal handlers.
Result<std::unique_ptr<CrashGuard>> open_guard(const detail::ProgramState& program, const RunOptions& options) {
  bool wanted = false;
  for (const InsertPlan& insert : program.inserts) wanted |= has_function(*insert.query);
  if (!wanted) return std::unique_ptr<CrashGuard>();
  return CrashGuard::open(options.data_directory + "/" + program.name + ".guard", options.fresh);
}

RunResult failed(const Error& error) {
  bool invalid = error.code == Errc::kInvalidArgument || error.code == Errc::kUnsupported;
  return {invalid ? Ending::kInvalid : Ending::kFailed, error.message, {}};
}

Result<RunResult> run_job(const detail::ProgramState& program, const RunOptions& options) {
  JobPlan plan{program.name, program.inserts, program.session.settings()};
  for (const auto& [name, value] : options.settings) TRY(plan.settings.set(name, value));
  int threads = plan.settings.parallelism();
  if (threads <= 0) threads = processor_count();
  PosixEnv posix(threads > 1 ? threads : 0);
  TRY_ASSIGN(auto topics, EmbeddedTopics::open(posix.env(), options.data_directory));
  TRY_ASSIGN(auto guard, open_guard(program, options));
  JobOptions job_options;
  job_options.fresh = options.fresh;
  job_options.crash_guard = guard.get();
  auto job = Job::open(posix.env(), *topics, std::move(plan), job_options);
  if (!job && job.error().code == Errc::kConflict) return RunResult{Ending::kInvalid, job.error().message, {}};
  if (!job) return std::move(job.error());
  Observer observer(options);
  Status ran = (*job)->run(observer);
  Report report = public_report((*job)->report());
  if (!ran) return RunResult{Ending::kFailed, ran.error().message, std::move(report)};
  return RunResult{report.finished ? Ending::kDone : Ending::kStopped, {}, std::move(report)};
}

LostRow lost_row(const StoredLetter& letter) {
  LostRow out;
  out.id = letter.id;
  out.table = letter.table;
  out.file = letter.file;
  out.line = letter.line;
  out.letter_class = letter.letter_class;
  out.reason = letter.reason;
  out.message = letter.message;
  out.exception = letter.exception;
  out.stack = letter.stack;
  out.operator_name = letter.op;
  out.crashes = letter.crashes;
  out.late_ms = letter.late_ms.value_or(0);
  out.value = letter.record.value.value_or(Bytes());
  return out;
}

}  // namespace

RunResult Program::run(const RunOptions& options) {
  if (state_->failed()) return {Ending::kInvalid, state_->error, {}};
  auto result = run_job(*state_, options);
  return result ? std::move(*result) : failed(result.error());
}

std::string Program::dead_letters(const std::string& data_directory,
                                  const std::function<bool(const LostRow&)>& visit) const {
  PosixEnv posix;
  auto topics = EmbeddedTopics::open(posix.env(), data_directory, {.read_only = true});
  if (!topics) return topics.error().message;
  Status visited = visit_letters(**topics, {.job = state_->name},
                                 [&visit](const StoredLetter& letter) { return visit(lost_row(letter)); });
  return visited ? std::string() : visited.error().message;
}

}  // namespace leat
