#include "sim/log_harness.h"
#include "sim/seeds.h"
#include "sim/sim_random.h"

namespace leat {
namespace {

using sim::SimEnv;

BatchStamp transaction_of(int64_t producer_id) {
  return {.producer_id = producer_id, .producer_epoch = 0, .base_sequence = 0, .transactional = true};
}

void send(PartitionLog& log, int64_t producer_id, const Bytes& value) {
  ASSERT_TRUE(append(log, {value}, WallTime{1000}, transaction_of(producer_id)));
}

void end(PartitionLog& log, int64_t producer_id, MarkerType type) {
  ASSERT_TRUE(append_marker(log, producer_id, type));
  ASSERT_TRUE(log.sync());
}

std::vector<Bytes> committed(const PartitionLog& log) {
  return *read_log(log, log.start(), true);
}

TEST(PartitionTransactions, AnOpenOneHoldsTheLastStableOffset) {
  SimEnv env(1);
  auto log = open_log(env);
  ASSERT_TRUE(append(*log, {"plain"}));
  send(*log, 7, "in doubt");
  ASSERT_TRUE(append(*log, {"behind it"}));
  ASSERT_TRUE(log->sync());
  EXPECT_EQ(log->last_stable(), Offset{1});
  EXPECT_EQ(committed(*log), (std::vector<Bytes>{"plain"}));
  end(*log, 7, MarkerType::kCommit);
  EXPECT_EQ(log->last_stable(), Offset{4});
  EXPECT_EQ(committed(*log), (std::vector<Bytes>{"plain", "in doubt", "behind it"}));
}

TEST(PartitionTransactions, AbortedOnesAreHiddenAndOthersBetweenThemAreNot) {
  SimEnv env(2);
  auto log = open_log(env);
  send(*log, 1, "a1");
  send(*log, 2, "b1");
  send(*log, 1, "a2");
  end(*log, 1, MarkerType::kAbort);
  send(*log, 1, "a3");  // The next transaction of the same producer.
  end(*log, 2, MarkerType::kCommit);
  end(*log, 1, MarkerType::kCommit);
  EXPECT_EQ(committed(*log), (std::vector<Bytes>{"b1", "a3"}));
}

TEST(PartitionTransactions, AMarkerWithoutDataMovesNothing) {
  SimEnv env(3);
  auto log = open_log(env);
  end(*log, 5, MarkerType::kAbort);
  send(*log, 5, "later");
  end(*log, 5, MarkerType::kCommit);
  EXPECT_TRUE(log->transactions().aborted().empty());
  EXPECT_EQ(committed(*log), (std::vector<Bytes>{"later"}));
}

// Open ones and aborted ones are known again, from the recovery point and from the batches behind it.
TEST(PartitionTransactions, AreKnownAfterARestart) {
  for (bool closed : {false, true}) {
    SimEnv env(4);
    auto log = open_log(env);
    send(*log, 1, "aborted");
    end(*log, 1, MarkerType::kAbort);
    send(*log, 2, "open");
    ASSERT_TRUE(log->sync());
    ASSERT_TRUE(closed ? log->close() : Status());
    auto open_before = log->transactions().open();
    env.lose_power();
    log = open_log(env);
    EXPECT_EQ(log->transactions().open(), open_before);
    EXPECT_EQ(log->last_stable(), Offset{2});
    end(*log, 2, MarkerType::kCommit);
    EXPECT_EQ(committed(*log), (std::vector<Bytes>{"open"}));
  }
}

// What a reader of a range is told is what a look at every aborted transaction finds.
TEST(PartitionTransactions, ARangeFindsItsAbortedOnes) {
  for (uint64_t seed : sim::seeds(50)) {
    sim::SimRandom random(seed);
    SimEnv env(seed);
    auto log = open_log(env);
    for (int i = 0; i < 60; ++i) {
      auto producer = static_cast<int64_t>(random.below(4));
      if (random.below(3) > 0) {
        send(*log, producer, "x");
      } else {
        end(*log, producer, random.below(2) == 0 ? MarkerType::kAbort : MarkerType::kCommit);
      }
      if (random.below(20) == 0) {
        ASSERT_TRUE(log->sync());
        Status closed = random.below(2) == 0 ? log->close() : Status();
        ASSERT_TRUE(closed);
        log = open_log(env);
      }
    }
    const auto& transactions = log->transactions();
    for (int64_t from = 0; from < log->end().value; ++from) {
      for (int64_t limit = from + 1; limit <= log->end().value; limit += 7) {
        auto all = transactions.aborted();
        std::erase_if(all, [&](const auto& each) { return each.last.value < from || each.first.value >= limit; });
        ASSERT_EQ(transactions.aborted_in(Offset{from}, Offset{limit}), all) << "LEAT_SEED=" << seed;
      }
    }
  }
}

TEST(PartitionTransactions, OpenOnesAreNotTruncatedAndOldOnesAreForgotten) {
  SimEnv env(5);
  auto log = open_log(env);
  send(*log, 1, "aborted");
  end(*log, 1, MarkerType::kAbort);
  send(*log, 2, "open");
  ASSERT_TRUE(log->sync());
  EXPECT_EQ(log->truncate_prefix(Offset{3}).error().code, Errc::kOutOfRange);
  ASSERT_TRUE(log->truncate_prefix(Offset{2}));
  EXPECT_TRUE(log->transactions().aborted().empty());
}

}  // namespace
}  // namespace leat
