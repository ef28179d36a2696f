#include "fold/durable.h"

#include <gtest/gtest.h>

#include <map>

#include "sim/seeds.h"
#include "sim/sim_env.h"

namespace leat {
namespace {

using sim::SimEnv;

// Counters by name. Adding to one replies with its new value; below zero is refused.
class Counters {
 public:
  struct Command {
    std::string name;
    int add = 0;
  };
  struct Event {
    std::string name;
    int value = 0;
  };
  using Reply = int;  // -1: refused.

  Decision<Event, Reply> decide(const Command& command, WallTime) const {
    auto found = values.find(command.name);
    int value = (found == values.end() ? 0 : found->second) + command.add;
    if (value < 0) return {{}, -1};
    // Two events: the counter and the sum of all, which must never be seen apart.
    return {{{command.name, value}, {"sum", sum() + command.add}}, value};
  }
  void apply(const Event& event) { values[event.name] = event.value; }
  std::vector<Event> snapshot() const {
    std::vector<Event> out;
    for (const auto& [name, value] : values) out.push_back({name, value});
    return out;
  }
  static FoldRecord encode(const Event& event) { return {event.name, std::to_string(event.value)}; }
  static Result<Event> decode(BytesView key, std::optional<BytesView> value) {
    if (!value) return Error{Errc::kCorruption, "a counter without a value"};
    return Event{Bytes(key), std::stoi(Bytes(*value))};
  }

  int sum() const {
    auto found = values.find("sum");
    return found == values.end() ? 0 : found->second;
  }
  std::map<std::string, int> values;
};
static_assert(StateMachine<Counters>);
using DurableCounters = Durable<Counters>;

std::unique_ptr<DurableCounters> open(SimEnv& env, uint64_t long_bytes = 1 << 20) {
  FoldOptions options;
  options.long_bytes = long_bytes;
  auto opened = DurableCounters::open(env.env(), "/fold", options);
  EXPECT_TRUE(opened) << opened.error().message;
  return opened ? std::move(*opened) : nullptr;
}

TEST(Durable, StateIsThereAgainAfterAPowerFailure) {
  SimEnv env(1);
  {
    auto counters = open(env);
    EXPECT_EQ(*counters->run({"a", 2}), 2);
    EXPECT_EQ(*counters->run({"a", 3}), 5);
    EXPECT_EQ(*counters->run({"a", -6}), -1);
  }
  env.lose_power();
  EXPECT_EQ(open(env)->machine().values, (std::map<std::string, int>{{"a", 5}, {"sum", 5}}));
}

// Each is decided on what came before it; nobody hears of it before the one sync that they share.
TEST(Durable, ManyWaitersShareOneSync) {
  SimEnv env(1);
  auto counters = open(env);
  std::vector<int> replies;
  auto note = [&replies](Result<int> reply) { replies.push_back(*reply); };
  for (int i = 0; i < 100; ++i) counters->submit({"a", 1}, note);
  EXPECT_TRUE(replies.empty());
  uint64_t syncs = env.disk().syncs();
  ASSERT_TRUE(counters->commit());
  EXPECT_EQ(env.disk().syncs(), syncs + 1);
  ASSERT_EQ(replies.size(), 100U);
  EXPECT_EQ(replies.front(), 1);
  EXPECT_EQ(replies.back(), 100);
}

TEST(Durable, AReplyMaySubmitTheNextCommand) {
  SimEnv env(1);
  auto counters = open(env);
  int last = 0;
  counters->submit({"a", 1}, [&](Result<int>) {
    counters->submit({"a", 1}, [&](Result<int> reply) { last = *reply; });
  });
  ASSERT_TRUE(counters->commit());
  EXPECT_EQ(last, 0);
  ASSERT_TRUE(counters->commit());
  EXPECT_EQ(last, 2);
}

TEST(Durable, AFailedSyncIsTheEnd) {
  SimEnv env(1);
  auto counters = open(env);
  ASSERT_TRUE(counters->run({"a", 1}));
  sim::FaultPlan failing;
  failing.sync_fails = 1;
  env.set_plan(failing);
  Result<int> reply = counters->run({"a", 1});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::kIo);
  env.set_plan({});
  EXPECT_FALSE(counters->run({"a", 1}));
  EXPECT_FALSE(counters->status());
}

TEST(Durable, NamesARecordThatIsNotAnEvent) {
  SimEnv env(1);
  {
    auto log = *FoldLog::open(env.env(), "/fold", {});
    log.add({"a", std::nullopt});
    ASSERT_TRUE(log.commit());
  }
  auto opened = DurableCounters::open(env.env(), "/fold", {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message, "/fold, offset 0: a counter without a value");
}

TEST(Durable, ALongLogIsBegunAnew) {
  SimEnv env(1);
  auto counters = open(env, 2000);
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(counters->run({"counter " + std::to_string(i % 7), 1}));
  uint64_t bytes = 0;
  for (const std::string& path : env.disk().files()) {
    if (path.ends_with(".log")) bytes += env.disk().contents(path).size();
  }
  EXPECT_LT(bytes, 10'000U);
  env.kill();
  EXPECT_EQ(open(env)->machine().values, counters->machine().values);
}

// A log whose beginning alone is long must not be begun anew at every commit.
TEST(Durable, ALargeStateIsNotWrittenAtEachCommit) {
  SimEnv env(1);
  auto counters = open(env, 2000);
  for (int i = 0; i < 1000; ++i) counters->submit({"counter " + std::to_string(i), 1}, [](Result<int>) {});
  ASSERT_TRUE(counters->commit());
  uint64_t before = env.disk().changes();
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(counters->run({"a", 1}));
  // An append, a sync and the note of it for each, and some more when it is begun anew.
  EXPECT_LT(env.disk().changes() - before, 400U);
}

// Lives that end anywhere: what was acknowledged is there, and a decision whole or not at all.
TEST(Durable, KeepsWhatItAcknowledged) {
  for (uint64_t seed : sim::seeds(300)) {
    sim::SeedRun again("fold_test", "Durable.KeepsWhatItAcknowledged", seed);
    SimEnv env(seed);
    int acknowledged = 0, submitted = 0;
    for (int life = 0; life < 6; ++life) {
      env.restart(sim::FaultPlan::draw(env.random(), 100));
      FoldOptions options;
      options.long_bytes = 300 + env.random().below(2000);
      if (auto counters = DurableCounters::open(env.env(), "/fold", options)) {
        for (int i = 0; i < 100 && (*counters)->status(); ++i) {
          for (uint64_t left = env.random().below(4); left > 0; --left, ++submitted) {
            (*counters)->submit({"c" + std::to_string(env.random().below(5)), 1},
                                [&](Result<int> reply) { acknowledged += reply ? 1 : 0; });
          }
          if (!(*counters)->commit()) break;
        }
      }
      env.restart();
      auto seen = open(env);
      ASSERT_TRUE(seen) << again.command();
      int sum = 0;
      for (const auto& [name, value] : seen->machine().values) sum += name == "sum" ? 0 : value;
      ASSERT_EQ(sum, seen->machine().sum()) << again.command();
      ASSERT_GE(sum, acknowledged) << again.command();
      ASSERT_LE(sum, submitted) << again.command();
      acknowledged = submitted = sum;
    }
  }
}

}  // namespace
}  // namespace leat
