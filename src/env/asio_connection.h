#pragma once
// AsioConnection: a socket, encrypted or not, and the handler of what comes over it. For env/asio_loop.cc.
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>

#include <unordered_set>
#include <vector>

#include "env/send_queue.h"

namespace leat {

class AsioConnection final : public Connection, public std::enable_shared_from_this<AsioConnection> {
 public:
  using Registry = std::unordered_set<AsioConnection*>;

  // `tls`: null for one that is not encrypted.
  AsioConnection(asio::ip::tcp::socket socket, const Endpoint& peer, std::vector<char>& scratch, Registry& registry,
                 std::unique_ptr<TlsSession> tls)
      : socket_(std::move(socket)), peer_(peer), scratch_(scratch), registry_(registry), tls_(std::move(tls)) {
    registry_.insert(this);
  }
  ~AsioConnection() override { registry_.erase(this); }

  void start(std::shared_ptr<Loop::Accept> accept) {
    std::error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    probe();
    if (tls_) {
      accept_ = std::move(accept);
      handshake_timer_.expires_after(std::chrono::milliseconds(kHandshakeMs));
      handshake_timer_.async_wait([weak = weak_from_this()](std::error_code cancelled) {
        auto self = weak.lock();
        if (!cancelled && self && !self->handler_) self->close("the TLS handshake took too long");
      });
    } else {
      handler_ = (*accept)(shared_from_this());
    }
    wait_readable();
  }

  // The loop ends: the handler, which knows this connection, is let go.
  void abandon() {
    closed_ = true;
    handler_.reset();
  }

  void send(Outgoing next) override {
    if (closed_) return;
    queue_.push(std::move(next));
    if (!waiting_to_write_) flush();
  }
  uint64_t queued_bytes() const override { return queue_.bytes() + encrypted_.size() - encrypted_sent_; }
  uint64_t unacknowledged_bytes() const override {
    int in_kernel = 0;
    tcp_info info{};
    socklen_t size = sizeof info;
    int descriptor = const_cast<asio::ip::tcp::socket&>(socket_).native_handle();
    bool known = !closed_ && ioctl(descriptor, SIOCOUTQ, &in_kernel) == 0 &&
                 getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) == 0;
    return queued_bytes() + (known ? static_cast<uint64_t>(in_kernel) + info.tcpi_probes : 0);
  }
  void read(bool on) override {
    reading_ = on;
    if (on && !closed_) wait_readable();
  }
  void close(const std::string& why) override {
    if (closed_) return;
    closed_ = true;
    if (tls_) say_goodbye();
    std::error_code ignored;
    handshake_timer_.cancel();
    socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
    asio::post(socket_.get_executor(), [self = shared_from_this(), why] {
      if (auto handler = std::exchange(self->handler_, nullptr)) handler->on_closed(why);
    });
  }
  const Endpoint& peer() const override { return peer_; }
  std::string peer_subject() const override { return tls_ ? tls_->peer_subject() : ""; }

 private:
  // TCP keepalive: a silent peer is probed often enough that a group's shortest session does not end before it is known
  // whether its machine is there; one that is not is closed in a minute.
  void probe() {
    std::error_code ignored;
    socket_.set_option(asio::socket_base::keep_alive(true), ignored);
    constexpr int kSeconds = 5, kProbes = 10;
    for (int option : {TCP_KEEPIDLE, TCP_KEEPINTVL}) {
      setsockopt(socket_.native_handle(), IPPROTO_TCP, option, &kSeconds, sizeof kSeconds);
    }
    setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_KEEPCNT, &kProbes, sizeof kProbes);
  }
  void wait_readable() {
    if (waiting_to_read_) return;
    waiting_to_read_ = true;
    socket_.async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this()](std::error_code error) {
      self->waiting_to_read_ = false;
      if (self->closed_ || !self->reading_) return;
      if (error) return self->close(error.message());
      self->read_some();
    });
  }
  void read_some() {
    std::error_code error;
    std::span<char> room = tls_ ? std::span<char>() : handler_->room();
    auto into = room.empty() ? asio::buffer(scratch_) : asio::buffer(room.data(), room.size());
    size_t size = socket_.read_some(into, error);
    if (error == asio::error::would_block) return wait_readable();
    if (error) return close(error == asio::error::eof ? "closed by the peer" : error.message());
    if (tls_) {
      take_encrypted({scratch_.data(), size});
    } else if (!room.empty()) {
      handler_->on_filled(size);
    } else {
      handler_->on_bytes({scratch_.data(), size});
    }
    if (!closed_ && reading_) wait_readable();
  }

  // The handler comes when the handshake is over.
  void take_encrypted(BytesView bytes) {
    Bytes plain;
    Status taken = tls_->receive(bytes, plain);
    if (!taken) return close(taken.error().message);
    if (!handler_ && tls_->is_open()) {
      handshake_timer_.cancel();
      handler_ = (*std::exchange(accept_, nullptr))(shared_from_this());
    }
    if (!closed_ && !waiting_to_write_) flush();  // What the handshake has to say.
    if (!closed_ && handler_ && !plain.empty()) handler_->on_bytes(plain);
    if (!closed_ && tls_->peer_has_ended()) close("closed by the peer");
  }
  // An alert says why, or that this is the end, if it goes out at once and nothing is half sent.
  void say_goodbye() {
    std::error_code error;
    if (encrypted_sent_ < encrypted_.size()) return;
    tls_->end();
    Bytes last = tls_->take_outgoing();
    if (!last.empty()) socket_.send(asio::buffer(last), 0, error);
  }
  void send_encrypted(std::error_code& error) {
    while (!error) {
      if (encrypted_sent_ < encrypted_.size()) {
        const char* from = encrypted_.data() + encrypted_sent_;
        encrypted_sent_ += socket_.send(asio::buffer(from, encrypted_.size() - encrypted_sent_), 0, error);
        continue;
      }
      encrypted_sent_ = 0;
      encrypted_ = tls_->take_outgoing();
      if (!encrypted_.empty()) continue;
      if (queue_.empty() || !tls_->is_open()) return;
      Bytes piece = queue_.take(kPieceBytes, error);
      if (!error && !tls_->send(piece)) error = asio::error::connection_aborted;
    }
  }

  void flush() {
    std::error_code error;
    if (tls_) {
      send_encrypted(error);
    } else {
      queue_.send(socket_, error);
    }
    if (error == asio::error::would_block || error == asio::error::try_again) return wait_writable();
    if (error) return close(error.message());
    if (handler_) handler_->on_sent();
  }
  void wait_writable() {
    waiting_to_write_ = true;
    socket_.async_wait(asio::ip::tcp::socket::wait_write, [self = shared_from_this()](std::error_code error) {
      self->waiting_to_write_ = false;
      if (self->closed_) return;
      if (error) return self->close(error.message());
      self->flush();
    });
  }

  static constexpr int64_t kHandshakeMs = 30'000;
  static constexpr size_t kPieceBytes = 64 * 1024;  // Of what is encrypted before the socket takes it.

  asio::ip::tcp::socket socket_;
  Endpoint peer_;
  std::vector<char>& scratch_;  // The loop's: what is read is handed on at once.
  Registry& registry_;          // Of all that there are.
  std::shared_ptr<ConnectionHandler> handler_;
  SendQueue queue_;
  std::unique_ptr<TlsSession> tls_;
  std::shared_ptr<Loop::Accept> accept_;  // Until the handshake is over.
  asio::steady_timer handshake_timer_{socket_.get_executor()};
  Bytes encrypted_;  // On its way, after what was sent.
  size_t encrypted_sent_ = 0;
  bool closed_ = false, reading_ = true, waiting_to_read_ = false, waiting_to_write_ = false;
};

}  // namespace leat
