#include "server/stdin_lines.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace leat {
namespace {

constexpr size_t kReadBytes = 64 * 1024;

}  // namespace

bool StdinLines::take_line(std::string& line) {
  size_t end = buffer_.find('\n', std::max(taken_, searched_));
  searched_ = buffer_.size();
  if (end == std::string::npos) {
    if (!ended_ || taken_ == buffer_.size()) return false;
    end = buffer_.size();
  }
  line.assign(buffer_, taken_, end - taken_);
  taken_ = std::min(end + 1, buffer_.size());
  searched_ = taken_;
  return true;
}

Result<bool> StdinLines::next(std::string& line) {
  while (!take_line(line)) {
    if (ended_) return false;
    buffer_.erase(0, taken_);
    searched_ -= std::min(searched_, taken_);
    taken_ = 0;
    if (buffer_.size() > line_bytes_max_) {
      return Error{Errc::kInvalidArgument, "a line is longer than " + std::to_string(line_bytes_max_) + " bytes"};
    }
    size_t filled = buffer_.size();
    buffer_.resize(filled + kReadBytes);
    ssize_t got = ::read(STDIN_FILENO, buffer_.data() + filled, kReadBytes);
    buffer_.resize(filled + static_cast<size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno == EINTR) return false;
    if (got < 0) return Error{Errc::kIo, std::string("reading standard input: ") + std::strerror(errno)};
    ended_ = got == 0;
  }
  return true;
}

bool StdinLines::must_wait() {
  if (ended_ || buffer_.find('\n', taken_) != std::string::npos) return false;
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return ::poll(&input, 1, 0) == 0;
}

}  // namespace leat
