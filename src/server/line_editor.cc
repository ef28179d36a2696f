#include "server/line_editor.h"

#include <editline/readline.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstdlib>
#include <cstring>

namespace leat {
namespace {

constexpr int kHistoryMax = 1000;
char break_characters[] = " \t\n\"\\'`@$><=;|&{(,+-*/%)";  // libedit wants them writable.

// libedit's callbacks have no place for a context.
LineEditor::Complete complete_word;
std::vector<std::string> offers;

char* next_offer(const char*, int state) {
  auto index = static_cast<size_t>(state);
  return index < offers.size() ? strdup(offers[index].c_str()) : nullptr;
}

char** attempt(const char* word, int start, int) {
  rl_attempted_completion_over = 1;  // No file names.
  offers = complete_word(rl_line_buffer, static_cast<size_t>(start), word);
  rl_completion_append_character = start > 0 && rl_line_buffer[start - 1] == '\'' ? '\'' : ' ';
  return offers.empty() ? nullptr : rl_completion_matches(word, next_offer);
}

}  // namespace

LineEditor::LineEditor(std::string history_path, Complete complete) : history_path_(std::move(history_path)) {
  std::setlocale(LC_CTYPE, "");
  complete_word = std::move(complete);
  rl_readline_name = "leat";
  rl_catch_signals = 0;
  rl_attempted_completion_function = attempt;
  rl_completer_word_break_characters = break_characters;
  using_history();
  stifle_history(kHistoryMax);
  if (!history_path_.empty()) read_history(history_path_.c_str());
}

LineEditor::~LineEditor() {
  complete_word = nullptr;
}

void LineEditor::save() const {
  if (history_path_.empty()) return;
  // Made before it is written, so that nobody else can ever read it.
  int fd = open(history_path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return;
  bool only_ours = fchmod(fd, 0600) == 0;
  close(fd);
  if (only_ours) write_history(history_path_.c_str());
}

std::optional<std::string> LineEditor::read(const std::string& prompt) {
  char* line = readline(prompt.c_str());
  if (line == nullptr) return std::nullopt;
  std::string out = line;
  std::free(line);
  return out;
}

void LineEditor::remember(const std::string& entry) {
  // An entry is one line there; a line comment would swallow what follows it.
  std::string line = entry;
  if (line.find("--") == std::string::npos) std::replace(line.begin(), line.end(), '\n', ' ');
  for (size_t i = 0; i < line.size();) {
    size_t end = std::min(line.find('\n', i), line.size());
    if (end > i) add_history(line.substr(i, end - i).c_str());
    i = end + 1;
  }
  save();  // Not at the end: a terminal that is closed takes the program with it.
}

}  // namespace leat
