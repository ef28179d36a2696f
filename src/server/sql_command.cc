// leat sql
#include "job/job.h"
#include "server/command.h"
#include "server/prompt.h"
#include "server/query_runner.h"
#include "server/script.h"

namespace leat {
namespace {

struct NamedScript {
  std::string name, text;
};

// What -f and -e say, in their order; standard input where they say nothing.
Result<std::vector<NamedScript>> scripts_of(const Arguments& arguments) {
  std::vector<NamedScript> out;
  for (const auto& [name, value] : arguments.options()) {
    if (name == "--execute") out.push_back({"", value});
    if (name != "--file") continue;
    TRY_ASSIGN(std::string text, read_text(value));
    out.push_back({value, std::move(text)});
  }
  if (out.empty()) {
    TRY_ASSIGN(std::string text, read_text("-"));
    out.push_back({"", std::move(text)});
  }
  return out;
}

int run_sql(const Arguments& arguments, Console& console) {
  QueryOptions options{parse_result_format(arguments.value_or("--format", "table")), arguments.has("--late")};
  if (options.late && options.format != ResultFormat::kChangelogJson) {
    return console.fail({Errc::kInvalidArgument, "--late wants --format changelog-json"}, kUsage);
  }
  auto overrides = SettingOverrides::parse(arguments.all("--set"));
  if (!overrides) return console.fail(overrides.error(), kUsage);
  Session session(check_table);
  session.settings().set_default("leat.on-error", "fail");  // As in psql and Flink; `leat run` sets aside.
  if (Status set = overrides->apply(session.settings()); !set) return console.fail(set.error(), kUsage);
  bool has_script = arguments.has("--file") || arguments.has("--execute");
  if (!has_script && console.in_is_terminal()) return run_prompt(session, *overrides, options, console);
  auto scripts = scripts_of(arguments);
  if (!scripts) return console.fail(scripts.error(), kUsage);
  StopSignal stop;
  QueryRunner runner({console, stop, session, options});
  for (const NamedScript& script : *scripts) {
    auto handle = [&](const ast::Statement&, Outcome& outcome) {
      return stop.requested() ? std::nullopt : runner.run(outcome);
    };
    MaybeFailure failure = execute_script(session, *overrides, script.name, script.text, handle);
    if (failure) return console.fail(failure->error, failure->exit_code);
  }
  return kDone;
}

}  // namespace

Command sql_command() {
  Command command;
  command.name = "sql";
  command.summary = "Run statements and print what the SELECTs give; without arguments, a prompt.";
  command.details =
      "Statements come from -f and -e in the order given, or from standard input, or from the prompt. Nothing is kept: "
      "an INSERT writes its files, but cannot go on after it was stopped; use `leat run` for jobs.\n"
      "table, csv and json show the last state of a result that changes, once its input has ended; of input that does "
      "not end they show each change with its kind (+I, -U, +U, -D). changelog-json always does.\n"
      "A row that fails ends the query with an error that names it, unless SET 'leat.on-error' = 'dead-letter' says to "
      "leave it out. Late rows are left out and counted on standard error.";
  command.options = {{"--file", 'f', "FILE", "Run this script; - is standard input. Repeatable.", {}, true},
                     {"--execute", 'e', "SQL", "Run these statements. Repeatable.", {}, true},
                     {"--format",
                      0,
                      "table|csv|json|changelog-json",
                      "How results are written. Default: table.",
                      {"table", "csv", "json", "changelog-json"}},
                     {"--late", 0, "", "With changelog-json: a line for each late row and window it missed."},
                     set_option()};
  command.examples = {
      {"leat sql -e \"SELECT 1 + 1 AS two\"", "A query."},
      {"leat sql -f tables.sql -e 'SELECT origin, COUNT(*) AS n FROM flights GROUP BY origin' --format csv",
       "Tables from a script, then a query over them."},
      {"leat sql", "The prompt: TAB completes, \\d shows the tables, \\q leaves."}};
  command.run = run_sql;
  return command;
}

}  // namespace leat
