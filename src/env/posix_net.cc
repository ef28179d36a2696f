// The Dialer of production: sockets that never block for longer than asked.
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "env/net_stream.h"

namespace leat {
namespace {

Error failed(int error) {
  if (error == ECONNREFUSED) return {Errc::kIo, "connection refused"};
  if (error == ETIMEDOUT) return {Errc::kTimeout, "no answer"};
  return {Errc::kIo, strerror(error)};
}

class PosixStream final : public NetStream {
 public:
  PosixStream(Clock& clock, int fd) : clock_(clock), fd_(fd) {}
  ~PosixStream() override { ::close(fd_); }

  Status connect(const sockaddr* address, socklen_t size, Instant deadline) {
    if (::connect(fd_, address, size) == 0) return {};
    if (errno != EINPROGRESS && errno != EINTR) return failed(errno);
    TRY(wait(POLLOUT, deadline));
    int error = 0;
    socklen_t error_size = sizeof error;
    getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &error_size);
    if (error != 0) return failed(error);
    return {};
  }

  Status write(BytesView bytes, Instant deadline) override {
    while (!bytes.empty()) {
      ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        bytes.remove_prefix(static_cast<size_t>(sent));
      } else if (errno == EAGAIN) {
        TRY(wait(POLLOUT, deadline));
      } else if (errno != EINTR) {
        return failed(errno);
      }
    }
    return {};
  }

  Result<size_t> read(std::span<char> into, Instant deadline) override {
    while (true) {
      ssize_t got = ::recv(fd_, into.data(), into.size(), 0);
      if (got >= 0) return static_cast<size_t>(got);
      if (errno == EAGAIN) {
        TRY(wait(POLLIN, deadline));
      } else if (errno != EINTR) {
        return failed(errno);
      }
    }
  }

 private:
  Status wait(short events, Instant deadline) {
    while (true) {
      int64_t left_ms = (deadline.value - clock_.monotonic().value + 999'999) / 1'000'000;
      if (left_ms <= 0) return Error{Errc::kTimeout, "no answer in time"};
      pollfd one{fd_, events, 0};
      int ready = ::poll(&one, 1, static_cast<int>(std::min<int64_t>(left_ms, 60'000)));
      if (ready > 0) return {};
      if (ready < 0 && errno != EINTR) return failed(errno);
    }
  }

  Clock& clock_;
  int fd_;
};

class PosixDialer final : public Dialer {
 public:
  explicit PosixDialer(Clock& clock) : clock_(clock) {}

  Result<std::unique_ptr<NetStream>> dial(const Endpoint& to, Instant deadline) override {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* found = nullptr;
    int failure = getaddrinfo(to.host.c_str(), std::to_string(to.port).c_str(), &hints, &found);
    if (failure != 0) return Error{Errc::kIo, std::string("no such host (") + gai_strerror(failure) + ")"};
    std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, freeaddrinfo);
    Error last{Errc::kIo, "no such host"};
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
      auto stream = dial_address(*each, deadline);
      if (stream) return stream;
      last = stream.error();
    }
    return last;
  }

 private:
  Result<std::unique_ptr<NetStream>> dial_address(const addrinfo& address, Instant deadline) {
    int fd = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return failed(errno);
    auto stream = std::make_unique<PosixStream>(clock_, fd);
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    TRY(stream->connect(address.ai_addr, address.ai_addrlen, deadline));
    return std::unique_ptr<NetStream>(std::move(stream));
  }

  Clock& clock_;
};

}  // namespace

std::unique_ptr<Dialer> make_posix_dialer(Clock& clock) {
  return std::make_unique<PosixDialer>(clock);
}

}  // namespace leat
