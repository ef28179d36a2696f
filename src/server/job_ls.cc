// leat job ls
#include <map>

#include "dlq/json_object.h"
#include "job/job.h"
#include "server/command.h"
#include "server/home.h"
#include "server/human.h"
#include "server/job_control.h"
#include "server/text_table.h"

namespace leat {
namespace {

using LiveJobs = std::map<std::string, LiveJob>;

// What the server says that runs it, or what is kept of it.
std::string state_of(const JobSummary& job, const LiveJobs& live) {
  auto here = live.find(job.report.name);
  if (here != live.end()) return here->second.state;
  return job.report.finished ? "finished" : "unfinished";
}

std::string as_json(const std::string& name, const JobSummary& job, const LiveJobs& live) {
  Bytes text;
  JsonObject out(text);
  out.text("job", name);
  out.text("state", state_of(job, live));
  if (live.contains(name) && !live.at(name).error.empty()) out.text("error", live.at(name).error);
  out.number("rows_in", job.report.total.rows_in);
  out.number("rows_out", job.report.total.rows_out);
  out.number("filtered", job.report.total.filtered);
  out.number("late", job.report.total.late);
  out.number("partly_late", job.report.total.partly_late);
  out.number("dead", job.report.total.dead);
  out.number("checkpoints", job.report.checkpoints);
  out.time("last_checkpoint", job.last_checkpoint_at.value);
  out.close();
  return text + "\n";
}

std::vector<std::string> as_cells(const std::string& name, const JobSummary& job, const LiveJobs& live) {
  std::vector<std::string> out{name, state_of(job, live)};
  const Account& total = job.report.total;
  for (int64_t count : {total.rows_in, total.rows_out, total.late, total.dead, job.report.checkpoints}) {
    out.push_back(human_count(count));
  }
  out.push_back(human_time(job.last_checkpoint_at.value));
  return out;
}

int run_job_ls(const Arguments& arguments, Console& console) {
  auto home = Home::open(data_directory(arguments));
  if (!home) return console.fail(home.error());
  auto names = list_jobs((*home)->topics());
  if (!names) return console.fail(names.error());
  auto hosted = live_jobs(data_directory(arguments));
  if (!hosted) return console.fail(hosted.error());
  LiveJobs live;
  for (const LiveJob& each : *hosted) live[each.name] = each;
  std::vector<std::vector<std::string>> rows;
  for (const std::string& name : *names) {
    auto job = describe_job((*home)->topics(), name);
    if (!job) return console.fail(job.error());
    if (arguments.has("--json")) {
      (void)console.write(as_json(name, *job, live));
    } else {
      rows.push_back(as_cells(name, *job, live));
    }
  }
  if (arguments.has("--json")) return kDone;
  if (rows.empty()) {
    console.note("no job ran in '" + data_directory(arguments) + "' yet");
    return kDone;
  }
  std::vector<TextColumn> columns{{"job"}, {"state"}};
  for (const char* name : {"rows in", "rows out", "late", "dead", "checkpoints"}) {
    columns.push_back({name, Align::kRight});
  }
  columns.push_back({"last checkpoint (UTC)"});
  (void)console.write(text_table(std::move(columns), rows, console.width()));
  return kDone;
}

}  // namespace

Command job_ls_command() {
  Command command;
  command.name = "job ls";
  command.summary = "List the jobs that a data directory keeps.";
  command.details =
      "Where a `leat serve` runs on it, also whether the job runs there, and whether it failed. The counts are those "
      "of "
      "its last checkpoint.";
  command.options = {data_option(), json_option()};
  command.examples = {{"leat job ls", "What ran here, and how far did it come?"},
                      {"leat job ls --json | jq -r 'select(.dead > 0).job'", "Jobs with rows that failed."}};
  command.run = run_job_ls;
  return command;
}

}  // namespace leat
