#pragma once
// SimEnv: the whole outside world of a process on one thread, driven by one seed.
#include <deque>
#include <functional>
#include <utility>

#include "sim/sim_clock.h"
#include "sim/sim_disk.h"

namespace leat::sim {

class SimEnv {
 public:
  explicit SimEnv(uint64_t seed, const FaultPlan& plan = {});

  Env env() { return {clock_, disk_, random_, workers_}; }
  SimDisk& disk() { return disk_; }
  SimClock& clock() { return clock_; }
  SimRandom& random() { return random_; }

  // What goes wrong from now on.
  void set_plan(const FaultPlan& plan);

  bool crashed() const { return disk_.crashed(); }  // As the plan wanted it.
  // Ends the process, if it has not crashed yet, in the way that the plan draws, and gives the machine a new plan.
  // Every object that lives on this Env is dead: it may only be destroyed, before or after.
  void restart(const FaultPlan& plan = {});
  void kill(const FaultPlan& plan = {});        // As kill -9 does.
  void lose_power(const FaultPlan& plan = {});  // As pulling the plug does.

 private:
  // Runs each piece of work where it is submitted. Work aside runs when it is waited for, or at some look at whether it
  // has finished.
  class InlineWorkers final : public Workers {
   public:
    explicit InlineWorkers(SimRandom& random) : random_(random) {}
    int threads() const override { return 0; }
    uint64_t submit(std::function<void()> work) override {
      work();
      return 0;
    }
    uint64_t submit_aside(std::function<void()> work) override {
      aside_.emplace_back(++last_ticket_, std::move(work));
      return last_ticket_;
    }
    void wait(uint64_t ticket) override;
    bool finished(uint64_t ticket) override;
    void die() { aside_.clear(); }

   private:
    SimRandom& random_;
    std::deque<std::pair<uint64_t, std::function<void()>>> aside_;
    uint64_t last_ticket_ = 0;
  };

  SimRandom random_;
  SimClock clock_;
  SimDisk disk_;
  InlineWorkers workers_{random_};
  FaultPlan plan_;
};

}  // namespace leat::sim
