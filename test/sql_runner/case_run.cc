#include "test/sql_runner/case_run.h"

#include <filesystem>
#include <fstream>
#include <memory>

#include "format/format.h"
#include "sql/parser.h"
#include "sql/session.h"
#include "test/sql_runner/query_run.h"
#include "test/sql_runner/test_env.h"

namespace leat::sqltest {
namespace {

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

// Decode threads are few and costly to start: one pool a number of threads.
Env env_of(int threads) {
  static std::vector<std::unique_ptr<TestEnv>> envs(3);
  auto& env = envs.at(static_cast<size_t>(threads));
  if (!env) env = std::make_unique<TestEnv>(threads);
  return env->env();
}

Status write_file(const std::string& path, const std::string& content) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream out(path, std::ios::binary);
  out << content;
  out.close();
  return out ? Status{} : Status(Error{Errc::kIo, "cannot write " + path});
}

std::vector<std::string> json_lines(const TextTable& table) {
  std::vector<std::string> out;
  for (const auto& row : table.rows) {
    Bytes line;
    for (size_t i = 0; i < row.size(); ++i) {
      line += i == 0 ? '{' : ',';
      append_json_string(table.columns[i], line);
      line += ':';
      append_json_string(row[i], line);
    }
    out.push_back(line + "}");
  }
  return out;
}

class CaseRun {
 public:
  CaseRun(const Way& way, std::string directory)
      : way_(way), directory_(std::move(directory)), input_(directory_ + "/in"), session_(check_table) {}

  Status write_files(const CaseFile& file) {
    std::filesystem::create_directories(input_);
    for (const Section& section : file.files) {
      std::string content = section.body;
      if (section.has("escaped")) {
        TRY_ASSIGN(content, unescaped(section));
      }
      TRY(write_file(input_ + "/" + section.arguments[0], content));
    }
    return {};
  }

  StepResult run(const Section& section) {
    std::string text = replaced(section.body, "{dir}", input_);
    StepResult out;
    Status done = execute(text, out);
    if (!done) out.error = done.error().message;
    for (std::string* shown : {&out.error, &out.text}) *shown = replaced(*shown, input_, "{dir}");
    for (std::string& row : out.rows) row = replaced(row, input_, "{dir}");
    return out;
  }

 private:
  // The INSERTs of a script are one job, as in `leat run`.
  Status execute(const std::string& text, StepResult& out) {
    TRY_ASSIGN(auto statements, parse_script(text));
    std::vector<InsertPlan> inserts;
    for (const ast::Statement& statement : statements) {
      TRY_ASSIGN(Outcome outcome, session_.execute(statement, text));
      if (auto* some = std::get_if<RunInserts>(&outcome)) {
        for (InsertPlan& insert : some->inserts) inserts.push_back(std::move(insert));
      } else if (auto* query = std::get_if<RunQuery>(&outcome)) {
        out = run_query(query->query);
      } else if (auto* show = std::get_if<Show>(&outcome)) {
        out.rows = json_lines(show->table);
      } else if (auto* explained = std::get_if<Explained>(&outcome)) {
        out.text = explained->text;
      }
    }
    if (!inserts.empty()) out = run_job(context(), std::move(inserts), way_.kind == Way::Kind::kKilled);
    return {};
  }

  StepResult run_query(const RelPtr& query) {
    switch (way_.kind) {
      case Way::Kind::kPlain:
        return run_plain(context(), query);
      case Way::Kind::kRestored:
        return run_restored(context(), query, way_.checkpoints_between);
      case Way::Kind::kKilled:
        return run_killed(context(), query);
    }
    return {};
  }

  // Each run keeps what it keeps in a directory of its own.
  RunContext context() {
    Settings settings = session_.settings();
    Status known = settings.set("leat.batch-rows", std::to_string(way_.batch_rows));
    CHECK(known.has_value());
    return RunContext{env_of(way_.threads), settings, session_.tables(), directory_ + "/" + std::to_string(++runs_)};
  }

  const Way& way_;
  std::string directory_, input_;
  Session session_;
  int runs_ = 0;
};

}  // namespace

Result<std::vector<StepResult>> run_case(const CaseFile& file, const Way& way, const std::string& directory) {
  CaseRun run(way, directory);
  TRY(run.write_files(file));
  std::vector<StepResult> out;
  for (const Step& step : file.steps) out.push_back(run.run(step.run));
  return out;
}

}  // namespace leat::sqltest
