#include "sim/fault_plan.h"

namespace leat::sim {

FaultPlan FaultPlan::draw(SimRandom& random, uint64_t changes_max) {
  FaultPlan plan;
  if (random.chance(0.2)) plan.sync_fails = 0.02;
  if (random.chance(0.3)) plan.clock_jumps = 0.1;
  plan.sector_lost = random.chance(0.2) ? 0 : random.chance(0.2) ? 1 : 0.4;
  plan.sector_garbage = random.chance(0.5) ? 0 : 0.2;
  if (random.chance(0.8)) plan.crash_after_changes = 1 + random.below(changes_max);
  plan.power_fails = random.chance(0.3) ? 0 : 0.8;
  if (random.chance(0.15)) plan.disk_bytes = 20'000 + random.below(200'000);
  return plan;
}

}  // namespace leat::sim
