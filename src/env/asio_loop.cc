// The Loop of production, on standalone Asio, which only this file and those it includes know.
#include <signal.h>

#include "env/asio_connection.h"

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
    for (AsioConnection* each : AsioConnection::Registry(connections_)) {
      if (!connections_.contains(each)) continue;  // One that was let go took it along.
      auto connection = each->shared_from_this();
      connection->abandon();
    }
  }

  void run() override {
    // sendfile() to a peer that has gone is an error here, and not a signal that ends the process.
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
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

  using Loop::listen;
  Result<Endpoint> listen(const Endpoint& endpoint, Accept accept, std::shared_ptr<const TlsContext> tls) override {
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
    accept_next({acceptor, std::make_shared<Accept>(std::move(accept)), std::move(tls)});
    return bound;
  }

 private:
  struct Listener {
    std::shared_ptr<tcp::acceptor> acceptor;
    std::shared_ptr<Accept> accept;
    std::shared_ptr<const TlsContext> tls;
  };

  void accept_next(const Listener& listener) {
    listener.acceptor->async_accept([this, listener](std::error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) {
        // No descriptors are left, most likely: those that are open go on, and this one is tried again.
        retry_ = after(kRetryMs, [this, listener] { accept_next(listener); });
        return;
      }
      std::error_code gone;
      auto peer = socket.remote_endpoint(gone);
      if (!gone) {
        auto connection = std::make_shared<AsioConnection>(std::move(socket), endpoint_of(peer), scratch_, connections_,
                                                           listener.tls ? listener.tls->accept() : nullptr);
        connection->start(listener.accept);
      }
      accept_next(listener);
    });
  }

  static constexpr int64_t kRetryMs = 100;
  AsioConnection::Registry connections_;  // Outlives the context, whose operations keep connections.
  asio::io_context context_{1};
  asio::thread_pool pool_;
  std::vector<char> scratch_ = std::vector<char>(kReadBytes);
  std::unique_ptr<Timer> retry_;
};

}  // namespace

std::unique_ptr<Loop> make_asio_loop(int offload_threads) {
  return std::make_unique<AsioLoop>(offload_threads);
}

}  // namespace leat
