#include "sim/sim_loop.h"

#include <algorithm>

namespace leat::sim {

class SimLoop::SimTimer final : public Loop::Timer {
 public:
  SimTimer(SimLoop& loop, std::pair<int64_t, uint64_t> key) : loop_(loop), key_(key) {}
  ~SimTimer() override { loop_.timers_.erase(key_); }

 private:
  SimLoop& loop_;
  std::pair<int64_t, uint64_t> key_;
};

// Both ends in one: the program's is the Connection, the client's the SimPeer.
class SimLoop::SimConnection final : public Connection,
                                     public SimPeer,
                                     public std::enable_shared_from_this<SimConnection> {
 public:
  SimConnection(SimLoop& loop, Endpoint peer) : loop_(loop), peer_(std::move(peer)) {}
  void start(std::shared_ptr<ConnectionHandler> handler) { handler_ = std::move(handler); }

  void die() {
    why_ = "the process died";
    handler_.reset();
  }

  // Of the program.
  void send(Outgoing next) override {
    if (why_) return;
    CHECK(next.splices.empty());  // The files of a simulated disk have no descriptors.
    received_ += next.bytes;
    loop_.post([self = shared_from_this()] {
      if (self->handler_) self->handler_->on_sent();
    });
  }
  uint64_t queued_bytes() const override { return 0; }
  void read(bool on) override {
    reading_ = on;
    if (on) deliver_soon();
  }
  void close(const std::string& why) override { end(why); }
  const Endpoint& peer() const override { return peer_; }

  // Of the client.
  void send(BytesView bytes) override {
    coming_ += bytes;
    deliver_soon();
  }
  Bytes take_received() override { return std::exchange(received_, {}); }
  void close() override { end("closed by the peer"); }
  std::optional<std::string> closed() const override { return why_; }

 private:
  void deliver_soon() {
    loop_.post([self = shared_from_this()] {
      if (!self->handler_ || !self->reading_ || self->why_ || self->coming_.empty()) return;
      Bytes bytes = std::exchange(self->coming_, {});
      self->handler_->on_bytes(bytes);
    });
  }
  void end(const std::string& why) {
    if (why_) return;
    why_ = why;
    loop_.post([self = shared_from_this()] {
      self->handler_->on_closed(*self->why_);
      self->handler_.reset();
    });
  }

  SimLoop& loop_;
  Endpoint peer_;
  std::shared_ptr<ConnectionHandler> handler_;
  Bytes coming_, received_;
  bool reading_ = true;
  std::optional<std::string> why_;
};

void SimLoop::run() {
  while (!ready_.empty() && !stopped_) {
    auto work = std::move(ready_.front());
    ready_.pop_front();
    work();
  }
}

std::unique_ptr<Loop::Timer> SimLoop::after(int64_t delay_ms, std::function<void()> work) {
  std::pair<int64_t, uint64_t> key{now_ms() + delay_ms, next_timer_++};
  timers_.emplace(key, std::move(work));
  return std::make_unique<SimTimer>(*this, key);
}

void SimLoop::offload(std::function<void()> work, std::function<void()> done) {
  auto both = [this, work = std::move(work), done = std::move(done)] {
    work();
    post(done);
  };
  if (offload_delay_ms_ == 0) return post(both);
  auto delay_ms = static_cast<int64_t>(random_->below(static_cast<uint64_t>(offload_delay_ms_) + 1));
  timers_.emplace(std::pair(now_ms() + delay_ms, next_timer_++), both);
}

void SimLoop::die() {
  stopped_ = false;  // Whoever comes next begins anew.
  // What is let go may let go of others, or of timers.
  (void)std::exchange(ready_, {});
  (void)std::exchange(timers_, {});
  accept_ = nullptr;
  for (auto& weak : std::exchange(connections_, {})) {
    if (auto connection = weak.lock()) connection->die();
  }
}

Result<Endpoint> SimLoop::listen(const Endpoint& endpoint, Accept accept, std::shared_ptr<const TlsContext> tls) {
  CHECK(!tls);
  accept_ = std::move(accept);
  return endpoint;
}

void SimLoop::advance_ms(int64_t duration_ms) {
  int64_t until = now_ms() + duration_ms;
  run();
  while (!stopped_ && !timers_.empty() && timers_.begin()->first.first <= until) {
    auto timer = timers_.extract(timers_.begin());
    clock_.advance_ms(std::max<int64_t>(0, timer.key().first - now_ms()));
    timer.mapped()();
    run();
  }
  clock_.advance_ms(std::max<int64_t>(0, until - now_ms()));
}

std::shared_ptr<SimPeer> SimLoop::connect() {
  CHECK(accept_);
  auto connection = std::make_shared<SimConnection>(*this, Endpoint{"127.0.0.1", next_port_++});
  connection->start(accept_(connection));
  connections_.push_back(connection);
  return connection;
}

}  // namespace leat::sim
