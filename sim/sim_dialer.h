#pragma once
// SimDialer: blocking connections to what listens on a SimLoop. Whoever waits turns the loop, and simulated time
// passes.
#include <algorithm>
#include <utility>

#include "env/net_stream.h"
#include "sim/sim_loop.h"

namespace leat::sim {

class SimDialer final : public Dialer {
 public:
  SimDialer(SimLoop& loop, SimClock& clock) : loop_(loop), clock_(clock) {}

  Result<std::unique_ptr<NetStream>> dial(const Endpoint& to, Instant) override {
    if (to.port == refused_port) return Error{Errc::kIo, "connection refused"};
    auto peer = loop_.connect();
    peers_.push_back(peer);
    return std::unique_ptr<NetStream>(std::make_unique<Stream>(loop_, clock_, std::move(peer)));
  }
  // Every connection ends; for what listens to be taken away.
  void hang_up() {
    for (auto& each : std::exchange(peers_, {})) {
      if (auto peer = each.lock()) peer->close();
    }
    loop_.run();
  }

  uint16_t refused_port = 0;

 private:
  class Stream final : public NetStream {
   public:
    Stream(SimLoop& loop, SimClock& clock, std::shared_ptr<SimPeer> peer)
        : loop_(loop), clock_(clock), peer_(std::move(peer)) {}
    ~Stream() override {
      peer_->close();
      loop_.run();
    }
    Status write(BytesView bytes, Instant) override {
      peer_->send(bytes);
      loop_.run();
      return {};
    }
    Result<size_t> read(std::span<char> into, Instant deadline) override {
      while (true) {
        received_ += peer_->take_received();
        size_t size = std::min(into.size(), received_.size());
        std::copy_n(received_.begin(), size, into.begin());
        received_.erase(0, size);
        if (size > 0 || peer_->closed()) return size;
        if (clock_.monotonic() >= deadline) return Error{Errc::kTimeout, "no answer in time"};
        loop_.advance_ms(kTurnMs);
      }
    }

   private:
    static constexpr int64_t kTurnMs = 10;
    SimLoop& loop_;
    SimClock& clock_;
    std::shared_ptr<SimPeer> peer_;
    Bytes received_;
  };

  SimLoop& loop_;
  SimClock& clock_;
  std::vector<std::weak_ptr<SimPeer>> peers_;
};

}  // namespace leat::sim
