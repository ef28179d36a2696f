#include "server/secret.h"

#include <termios.h>
#include <unistd.h>

#include "log/files.h"
#include "server/stdin_lines.h"

namespace leat {
namespace {

constexpr size_t kSecretBytesMax = 64 * 1024;

// What is typed is not shown while it lives.
class Silence {
 public:
  Silence() {
    silent_ = tcgetattr(STDIN_FILENO, &before_) == 0;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (silent_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~Silence() {
    if (silent_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  termios before_{};
  bool silent_ = false;
};

}  // namespace

Result<std::string> read_secret_file(FileSystem& files, const std::string& path) {
  TRY_ASSIGN(std::string text, read_whole(files, path));
  text = text.substr(0, text.find_first_of("\r\n"));
  if (text.empty()) return Error{Errc::kInvalidArgument, "'" + path + "' has no password on its first line"};
  return text;
}

Result<std::string> ask_secret(Console& console, const std::string& prompt) {
  StdinLines lines(kSecretBytesMax);
  std::string line;
  bool terminal = console.in_is_terminal();
  {
    std::optional<Silence> silence;
    if (terminal) {
      console.say(prompt + ": ");
      silence.emplace();
    }
    TRY_ASSIGN(bool some, lines.next(line));
    if (!some) line.clear();
  }
  if (terminal) console.say("\n");
  if (line.empty()) return Error{Errc::kInvalidArgument, "no password was given"};
  return line;
}

}  // namespace leat
