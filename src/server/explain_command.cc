// leat explain
#include "job/job.h"
#include "server/command.h"
#include "server/script.h"

namespace leat {
namespace {

std::string plan_text(const Outcome& outcome) {
  std::string out;
  if (const auto* query = std::get_if<RunQuery>(&outcome)) out = "SELECT\n" + explain(*query->query);
  if (const auto* explained = std::get_if<Explained>(&outcome)) out = explained->text;
  if (const auto* inserts = std::get_if<RunInserts>(&outcome)) {
    for (const InsertPlan& insert : inserts->inserts) {
      if (!out.empty()) out += '\n';
      out += "INSERT INTO " + insert.target->name + "\n" + explain(*insert.query);
    }
  }
  if (!out.empty() && !out.ends_with('\n')) out += '\n';
  return out;
}

int run_explain(const Arguments& arguments, Console& console) {
  const std::string& path = arguments.operands()[0];
  auto overrides = SettingOverrides::parse(arguments.all("--set"));
  if (!overrides) return console.fail(overrides.error(), kUsage);
  auto text = read_text(path);
  if (!text) return console.fail(text.error(), kUsage);
  Session session(check_table);
  bool any = false;
  auto handle = [&](const ast::Statement&, Outcome& outcome) -> MaybeFailure {
    std::string plan = plan_text(outcome);
    if (plan.empty()) return std::nullopt;
    if (any) plan = "\n" + plan;
    any = true;
    return failure_of(console.write(plan));
  };
  MaybeFailure failure = execute_script(session, *overrides, path, *text, handle);
  if (failure) return console.fail(failure->error, failure->exit_code);
  if (!any) console.note("'" + path + "' has no query to explain");
  return kDone;
}

}  // namespace

Command explain_command() {
  Command command;
  command.name = "explain";
  command.operands = "SCRIPT.sql";
  command.operands_min = command.operands_max = 1;
  command.summary = "Show the plan of each INSERT and SELECT of a script, without running it.";
  command.options = {set_option()};
  command.examples = {{"leat explain flights.sql", "Which operators would run?"}};
  command.run = run_explain;
  return command;
}

}  // namespace leat
