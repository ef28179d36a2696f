// Whole SQL jobs under the simulator: processes that die anywhere, machines that lose power, disks that are full or
// whose sync fails, restarted until the job has finished.
#include "test/job_sim/job_sim.h"

#include <gtest/gtest.h>

#include "sim/seeds.h"

namespace leat::sim {
namespace {

TEST(JobSim, GivesWhatAnUndisturbedRunGives) {
  int deaths = 0;
  World plain;
  for (uint64_t seed : seeds(300)) {
    SeedRun again("job_sim_test", "JobSim.GivesWhatAnUndisturbedRunGives", seed);
    JobSimulation run(seed, plain);
    ASSERT_EQ(run.go(), "") << "again: " << again.command();
    deaths += run.deaths();
  }
  EXPECT_GT(deaths, 0);
}

TEST(JobSim, StartsOver) {
  World plain;
  for (uint64_t seed : seeds(100)) {
    SeedRun again("job_sim_test", "JobSim.StartsOver", seed);
    ASSERT_EQ(JobSimulation(seed, plain).go_fresh(), "") << "again: " << again.command();
  }
}

}  // namespace
}  // namespace leat::sim
