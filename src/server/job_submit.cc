// leat job submit
#include "server/command.h"
#include "server/home.h"
#include "server/job_control.h"
#include "server/script.h"

namespace leat {
namespace {

int run_job_submit(const Arguments& arguments, Console& console) {
  Submission submission;
  submission.script.path = arguments.operands()[0];
  submission.script.set = arguments.all("--set");
  submission.script.name = arguments.last("--job");
  submission.fresh = arguments.has("--fresh");
  auto text = read_text(submission.script.path);
  if (!text) return console.fail(text.error(), kUsage);
  submission.script.text = std::move(*text);
  std::string said;
  if (auto failure = submit_job(data_directory(arguments), submission, said)) {
    return console.fail(failure->error, failure->exit_code);
  }
  console.note(said);
  return kDone;
}

}  // namespace

Command job_submit_command() {
  Command command;
  command.name = "job submit";
  command.operands = "SCRIPT.sql";
  command.operands_min = command.operands_max = 1;
  command.summary = "Run a script's INSERTs as a job inside of a running `leat serve`.";
  command.details =
      "The server that owns the data directory runs it, as `leat run` would: exactly once, with its state and its dead "
      "letters there. It goes on until its input ends or `leat job stop`; submitted again, it goes on from there. The "
      "script is kept: a server that starts again, after a kill too, runs it again from the last checkpoint.\n"
      "Relative paths in the script are relative to where the server was started. Only the server's own user can "
      "submit.";
  command.options = {data_option(), job_name_option(), set_option(), fresh_option()};
  command.examples = {{"leat job submit flights.sql", "To the server on ./leat-data."},
                      {"leat job submit flights.sql --data ~/leat --set execution.checkpointing.interval=10s",
                       "To another server, with another interval."}};
  command.run = run_job_submit;
  command.examples_run = false;
  return command;
}

}  // namespace leat
