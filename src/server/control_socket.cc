#include "server/control_socket.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "base/big_endian.h"

namespace leat {
namespace {

constexpr const char* kName = "control";
constexpr int kPatienceSeconds = 5;  // With somebody who does not say what he wants.
constexpr int kLookMs = 200;         // Between two looks at whether to stop.
constexpr size_t kWordsMax = 10'000;

Error failed(const std::string& what, int error = errno) {
  return {Errc::kIo, what + ": " + std::strerror(error)};
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

// An address has room for some hundred bytes, and a path may be longer: the kernel knows the directory by a short name.
Result<sockaddr_un> address_of(const Descriptor& directory) {
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  std::string path = "/proc/self/fd/" + std::to_string(directory.get()) + "/" + kName;
  CHECK(path.size() < sizeof out.sun_path);
  std::memcpy(out.sun_path, path.c_str(), path.size() + 1);
  return out;
}

bool send_all(int fd, BytesView bytes) {
  while (!bytes.empty()) {
    ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool receive_all(int fd, char* into, size_t size) {
  while (size > 0) {
    ssize_t got = ::recv(fd, into, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    into += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

// The size of all, then each word behind its size.
Bytes encode(const ControlWords& words) {
  Bytes out(sizeof(uint32_t), '\0');
  for (const std::string& word : words) {
    put_big(out, static_cast<uint32_t>(word.size()));
    out += word;
  }
  store_big(out.data(), static_cast<uint32_t>(out.size() - sizeof(uint32_t)));
  return out;
}

std::optional<ControlWords> receive_words(int fd) {
  char prefix[sizeof(uint32_t)];
  if (!receive_all(fd, prefix, sizeof prefix)) return std::nullopt;
  auto size = load_big<uint32_t>(prefix);
  if (size > kControlBytesMax) return std::nullopt;
  Bytes bytes(size, '\0');
  if (!receive_all(fd, bytes.data(), size)) return std::nullopt;
  ControlWords out;
  for (BytesView rest = bytes; !rest.empty();) {
    if (rest.size() < sizeof(uint32_t) || out.size() == kWordsMax) return std::nullopt;
    auto length = load_big<uint32_t>(rest.data());
    rest.remove_prefix(sizeof(uint32_t));
    if (length > rest.size()) return std::nullopt;
    out.emplace_back(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  return out;
}

bool is_own_user(int connection) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && (peer.uid == geteuid() || peer.uid == 0);
}

void set_patience(int fd) {
  timeval patience{kPatienceSeconds, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

}  // namespace

Result<std::unique_ptr<ControlServer>> ControlServer::open(const std::string& directory,
                                                           std::function<ControlWords(const ControlWords&)> handle) {
  std::string path = directory + "/" + kName;
  Descriptor folder(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return failed(directory);
  TRY_ASSIGN(sockaddr_un address, address_of(folder));
  ::unlink(path.c_str());
  Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (listener.get() < 0) return failed(path);
  if (::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return failed(path);
  // Nobody can connect before listen().
  if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0 || ::listen(listener.get(), SOMAXCONN) != 0) return failed(path);
  return std::unique_ptr<ControlServer>(new ControlServer(path, listener.release(), std::move(handle)));
}

ControlServer::ControlServer(std::string path, int listener, std::function<ControlWords(const ControlWords&)> handle)
    : path_(std::move(path)), listener_(listener), handle_(std::move(handle)), thread_([this] { serve(); }) {}

ControlServer::~ControlServer() {
  stop_ = true;
  thread_.join();
  ::close(listener_);
  ::unlink(path_.c_str());
}

void ControlServer::serve() {
  while (!stop_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, kLookMs) <= 0) continue;
    Descriptor connection(::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
    if (connection.get() >= 0 && is_own_user(connection.get())) answer(connection.get());
  }
}

void ControlServer::answer(int connection) {
  set_patience(connection);
  auto question = receive_words(connection);
  if (question) send_all(connection, encode(handle_(*question)));
}

Result<ControlWords> ask_server(const std::string& data_directory, const ControlWords& question) {
  std::string directory = data_directory + "/broker";
  Error nobody{Errc::kNotFound, "no `leat serve` runs on the data directory '" + data_directory + "'"};
  Descriptor folder(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return nobody;
  TRY_ASSIGN(sockaddr_un address, address_of(folder));
  Descriptor connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (connection.get() < 0) return failed(directory);
  if (::connect(connection.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return errno == ENOENT || errno == ECONNREFUSED ? nobody : failed(directory + "/" + kName);
  }
  Bytes bytes = encode(question);
  if (bytes.size() > kControlBytesMax) return Error{Errc::kInvalidArgument, "that is too much text for a job"};
  if (!send_all(connection.get(), bytes)) return failed("asking the server");
  auto out = receive_words(connection.get());
  if (!out) return Error{Errc::kIo, "the server ended before it answered"};
  return std::move(*out);
}

}  // namespace leat
