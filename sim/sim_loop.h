#pragma once
// SimLoop: a Loop without threads and sockets. Time is the simulated clock's, and passes only in advance_ms().
#include <deque>
#include <map>
#include <set>

#include "env/loop.h"
#include "sim/sim_clock.h"

namespace leat::sim {

// The far end of a connection to something that listens on a SimLoop.
class SimPeer {
 public:
  virtual ~SimPeer() = default;
  virtual void send(BytesView) = 0;  // Arrives when the loop turns.
  virtual Bytes take_received() = 0;
  virtual void close() = 0;
  // Why the other side closed; nullopt: it is open.
  virtual std::optional<std::string> closed() const = 0;
};

class SimLoop final : public Loop {
 public:
  explicit SimLoop(SimClock& clock) : clock_(clock) {}

  // Until there is nothing to do but wait, or stop(): from then on nothing happens until die(), as nothing does in a
  // process that is on its way out.
  void run() override;
  void stop() override { stopped_ = true; }
  void post(std::function<void()> work) override { ready_.push_back(std::move(work)); }
  std::unique_ptr<Timer> after(int64_t delay_ms, std::function<void()>) override;
  // The work is done when the loop turns, after what was posted before.
  void offload(std::function<void()> work, std::function<void()> done) override;
  using Loop::listen;
  Result<Endpoint> listen(const Endpoint&, Accept accept, std::shared_ptr<const TlsContext> tls) override;

  // A disk that takes its time: offloaded work is done up to so much later, drawn from `random`. 0: at once.
  void set_offload_delay_ms(int64_t longest, SimRandom* random) {
    offload_delay_ms_ = longest;
    random_ = random;
  }
  // The process dies: nothing that was to happen does, and connections are gone.
  void die();

  // What is due in that time happens, in order.
  void advance_ms(int64_t duration_ms);
  std::shared_ptr<SimPeer> connect();

 private:
  class SimTimer;
  class SimConnection;
  int64_t now_ms() const { return clock_.monotonic().value / 1'000'000; }

  SimClock& clock_;
  std::deque<std::function<void()>> ready_;
  std::map<std::pair<int64_t, uint64_t>, std::function<void()>> timers_;  // By due time, then order of making.
  uint64_t next_timer_ = 1;
  std::vector<std::weak_ptr<SimConnection>> connections_;
  int64_t offload_delay_ms_ = 0;
  SimRandom* random_ = nullptr;
  Accept accept_;
  uint16_t next_port_ = 40'000;
  bool stopped_ = false;
};

}  // namespace leat::sim
