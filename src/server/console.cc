#include "server/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace leat {
namespace {

constexpr size_t kBufferBytes = 64 * 1024;

std::string paint(Paint how, const std::string& text) {
  const char* start = "";
  switch (how) {
    case Paint::kBold:
      start = "\x1b[1m";
      break;
    case Paint::kDim:
      start = "\x1b[2m";
      break;
    case Paint::kRed:
      start = "\x1b[31m";
      break;
    case Paint::kGreen:
      start = "\x1b[32m";
      break;
  }
  return start + text + "\x1b[0m";
}

// 0, or the errno.
int write_all(int fd, BytesView text) {
  while (!text.empty()) {
    ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return 0;
}

size_t width_of(int terminal) {
  winsize size{};
  if (ioctl(terminal, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace

Console::Console()
    : in_is_terminal_(isatty(STDIN_FILENO) != 0),
      out_is_terminal_(isatty(STDOUT_FILENO) != 0),
      err_is_terminal_(isatty(STDERR_FILENO) != 0) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  colours_ = (no_color == nullptr || *no_color == '\0') && (term == nullptr || std::strcmp(term, "dumb") != 0);
}

Console::~Console() {
  // Whoever cares for the output has flushed, and has seen the error.
  (void)flush();
}

Status Console::write(BytesView text) {
  buffer_ += text;
  return buffer_.size() < kBufferBytes ? Status{} : flush();
}

Status Console::flush() {
  if (out_error_ == 0) out_error_ = write_all(STDOUT_FILENO, buffer_);
  buffer_.clear();
  if (out_error_ == 0) return {};
  return Error{out_error_ == ENOSPC ? Errc::kNoSpace : Errc::kIo,
               std::string("writing the output: ") + std::strerror(out_error_)};
}

void Console::say(const std::string& text) {
  (void)flush();  // An error stays, and is seen by who flushes at the end.
  end_live();
  write_all(STDERR_FILENO, text);
}

void Console::note(const std::string& message) {
  say("leat: " + message + "\n");
}

int Console::fail(const Error& error, int exit_code) {
  say(paint_err(Paint::kRed, "leat: ") + error.message + "\n");
  return exit_code;
}

void Console::live(const std::string& line) {
  write_all(STDERR_FILENO, "\r" + line + "\x1b[K");
  live_ = true;
}

void Console::end_live() {
  if (live_) write_all(STDERR_FILENO, "\r\x1b[K");
  live_ = false;
}

size_t Console::width() const {
  return out_is_terminal_ ? width_of(STDOUT_FILENO) : 0;
}

size_t Console::err_width() const {
  return width_of(STDERR_FILENO);
}

std::string Console::paint_out(Paint how, const std::string& text) const {
  return colours_ && out_is_terminal_ ? paint(how, text) : text;
}

std::string Console::paint_err(Paint how, const std::string& text) const {
  return colours_ && err_is_terminal_ ? paint(how, text) : text;
}

}  // namespace leat
