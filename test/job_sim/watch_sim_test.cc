// A watched directory under the simulator: files come in any order of their names while processes die; each row is
// there once, and each bad one is a dead letter once.
#include <gtest/gtest.h>

#include "sim/seeds.h"
#include "test/job_sim/job_life.h"

namespace leat::sim {
namespace {

constexpr int kLives = 8;
constexpr uint64_t kChangesMax = 60;  // Of the disk in one life.
constexpr int kIdleLooks = 100;       // Longer than the interval at which the directory is looked at.

Outcome bounded_run(uint64_t seed) {
  SimEnv env(seed);
  World plain;
  JobCase job = draw_files_case(seed, false);
  write_input(env, job.input);
  CHECK(live(env, plain, job, {}));
  return *look(env);
}

class WatchSimulation {
 public:
  explicit WatchSimulation(uint64_t seed)
      : env_(seed), case_(draw_files_case(seed, true)), expected_(bounded_run(seed)) {
    coming_ = case_.input;
    write_input(env_, {});
  }

  std::string go() {
    for (int life = 0; life < kLives; ++life) {
      let_some_come(0.3);
      env_.restart(FaultPlan::draw(env_.random(), kChangesMax));
      Pace pace = Pace::draw(env_.random());
      pace.idle_looks_max = kIdleLooks;
      Status ran = live(env_, plain_, case_, pace);
      bool operating = ran || ran.error().code == Errc::kIo || ran.error().code == Errc::kNoSpace;
      if (!operating) return ran.error().message;
      env_.restart();
    }
    return last_life();
  }

 private:
  void let_some_come(double share) {
    std::map<std::string, Bytes> now;
    for (const auto& [path, contents] : coming_) {
      if (env_.random().chance(share)) now[path] = contents;
    }
    for (const auto& [path, contents] : now) coming_.erase(path);
    write_input(env_, now);
  }

  std::string last_life() {
    let_some_come(1);
    Pace pace;
    pace.idle_looks_max = kIdleLooks;
    Status ran = live(env_, plain_, case_, pace);
    if (!ran) return "a calm life: " + ran.error().message;
    auto seen = look(env_);
    if (!seen) return seen.error().message;
    if (seen->litter) return "hidden files are left";
    if (seen->rows != expected_.rows) return "other rows than those of a bounded run";
    if (seen->failures != expected_.failures) return "other dead letters than those of a bounded run";
    return "";
  }

  SimEnv env_;
  World plain_;
  JobCase case_;
  Outcome expected_;
  std::map<std::string, Bytes> coming_;
};

TEST(WatchSim, EachRowOfEachFileIsThereOnce) {
  for (uint64_t seed : seeds(100)) {
    SeedRun again("job_sim_test", "WatchSim.EachRowOfEachFileIsThereOnce", seed);
    ASSERT_EQ(WatchSimulation(seed).go(), "") << "again: " << again.command();
  }
}

}  // namespace
}  // namespace leat::sim
