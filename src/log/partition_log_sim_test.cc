// A log that acknowledges by itself, under the simulator: what was below durable_end() is there after each crash, once
// and in order, and in front of at most what was appended since.
#include "sim/log_harness.h"
#include "sim/seeds.h"

namespace leat {
namespace {

using sim::FaultPlan;
using sim::SimEnv;

class Life {
 public:
  Life(SimEnv& env, const LogOptions& options, std::vector<Bytes>& appended, Offset& acknowledged, Offset& truncated)
      : env_(env), options_(options), appended_(appended), acknowledged_(acknowledged), truncated_(truncated) {}

  void live() {
    auto log = PartitionLog::open(env_.env(), kDirectory, options_);
    for (int i = 0; log && i < 60 && step(**log); ++i) {
    }
  }

 private:
  bool step(PartitionLog& log) {
    uint64_t dice = env_.random().below(20);
    if (dice == 0) return bool(log.close());
    if (dice == 1) {
      truncated_ = std::max(truncated_, Offset{static_cast<int64_t>(env_.random().below(acknowledged_.value + 1))});
      return bool(log.truncate_prefix(truncated_));
    }
    uint64_t batches = options_.tail == Tail::kKeepEach ? 1 : 1 + env_.random().below(4);
    for (; batches > 0; --batches) {
      if (!write(log)) return false;
    }
    bool grouped = options_.tail == Tail::kKeep && env_.random().chance(0.5);
    if (!(grouped ? sync_aside(log) : bool(log.sync()))) return false;
    acknowledged_ = log.durable_end();
    return true;
  }

  bool write(PartitionLog& log) {
    Bytes value = std::to_string(appended_.size()) + Bytes(env_.random().below(1500), 'x');
    appended_.push_back(value);
    return bool(append(log, {value}));
  }

  // The disk is waited for while the log goes on.
  bool sync_aside(PartitionLog& log) {
    auto pending = log.begin_sync();
    if (!pending) return false;
    if (!*pending) return true;
    if (env_.random().chance(0.3) && !write(log)) return false;
    Status outcome = (*pending)->work();
    if (env_.random().chance(0.1) && !log.roll()) return false;
    return bool(log.finish_sync(**pending, outcome));
  }

  SimEnv& env_;
  const LogOptions& options_;
  std::vector<Bytes>& appended_;
  Offset &acknowledged_, &truncated_;
};

std::string run(uint64_t seed, Tail tail) {
  SimEnv env(seed);
  LogOptions options;
  options.tail = tail;
  options.segment_bytes = 5000 + env.random().below(20'000);
  options.recovery_point_bytes = 1 + env.random().below(5000);
  std::vector<Bytes> appended;
  Offset acknowledged, truncated;
  for (int life = 0; life < 6; ++life) {
    env.restart(FaultPlan::draw(env.random(), 150));
    Life(env, options, appended, acknowledged, truncated).live();
    env.restart();
    auto log = PartitionLog::open(env.env(), kDirectory, options);
    if (!log) return "it does not open: " + log.error().message;
    if ((*log)->end() < acknowledged) return "acknowledged records are missing";
    if ((*log)->end() > Offset{static_cast<int64_t>(appended.size())}) return "there are records that nobody wrote";
    if ((*log)->start() > truncated) return "records are missing at the front";
    auto read = read_log(**log, (*log)->start());
    if (!read) return read.error().message;
    appended.resize(static_cast<size_t>((*log)->end().value));
    if (!std::equal(read->rbegin(), read->rend(), appended.rbegin())) return "a record is not what was written";
    acknowledged = (*log)->end();
  }
  return "";
}

TEST(PartitionLogSim, KeepsWhatItAcknowledged) {
  for (uint64_t seed : sim::seeds(400)) {
    sim::SeedRun again("log_test", "PartitionLogSim.KeepsWhatItAcknowledged", seed);
    ASSERT_EQ(run(seed, seed % 2 == 0 ? Tail::kKeep : Tail::kKeepEach), "") << "again: " << again.command();
  }
}

}  // namespace
}  // namespace leat
