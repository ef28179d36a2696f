// The judge of broker_sim can fail: each of these disks or brokers has one bug in it, and the runs must say so.
#include "sim/passing_files.h"
#include "test/broker_sim/broker_sim.h"

namespace leat::sim {
namespace {

// Whether one of the first seeds sees that something is wrong.
template <class Files>
bool is_seen(uint64_t seeds_max) {
  for (uint64_t seed = 1; seed <= seeds_max; ++seed) {
    BrokerSimulation run(seed);
    Files files(run.broker().sim.disk());
    run.broker().files = &files;
    std::string wrong = run.go(4);
    run.broker().die();
    run.broker().files = nullptr;
    if (!wrong.empty()) return true;
  }
  return false;
}

class UnsyncedRecords final : public PassingFiles {
 public:
  using PassingFiles::PassingFiles;
  Status sync(const std::string& path, File& real) override {
    return path.find("/partitions/") != std::string::npos ? Status() : real.sync();
  }
};

TEST(PlantedBug, RecordsAreAcknowledgedBeforeTheyAreSynced) {
  EXPECT_TRUE(is_seen<UnsyncedRecords>(100));
}

class UnsyncedDecisions final : public PassingFiles {
 public:
  using PassingFiles::PassingFiles;
  Status sync(const std::string& path, File& real) override {
    return path.find("/state/") != std::string::npos ? Status() : real.sync();
  }
};

TEST(PlantedBug, DecisionsAreAnsweredBeforeTheyAreSynced) {
  EXPECT_TRUE(is_seen<UnsyncedDecisions>(100));
}

TEST(PlantedBug, AFailedSyncIsTriedAgain) {
  EXPECT_TRUE(is_seen<RetriedSync>(300));
}

}  // namespace
}  // namespace leat::sim
