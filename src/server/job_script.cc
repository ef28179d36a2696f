#include "server/job_script.h"

#include <filesystem>

#include "server/script.h"
#include "server/show_printer.h"
#include "sql/error.h"

namespace leat {
namespace {

constexpr size_t kNameBytesMax = 200;

// A name that topics can have, from whatever the script's file is called.
std::string sanitised(const std::string& text) {
  std::string out;
  for (char c : text.substr(0, kNameBytesMax)) {
    bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    out += allowed ? c : '-';
  }
  return out.empty() ? "job" : out;
}

std::string job_name(const JobScript& script, const Settings& settings) {
  if (script.name) return *script.name;
  if (!settings.job_name().empty()) return settings.job_name();
  return script.path == "-" ? "job" : sanitised(std::filesystem::path(script.path).stem().string());
}

MaybeFailure refuse_select(const JobScript& script, const ast::Statement& statement) {
  Error error =
      sql_error(script.text, statement.position,
                "a job has nowhere to print a SELECT: write INSERT INTO a table (WITH ('connector' = 'print') "
                "prints), or run the script with `leat sql -f`");
  error.message = script.path + ": " + error.message;
  return Failure{std::move(error), kUsage};
}

}  // namespace

MaybeFailure plan_job(const JobScript& script, const std::function<void(const std::string&)>& explained, TextOut& shown,
                      JobPlan& plan) {
  auto overrides = SettingOverrides::parse(script.set);
  if (!overrides) return Failure{overrides.error(), kUsage};
  Session session(check_table);
  auto handle = [&](const ast::Statement& statement, Outcome& outcome) -> MaybeFailure {
    if (std::holds_alternative<RunQuery>(outcome)) return refuse_select(script, statement);
    if (auto* inserts = std::get_if<RunInserts>(&outcome)) {
      for (InsertPlan& insert : inserts->inserts) plan.inserts.push_back(std::move(insert));
      plan.settings = session.settings();  // As in Flink, a SET after the last INSERT is not for it.
    }
    if (const auto* text = std::get_if<Explained>(&outcome)) explained(text->text);
    if (const auto* show = std::get_if<Show>(&outcome)) {
      return failure_of(print_text_table(show->table, ResultFormat::kTable, shown));
    }
    return std::nullopt;
  };
  if (MaybeFailure failure = execute_script(session, *overrides, script.path, script.text, handle)) return failure;
  if (plan.inserts.empty()) {
    return Failure{{Errc::kInvalidArgument, script.path + ": nothing to run: the script has no INSERT INTO"}, kUsage};
  }
  plan.name = job_name(script, plan.settings);
  return std::nullopt;
}

int exit_code_of_open(const Error& error) {
  return error.code == Errc::kInvalidArgument || error.code == Errc::kUnsupported ? kUsage : kFailed;
}

Error home_error(Error error, const std::string& directory) {
  if (error.code != Errc::kConflict) return error;
  error.message = "the data directory '" + directory + "' is in use: " + error.message +
                  "; end that process, or choose another directory with --data";
  return error;
}

}  // namespace leat
