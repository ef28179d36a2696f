// leat job stop
#include "server/command.h"
#include "server/home.h"
#include "server/job_control.h"

namespace leat {
namespace {

int run_job_stop(const Arguments& arguments, Console& console) {
  std::string said;
  if (auto failure = stop_job(data_directory(arguments), arguments.operands()[0], said)) {
    return console.fail(failure->error, failure->exit_code);
  }
  console.note(said);
  return kDone;
}

}  // namespace

Command job_stop_command() {
  Command command;
  command.name = "job stop";
  command.operands = "NAME";
  command.operands_min = command.operands_max = 1;
  command.summary = "Stop a job of a running `leat serve`, at a checkpoint.";
  command.details = "It returns when the checkpoint is taken. Submitted again, the job goes on from there.";
  command.options = {data_option()};
  command.examples = {{"leat job stop flights", "Nothing is lost, and nothing is doubled later."}};
  command.run = run_job_stop;
  command.examples_run = false;
  return command;
}

}  // namespace leat
