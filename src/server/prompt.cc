#include "server/prompt.h"

#include <cstdlib>

#include "server/completer.h"
#include "server/help.h"
#include "server/line_editor.h"
#include "server/query_runner.h"
#include "sql/lexer.h"
#include "sql/parser.h"

namespace leat {
namespace {

constexpr const char* kPromptHelp =
    "Statements end with a semicolon and may take several lines. TAB completes.\n"
    "  \\d          the tables and views     (SHOW TABLES)\n"
    "  \\d NAME     a table's columns        (DESCRIBE NAME)\n"
    "  \\df         the functions            (SHOW FUNCTIONS)\n"
    "  \\set        the settings             (SET)\n"
    "  \\q          leave; also quit, exit and Ctrl-D\n"
    "Ctrl-C ends a running query, or forgets what was typed of a statement.\n";

std::string trimmed(const std::string& text) {
  size_t first = text.find_first_not_of(" \t\n\r;");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\n\r;") - first + 1);
}

// Whether a quote or a comment that began in the lines so far has not ended: nothing else is wrong with them yet.
bool in_quotes(const std::string& entered) {
  return !tokenize(entered).has_value();
}

std::string history_path() {
  const char* home = std::getenv("HOME");
  return home == nullptr || *home == '\0' ? "" : std::string(home) + "/.leat_history";
}

class Prompt {
 public:
  Prompt(Session& session, const SettingOverrides& overrides, const QueryOptions& options, Console& console)
      : session_(session),
        overrides_(overrides),
        console_(console),
        runner_({console, stop_, session, options}),
        editor_(history_path(), [&session](const std::string& line, size_t start, const std::string& word) {
          return completions(session, line, start, word);
        }) {}

  int run() {
    console_.say(std::string("leat ") + kVersion + ": statements end with ;   \\? for help, \\q to leave\n");
    while (!left_) {
      std::optional<std::string> line = editor_.read(entered_.empty() ? "leat> " : "   -> ");
      if (!line && !stop_.requested()) break;
      if (line) take(*line);
      if (!line) {
        console_.say("\n");
        entered_.clear();
      }
      stop_.reset();
    }
    return kDone;
  }

 private:
  void take(const std::string& line) {
    std::string word = trimmed(line);
    if (word.empty() && entered_.empty()) return;
    // SQL has no backslash outside of quotes, which a statement in the middle of one would have open.
    if (word.starts_with('\\') && !in_quotes(entered_)) return take_command(word);
    if (entered_.empty() && (word == "quit" || word == "exit")) return take_command("\\q");
    if (entered_.empty() && word == "help") return take_command("\\?");
    entered_ += line + "\n";
    if (!is_complete(entered_)) return;
    std::string statement = std::move(entered_);
    entered_.clear();
    editor_.remember(statement.substr(0, statement.find_last_not_of('\n') + 1));
    execute(statement);
  }

  void take_command(const std::string& word) {
    if (word == "\\q") {
      left_ = true;
      return;
    }
    if (word == "\\?" || word == "\\h") return console_.say(kPromptHelp);
    editor_.remember(word);
    std::string statement = statement_of(word);
    if (!statement.empty()) return execute(statement);
    console_.fail({Errc::kInvalidArgument, "no command '" + word + "'; \\? shows those there are"});
  }

  void execute(const std::string& text) {
    auto handle = [this](const ast::Statement&, Outcome& outcome) {
      return stop_.requested() ? std::nullopt : runner_.run(outcome);
    };
    MaybeFailure failure = execute_script(session_, overrides_, "", text, handle);
    if (failure) console_.fail(failure->error);
    if (Status flushed = console_.flush(); !flushed) left_ = true;
  }

  Session& session_;
  const SettingOverrides& overrides_;
  Console& console_;
  StopSignal stop_;
  QueryRunner runner_;
  LineEditor editor_;
  std::string entered_;  // The lines of a statement that is not complete.
  bool left_ = false;
};

}  // namespace

std::string statement_of(const std::string& backslash_command) {
  size_t space = backslash_command.find(' ');
  std::string name = backslash_command.substr(0, space);
  std::string argument = space == std::string::npos ? "" : trimmed(backslash_command.substr(space));
  if (name == "\\d" && !argument.empty()) return "DESCRIBE " + argument + ";";
  if (!argument.empty()) return "";
  if (name == "\\d" || name == "\\dt") return "SHOW TABLES;";
  if (name == "\\dv") return "SHOW VIEWS;";
  if (name == "\\df") return "SHOW FUNCTIONS;";
  if (name == "\\set") return "SET;";
  return "";
}

int run_prompt(Session& session, const SettingOverrides& overrides, const QueryOptions& options, Console& console) {
  return Prompt(session, overrides, options, console).run();
}

}  // namespace leat
