// leat job show
#include "dlq/json_object.h"
#include "job/job.h"
#include "server/command.h"
#include "server/home.h"
#include "server/human.h"
#include "server/run_report.h"

namespace leat {
namespace {

Bytes as_json(const JobSummary& job) {
  Bytes settings;
  JsonObject settings_out(settings);
  for (const auto& [name, value] : job.settings) settings_out.text(name, value);
  settings_out.close();
  Bytes text;
  JsonObject out(text);
  out.raw("ledger", ledger_json(job.report));
  out.number("last_checkpoint", job.last_checkpoint.value);
  out.time("last_checkpoint_at", job.last_checkpoint_at.value);
  out.time("watermark", job.report.watermark.value);
  out.raw("settings", settings);
  out.text("plan", job.plan);
  out.close();
  return text + "\n";
}

std::string as_text(const JobSummary& job, size_t width) {
  std::string out = "job             " + job.report.name + "\n";
  out += std::string("state           ") + (job.report.finished ? "finished" : "unfinished") + "\n";
  out += "checkpoint      " + human_count(job.last_checkpoint.value) + ", at " +
         human_time(job.last_checkpoint_at.value) + " UTC\n";
  out += "watermark       " + human_time(job.report.watermark.value) + "\n";
  for (const auto& [name, value] : job.settings)
    out += "setting         " + name + " = " + printable_line(value) + "\n";
  return out + "\n" + ledger_table(job.report, width) + "\n" + printable_text(job.plan);
}

int run_job_show(const Arguments& arguments, Console& console) {
  auto home = Home::open(data_directory(arguments));
  if (!home) return console.fail(home.error());
  auto job = describe_job((*home)->topics(), arguments.operands()[0]);
  if (!job) return console.fail(job.error());
  (void)console.write(arguments.has("--json") ? as_json(*job) : as_text(*job, console.width()));
  return kDone;
}

}  // namespace

Command job_show_command() {
  Command command;
  command.name = "job show";
  command.operands = "JOB";
  command.operands_min = command.operands_max = 1;
  command.summary = "Show a job's last checkpoint, its ledger, settings and plan.";
  command.options = {data_option(), json_option()};
  command.examples = {{"leat job show flights", "What became of every row?"}};
  command.run = run_job_show;
  return command;
}

}  // namespace leat
