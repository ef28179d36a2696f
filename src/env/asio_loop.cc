// The Loop of production, on standalone Asio. The only file that includes it.
#include <sys/sendfile.h>

#include <asio.hpp>
#include <deque>

#include "env/loop.h"

namespace leat {

uint64_t Outgoing::size() const {
  uint64_t sum = bytes.size();
  for (const Splice& splice : splices) sum += splice.file.size;
  return sum;
}

namespace {

using asio::ip::tcp;

constexpr size_t kReadBytes = 128 * 1024;

Endpoint endpoint_of(const tcp::endpoint& from) {
  return {from.address().to_string(), from.port()};
}

// Sends one Outgoing after the other: bytes with send(), stretches of files with sendfile().
class SendQueue {
 public:
  void push(Outgoing next) {
    bytes_ += next.size();
    queue_.push_back(std::move(next));
  }
  bool empty() const { return queue_.empty(); }
  uint64_t bytes() const { return bytes_; }

  // Until the socket takes no more (`error` is would_block), everything is sent (no error) or it failed.
  void send(tcp::socket& socket, std::error_code& error) {
    error.clear();
    while (!queue_.empty() && !error) {
      Outgoing& front = queue_.front();
      if (splice_ < front.splices.size() && front.splices[splice_].at == sent_) {
        send_file(socket, front.splices[splice_].file, error);
      } else if (sent_ < front.bytes.size()) {
        size_t end = splice_ < front.splices.size() ? front.splices[splice_].at : front.bytes.size();
        size_t size = socket.send(asio::buffer(front.bytes.data() + sent_, end - sent_), 0, error);
        sent_ += size;
        bytes_ -= size;
      } else {
        queue_.pop_front();
        sent_ = splice_ = 0;
      }
    }
  }

 private:
  void send_file(tcp::socket& socket, FileSlice& file, std::error_code& error) {
    auto position = static_cast<off_t>(file.position);
    ssize_t size = file.size == 0 ? 0 : sendfile(socket.native_handle(), file.descriptor, &position, file.size);
    if (size < 0) {
      error = errno == EINTR ? std::error_code() : std::error_code(errno, asio::error::get_system_category());
      return;
    }
    if (size == 0 && file.size > 0) {  // The file became shorter: the peer was promised bytes that are not there.
      error = asio::error::eof;
      return;
    }
    file.position = static_cast<uint64_t>(position);
    file.size -= static_cast<uint64_t>(size);
    bytes_ -= static_cast<uint64_t>(size);
    if (file.size == 0) ++splice_;
  }

  std::deque<Outgoing> queue_;
  size_t sent_ = 0, splice_ = 0;  // Of the front.
  uint64_t bytes_ = 0;
};

class AsioConnection final : public Connection, public std::enable_shared_from_this<AsioConnection> {
 public:
  AsioConnection(tcp::socket socket, const Endpoint& peer, std::vector<char>& scratch)
      : socket_(std::move(socket)), peer_(peer), scratch_(scratch) {}

  void start(std::shared_ptr<ConnectionHandler> handler) {
    handler_ = std::move(handler);
    std::error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(tcp::no_delay(true), ignored);
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
  uint64_t queued_bytes() const override { return queue_.bytes(); }
  void read(bool on) override {
    reading_ = on;
    if (on && !closed_) wait_readable();
  }
  void close(const std::string& why) override {
    if (closed_) return;
    closed_ = true;
    std::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
    asio::post(socket_.get_executor(), [self = shared_from_this(), why] {
      if (auto handler = std::exchange(self->handler_, nullptr)) handler->on_closed(why);
    });
  }
  const Endpoint& peer() const override { return peer_; }

 private:
  void wait_readable() {
    if (waiting_to_read_) return;
    waiting_to_read_ = true;
    socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](std::error_code error) {
      self->waiting_to_read_ = false;
      if (self->closed_ || !self->reading_) return;
      if (error) return self->close(error.message());
      self->read_some();
    });
  }
  void read_some() {
    std::error_code error;
    size_t size = socket_.read_some(asio::buffer(scratch_), error);
    if (error == asio::error::would_block) return wait_readable();
    if (error) return close(error == asio::error::eof ? "closed by the peer" : error.message());
    handler_->on_bytes({scratch_.data(), size});
    if (!closed_ && reading_) wait_readable();
  }
  void flush() {
    std::error_code error;
    queue_.send(socket_, error);
    if (error == asio::error::would_block || error == asio::error::try_again) return wait_writable();
    if (error) return close(error.message());
    handler_->on_sent();
  }
  void wait_writable() {
    waiting_to_write_ = true;
    socket_.async_wait(tcp::socket::wait_write, [self = shared_from_this()](std::error_code error) {
      self->waiting_to_write_ = false;
      if (self->closed_) return;
      if (error) return self->close(error.message());
      self->flush();
    });
  }

  tcp::socket socket_;
  Endpoint peer_;
  std::vector<char>& scratch_;  // The loop's: what is read is handed on at once.
  std::shared_ptr<ConnectionHandler> handler_;
  SendQueue queue_;
  bool closed_ = false, reading_ = true, waiting_to_read_ = false, waiting_to_write_ = false;
};

class AsioTimer final : public Loop::Timer {
 public:
  AsioTimer(asio::io_context& context, int64_t delay_ms, std::function<void()> work)
      : timer_(context, std::chrono::milliseconds(delay_ms)) {
    // A timer may have gone off, and its call be waiting, when it is destroyed.
    timer_.async_wait([work = std::move(work), alive = std::weak_ptr(alive_)](std::error_code cancelled) {
      if (!cancelled && !alive.expired()) work();
    });
  }

 private:
  asio::steady_timer timer_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

class AsioLoop final : public Loop {
 public:
  explicit AsioLoop(int offload_threads) : pool_(static_cast<size_t>(offload_threads)) {}
  ~AsioLoop() override {
    pool_.join();
    for (auto& weak : connections_) {
      if (auto connection = weak.lock()) connection->abandon();
    }
  }

  void run() override {
    auto busy = asio::make_work_guard(context_);
    context_.run();
  }
  void stop() override { context_.stop(); }
  void post(std::function<void()> work) override { asio::post(context_, std::move(work)); }
  std::unique_ptr<Timer> after(int64_t delay_ms, std::function<void()> work) override {
    return std::make_unique<AsioTimer>(context_, delay_ms, std::move(work));
  }
  void offload(std::function<void()> work, std::function<void()> done) override {
    // What waits to be done must not be lost when nothing else is left to do.
    asio::post(pool_, [this, work = std::move(work), done = std::move(done),
                       busy = asio::make_work_guard(context_)]() mutable {
      work();
      asio::post(context_, std::move(done));
    });
  }

  Result<Endpoint> listen(const Endpoint& endpoint, Accept accept) override {
    std::error_code error;
    auto address = asio::ip::make_address(endpoint.host == "localhost" ? "127.0.0.1" : endpoint.host, error);
    if (error) {
      return Error{Errc::kInvalidArgument,
                   "cannot listen on '" + endpoint.to_string() + "': expected an IP address and a port"};
    }
    auto acceptor = std::make_shared<tcp::acceptor>(context_);
    tcp::endpoint where(address, endpoint.port);
    acceptor->open(where.protocol(), error);
    if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor->bind(where, error);
    if (!error) acceptor->listen(1024, error);
    if (error) {
      Errc code = error == asio::error::address_in_use ? Errc::kConflict : Errc::kIo;
      return Error{code, "cannot listen on " + endpoint.to_string() + ": " + error.message()};
    }
    Endpoint bound = endpoint_of(acceptor->local_endpoint(error));
    accept_next(acceptor, std::make_shared<Accept>(std::move(accept)));
    return bound;
  }

 private:
  void accept_next(std::shared_ptr<tcp::acceptor> acceptor, std::shared_ptr<Accept> accept) {
    acceptor->async_accept([this, acceptor, accept](std::error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) {
        // No descriptors are left, most likely: those that are open go on, and this one is tried again.
        retry_ = after(kRetryMs, [this, acceptor, accept] { accept_next(acceptor, accept); });
        return;
      }
      std::error_code gone;
      auto peer = socket.remote_endpoint(gone);
      if (!gone) {
        auto connection = std::make_shared<AsioConnection>(std::move(socket), endpoint_of(peer), scratch_);
        std::erase_if(connections_, [](const auto& weak) { return weak.expired(); });
        connections_.push_back(connection);
        connection->start((*accept)(connection));
      }
      accept_next(acceptor, accept);
    });
  }

  static constexpr int64_t kRetryMs = 100;
  asio::io_context context_{1};
  asio::thread_pool pool_;
  std::vector<char> scratch_ = std::vector<char>(kReadBytes);
  std::unique_ptr<Timer> retry_;
  std::vector<std::weak_ptr<AsioConnection>> connections_;
};

}  // namespace

std::unique_ptr<Loop> make_asio_loop(int offload_threads) {
  return std::make_unique<AsioLoop>(offload_threads);
}

}  // namespace leat
