#pragma once
// JobSimulation: a job that dies again and again, against the same job that nobody disturbed.
#include <string>

#include "test/job_sim/job_life.h"

namespace leat::sim {

class JobSimulation {
 public:
  JobSimulation(uint64_t seed, World& world);

  // Lives with faults until the job finishes or there were enough; then calm ones. Empty if all went as it must:
  // between two lives the world sees only what the undisturbed run gives too, and at the end all of it and no more.
  std::string go();
  // The same, of a job that is started over in the middle of it: nothing of what it was may stay.
  std::string go_fresh();

  int deaths() const { return deaths_; }

 private:
  Result<Outcome> disturbed_life(double fresh);
  std::string last_life();

  SimEnv env_;
  World& world_;
  JobCase case_;
  Outcome expected_;
  int deaths_ = 0;
};

}  // namespace leat::sim
