#include "sim/sim_env.h"

namespace leat::sim {

SimEnv::SimEnv(uint64_t seed, const FaultPlan& plan) : random_(seed), clock_(random_), disk_(random_, clock_) {
  set_plan(plan);
}

void SimEnv::set_plan(const FaultPlan& plan) {
  plan_ = plan;
  disk_.set_plan(plan);
  clock_.set_jumps(plan.clock_jumps);
}

void SimEnv::restart(const FaultPlan& plan) {
  if (random_.chance(plan_.power_fails)) {
    lose_power(plan);
  } else {
    kill(plan);
  }
}

void SimEnv::InlineWorkers::wait(uint64_t ticket) {
  while (!aside_.empty() && aside_.front().first <= ticket) {
    auto work = std::move(aside_.front().second);
    aside_.pop_front();
    work();
  }
}

bool SimEnv::InlineWorkers::finished(uint64_t ticket) {
  if (random_.chance(0.5)) wait(ticket);
  return aside_.empty() || aside_.front().first > ticket;
}

void SimEnv::kill(const FaultPlan& plan) {
  workers_.die();
  disk_.die();
  set_plan(plan);
}

void SimEnv::lose_power(const FaultPlan& plan) {
  workers_.die();
  disk_.lose_power();
  set_plan(plan);
}

}  // namespace leat::sim
