#include <algorithm>

#include "api/program_state.h"
#include "api/quote.h"
#include "broker/embedded_topics.h"
#include "env/crash_guard.h"
#include "env/posix.h"
#include "job/job.h"
#include "leat/leat.h"
#include "sql/parser.h"

namespace leat {
namespace detail {

ProgramState::ProgramState(std::string program_name) : name(std::move(program_name)), session(check_table) {}

void ProgramState::run_statements(std::string_view statements) {
  if (!error.empty()) return;
  auto script = parse_script(statements);
  if (!script) return fail(script.error().message);
  for (const auto& statement : *script) {
    auto outcome = session.execute(statement, statements);
    if (!outcome) return fail(outcome.error().message);
    if (auto* run = std::get_if<RunInserts>(&*outcome)) {
      for (InsertPlan& insert : run->inserts) inserts.push_back(std::move(insert));
    }
  }
}

RelPtr ProgramState::bind(const std::string& select) {
  if (!error.empty()) return nullptr;
  auto plan = session.bind_query(select);
  if (plan) return *plan;
  fail(plan.error().message);
  return nullptr;
}

std::string ProgramState::add_view(RelPtr plan) {
  std::string view = "leat$" + std::to_string(++views);
  session.define_view(view, std::move(plan));
  return view;
}

std::string ProgramState::add_watermarked(const Table& table, const std::string& time, const std::string& delay) {
  std::string copy = table.name + "$" + std::to_string(++views);
  Status defined = session.define_watermarked(copy, table.name, time, quote_name(time) + " - " + delay);
  if (!defined) fail(defined.error().message);
  return copy;
}

}  // namespace detail

namespace {

class Observer final : public JobObserver {
 public:
  explicit Observer(const RunOptions& options) : options_(options) {}
  bool stop_requested() override { return options_.stop_requested && options_.stop_requested(); }

 private:
  const RunOptions& options_;
};

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
  return out;
}

Result<Report> run_job(const detail::ProgramState& program, const RunOptions& options) {
  JobPlan plan{program.name, program.inserts, program.session.settings()};
  for (const auto& [name, value] : options.settings) TRY(plan.settings.set(name, value));
  int threads = plan.settings.parallelism();
  PosixEnv posix(threads > 1 ? threads : 0);
  TRY_ASSIGN(auto topics, EmbeddedTopics::open(posix.env(), options.data_directory));
  TRY_ASSIGN(auto guard, CrashGuard::open(options.data_directory + "/" + program.name + ".guard"));
  JobOptions job_options;
  job_options.fresh = options.fresh;
  job_options.crash_guard = guard.get();
  TRY_ASSIGN(auto job, Job::open(posix.env(), *topics, std::move(plan), job_options));
  Observer observer(options);
  TRY(job->run(observer));
  return public_report(job->report());
}

}  // namespace

Program::Program(std::string name) : state_(std::make_shared<detail::ProgramState>(std::move(name))) {}
Program::~Program() = default;

void Program::sql(std::string_view statements) {
  state_->run_statements(statements);
}

Stream Program::from(std::string_view table) {
  return Stream(std::make_shared<detail::StreamState>(
      detail::StreamState{state_, "SELECT * FROM " + quote_name(table), std::string(table)}));
}

Stream Program::query(std::string_view select) {
  return Stream(std::make_shared<detail::StreamState>(detail::StreamState{state_, std::string(select), {}}));
}

RunResult Program::run(const RunOptions& options) {
  if (!state_->error.empty()) return {false, state_->error, {}};
  auto report = run_job(*state_, options);
  if (!report) return {false, report.error().message, {}};
  return {true, {}, *report};
}

std::string Program::explain() {
  if (!state_->error.empty()) return state_->error;
  std::string out;
  for (const InsertPlan& insert : state_->inserts) {
    out += "INSERT INTO " + insert.target->name + "\n" + leat::explain(*insert.query) + "\n";
  }
  return out;
}

}  // namespace leat
