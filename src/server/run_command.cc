// leat run
#include <fstream>

#include "broker/embedded_topics.h"
#include "env/posix.h"
#include "job/job.h"
#include "server/command.h"
#include "server/home.h"
#include "server/human.h"
#include "server/job_script.h"
#include "server/run_progress.h"
#include "server/run_report.h"
#include "server/script.h"
#include "server/stop_signal.h"
#include "server/worker_threads.h"

namespace leat {
namespace {

// All the INSERTs of the script as one job.
MaybeFailure plan_script(const Arguments& arguments, Console& console, JobPlan& plan) {
  JobScript script{arguments.operands()[0], "", arguments.all("--set"), arguments.last("--job")};
  auto text = read_text(script.path);
  if (!text) return Failure{text.error(), kUsage};
  script.text = std::move(*text);
  return plan_job(
      script, [&](const std::string& explained) { console.say(explained); }, console, plan);
}

Status write_report(const Arguments& arguments, const RunReport& report, Console& console) {
  auto path = arguments.last("--report");
  if (!path) return {};
  if (*path == "-") return console.write(report_json(report));
  std::ofstream out(*path, std::ios::binary);
  out << report_json(report);
  out.close();
  if (!out) return Error{Errc::kIo, "cannot write the report to '" + *path + "'"};
  return {};
}

int run_job(const Arguments& arguments, Env env, Topics& topics, JobPlan plan, const StopSignal& stop,
            Console& console) {
  Instant began = env.clock.monotonic();
  std::string name = plan.name;
  auto job = Job::open(env, topics, std::move(plan), {arguments.has("--fresh")});
  if (!job) return console.fail(job.error(), exit_code_of_open(job.error()));
  auto report = [&] {
    double seconds = static_cast<double>(env.clock.monotonic().value - began.value) * 1e-9;
    return RunReport{(*job)->report(), seconds, process_usage()};
  };
  if ((*job)->finished()) {
    console.note("job '" + name + "' has finished already (" + human_count((*job)->report().total.rows_in) +
                 " rows in); --fresh starts over");
    Status written = write_report(arguments, report(), console);
    return written ? int{kDone} : console.fail(written.error());
  }
  RunProgress progress(console, stop, env.clock);
  Status ran = (*job)->run(progress);
  console.end_live();
  RunReport done = report();
  Status written = write_report(arguments, done, console);
  if (!written) console.fail(written.error());
  if (!ran) return console.fail(ran.error());
  console.say(ledger_table(done.job, console.err_is_terminal() ? console.err_width() : 0));
  console.note("job '" + name + "': " + run_summary(done));
  if (!done.job.finished) console.note("stopped; run the same command to go on");
  return done.job.balances() && written ? kDone : kFailed;
}

int run_script(const Arguments& arguments, Console& console) {
  JobPlan plan;
  if (MaybeFailure failure = plan_script(arguments, console, plan)) {
    return console.fail(failure->error, failure->exit_code);
  }
  StopSignal stop;  // From before anything is written on.
  PosixEnv env(worker_threads(plan.settings));
  auto topics = EmbeddedTopics::open(env.env(), data_directory(arguments));
  if (!topics) return console.fail(home_error(topics.error(), data_directory(arguments)));
  return run_job(arguments, env.env(), **topics, std::move(plan), stop, console);
}

}  // namespace

Command run_command() {
  Command command;
  command.name = "run";
  command.operands = "SCRIPT.sql";
  command.operands_min = command.operands_max = 1;
  command.summary = "Run a script's INSERTs as one job, exactly once.";
  command.details =
      "The job's state, its dead letters and the positions in its input are kept in the data directory. Killed or "
      "stopped at any time, the same command goes on where the last checkpoint was; a job that has finished says so "
      "and does nothing. Ctrl-C and SIGTERM take a checkpoint and leave.\n"
      "A row that cannot be read or that fails becomes a dead letter, unless SET 'leat.on-error' = 'fail' says to end "
      "the job with an error. On a terminal one line shows how the job is doing; at the end there is the ledger: what "
      "became of every row, operator by operator.\n"
      "The job is called like the script, unless --job or SET 'pipeline.name' say otherwise.";
  command.options = {data_option(),
                     job_name_option(),
                     set_option(),
                     fresh_option(),
                     {"--report", 'r', "FILE", "Write the ledger as JSON at the end; - is standard output."}};
  command.examples = {
      {"leat run flights.sql", "Run it; run it again to go on."},
      {"leat run flights.sql --data ~/leat --set execution.checkpointing.interval=10s --report report.json",
       "Another directory, another interval, and the ledger as JSON."},
      {"leat run flights.sql --fresh", "Start over."}};
  command.run = run_script;
  return command;
}

}  // namespace leat
