// A broker under the simulator: processes that die anywhere, machines that lose power with torn and lost sectors, disks
// that are full, slow, or whose sync fails, clocks that jump, clients that pause. What clients were told is so.
#include "test/broker_sim/broker_sim.h"

#include "sim/seeds.h"

namespace leat::sim {
namespace {

TEST(BrokerSim, WhatClientsWereToldIsSo) {
  int deaths = 0;
  size_t acknowledged = 0;
  for (uint64_t seed : seeds(300)) {
    SeedRun again("broker_sim_test", "BrokerSim.WhatClientsWereToldIsSo", seed);
    BrokerSimulation run(seed);
    ASSERT_EQ(run.go(4), "") << "again: " << again.command();
    deaths += run.deaths();
    acknowledged += run.acknowledged();
  }
  EXPECT_GT(deaths, 0);
  EXPECT_GT(acknowledged, 0u);
}

}  // namespace
}  // namespace leat::sim
