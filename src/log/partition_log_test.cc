#include "log/partition_log.h"

#include "sim/log_harness.h"

namespace leat {
namespace {

using sim::FaultPlan;
using sim::SimEnv;

constexpr int64_t kDayMs = 24LL * 60 * 60 * 1000;

LogOptions small_segments() {
  LogOptions options;
  options.segment_bytes = 20'000;
  return options;
}

// Batches of 1 to 3 records, some of them large; each record's value is its offset.
void fill(SimEnv& env, PartitionLog& log, int64_t records) {
  while (log.end().value < records) {
    std::vector<Bytes> values;
    for (uint64_t left = 1 + env.random().below(3); left > 0; --left) {
      values.push_back(std::to_string(log.end().value + static_cast<int64_t>(values.size())) + " " +
                       Bytes(env.random().below(env.random().chance(0.1) ? 3000 : 100), 'x'));
    }
    ASSERT_TRUE(append(log, values, WallTime{1000 + log.end().value * 10}));
  }
  ASSERT_TRUE(log.sync());
}

std::optional<Offset> found_at(const PartitionLog& log, int64_t time_ms) {
  auto found = *log.find_time(WallTime{time_ms});
  return found ? std::optional<Offset>(found->offset) : std::nullopt;
}

int64_t number_of(const Bytes& value) {
  return std::stoll(value);
}

TEST(PartitionLog, GivesEachRecordAnOffset) {
  SimEnv env(1);
  auto log = open_log(env);
  EXPECT_EQ(*append(*log, {"a", "b", "c"}), Offset{0});
  EXPECT_EQ(*append(*log, {"d"}), Offset{3});
  EXPECT_EQ(log->end(), Offset{4});
  EXPECT_EQ(log->durable_end(), Offset{0});
  ASSERT_TRUE(log->sync());
  EXPECT_EQ(log->durable_end(), Offset{4});
  EXPECT_EQ(*read_log(*log, Offset{2}), (std::vector<Bytes>{"c", "d"}));
}

TEST(PartitionLog, OneSyncServesManyAppends) {
  SimEnv env(1);
  auto log = open_log(env);
  uint64_t before = env.disk().syncs();
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(append(*log, {"x"}));
  ASSERT_TRUE(log->sync());
  ASSERT_TRUE(log->sync());
  EXPECT_EQ(env.disk().syncs(), before + 1);
}

TEST(PartitionLog, ReadsFromAnyOffsetAcrossSegments) {
  SimEnv env(3);
  auto log = open_log(env, small_segments());
  fill(env, *log, 500);
  for (int round = 0; round < 2; ++round) {  // As it was written, and after it was opened again.
    for (int64_t from = 0; from <= 500; ++from) {
      auto values = read_log(*log, Offset{from});
      ASSERT_TRUE(values) << values.error().message;
      ASSERT_EQ(values->size(), static_cast<size_t>(log->end().value - from));
      ASSERT_TRUE(values->empty() || number_of(values->front()) == from);
    }
    ASSERT_TRUE(log->close());
    log = open_log(env, small_segments());
  }
  EXPECT_GT(env.disk().files().size(), 6U);
}

// The first record that is not older, as a search through everything finds it.
TEST(PartitionLog, FindsTimes) {
  SimEnv env(4);
  auto log = open_log(env, small_segments());
  std::vector<int64_t> times;
  for (int i = 0; i < 400; ++i) {
    times.push_back(10'000 + i * 5 + static_cast<int64_t>(env.random().below(300)));
    ASSERT_TRUE(append(*log, {Bytes(200, 'x')}, WallTime{times.back()}));
  }
  ASSERT_TRUE(log->sync());
  ASSERT_TRUE(log->truncate_prefix(Offset{30}));
  for (int64_t wanted = 9'900; wanted < 12'500; ++wanted) {
    std::optional<Offset> expected;
    for (size_t i = 30; i < times.size() && !expected; ++i) {
      if (times[i] >= wanted) expected = Offset{static_cast<int64_t>(i)};
    }
    ASSERT_EQ(found_at(*log, wanted), expected) << wanted;
  }
}

// The index files are hints: without them, or with others, the answers are the same.
TEST(PartitionLog, IndexFilesThatAreMissingOrDamagedAreMadeAgain) {
  SimEnv env(5);
  auto log = open_log(env, small_segments());
  fill(env, *log, 500);
  std::vector<std::optional<Offset>> found;
  for (int64_t time = 900; time < 6200; time += 17) found.push_back(found_at(*log, time));
  ASSERT_TRUE(log->close());
  int number = 0;
  for (const std::string& path : env.disk().files()) {
    if (!path.ends_with("index")) continue;
    if (number++ % 2 == 0) {
      ASSERT_TRUE(env.disk().remove(path));
    } else if (!env.disk().contents(path).empty()) {
      env.disk().overwrite(path, env.random().below(env.disk().contents(path).size()), "!");
    }
  }
  ASSERT_GT(number, 4);
  log = open_log(env, small_segments());
  for (int64_t from = 0; from < 500; from += 13) EXPECT_EQ(number_of(read_log(*log, Offset{from})->front()), from);
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found_at(*log, 900 + static_cast<int64_t>(i) * 17), found[i]);
  }
}

TEST(PartitionLog, TruncatedRecordsAreGoneForGood) {
  SimEnv env(6);
  auto log = open_log(env, small_segments());
  fill(env, *log, 300);
  size_t files = env.disk().files().size();
  ASSERT_TRUE(log->truncate_prefix(Offset{200}));
  EXPECT_LT(env.disk().files().size(), files);
  EXPECT_EQ(read_log(*log, Offset{100}).error().code, Errc::kOutOfRange);
  env.lose_power();
  log = open_log(env, small_segments());
  EXPECT_EQ(log->start(), Offset{200});
  EXPECT_EQ(number_of(read_log(*log, Offset{200})->front()), 200);
  EXPECT_EQ(log->truncate_prefix(Offset{9999}).error().code, Errc::kOutOfRange);
  ASSERT_TRUE(log->truncate_prefix(log->end()));
  EXPECT_TRUE(read_log(*log, log->start())->empty());
  EXPECT_EQ(log->bytes(), 0U);
}

TEST(PartitionLog, RetentionByTimeDropsWholeSegments) {
  SimEnv env(7);
  LogOptions options = small_segments();
  options.retention_ms = 7 * kDayMs;
  auto log = open_log(env, options);
  for (int day = 0; day < 10; ++day) {
    for (int i = 0; i < 30; ++i) ASSERT_TRUE(append(*log, {Bytes(1000, 'x')}, env.clock().now()));
    ASSERT_TRUE(log->sync());
    env.clock().advance_ms(kDayMs);
  }
  ASSERT_TRUE(log->apply_retention());
  // Nothing of the last seven days is gone; of what is older at most what shares a segment with it is left.
  EXPECT_LE(log->start(), Offset{90});
  EXPECT_GE(log->start(), Offset{60});
  env.clock().advance_ms(30 * kDayMs);
  ASSERT_TRUE(log->apply_retention());
  EXPECT_EQ(log->start(), log->end());
  EXPECT_EQ(*append(*log, {"next"}), Offset{300});
}

// A clock that was wrong once, or a producer that lies, must not keep a segment for ever.
TEST(PartitionLog, TimestampsFromTheFutureDoNotStopRetention) {
  SimEnv env(8);
  LogOptions options;
  options.retention_ms = kDayMs;
  auto log = open_log(env, options);
  ASSERT_TRUE(append(*log, {"from the future"}, WallTime{env.clock().now().value + 1000 * kDayMs}));
  ASSERT_TRUE(log->sync());
  env.clock().advance_ms(2 * kDayMs);
  ASSERT_TRUE(log->apply_retention());
  EXPECT_EQ(log->start(), Offset{1});
}

TEST(PartitionLog, RetentionBySizeKeepsTheNewest) {
  SimEnv env(9);
  LogOptions options = small_segments();
  options.retention_bytes = 50'000;
  auto log = open_log(env, options);
  fill(env, *log, 2000);
  ASSERT_TRUE(log->apply_retention());
  EXPECT_GE(log->bytes(), 50'000U);
  EXPECT_LT(log->bytes(), 75'000U);
  EXPECT_EQ(number_of(read_log(*log, log->start())->front()), log->start().value);
}

TEST(PartitionLog, AFullDiskIsSaidAndLeavesWhatWasSynced) {
  SimEnv env(10);
  auto log = open_log(env);
  ASSERT_TRUE(append(*log, {"kept"}));
  ASSERT_TRUE(log->sync());
  FaultPlan full;
  full.disk_bytes = 1000;
  env.set_plan(full);
  auto refused = append(*log, {Bytes(5000, 'x')});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kNoSpace);
  env.set_plan({});
  EXPECT_EQ(append(*log, {"more"}).error().code, Errc::kNoSpace) << "what the disk holds is unknown";
  EXPECT_EQ(*read_log(*log, Offset{0}), (std::vector<Bytes>{"kept"}));
  log = open_log(env);
  EXPECT_EQ(*read_log(*log, Offset{0}), (std::vector<Bytes>{"kept"}));
  EXPECT_EQ(*append(*log, {"more"}), Offset{1});
}

// The kernel has dropped the pages: a second sync would say OK for what is lost.
TEST(PartitionLog, AFailedSyncIsNeverTriedAgain) {
  SimEnv env(11);
  auto log = open_log(env);
  ASSERT_TRUE(append(*log, {"kept"}));
  ASSERT_TRUE(log->sync());
  ASSERT_TRUE(append(*log, {"lost"}));
  FaultPlan failing;
  failing.sync_fails = 1;
  env.set_plan(failing);
  EXPECT_EQ(log->sync().error().code, Errc::kIo);
  env.set_plan({});
  uint64_t syncs = env.disk().syncs();
  EXPECT_FALSE(log->sync());
  EXPECT_FALSE(append(*log, {"more"}));
  EXPECT_FALSE(log->close());
  EXPECT_FALSE(log->roll());
  EXPECT_EQ(env.disk().syncs(), syncs);
  EXPECT_EQ(log->durable_end(), Offset{1});
}

TEST(PartitionLog, ReadOnlyChangesNothing) {
  SimEnv env(12);
  auto log = open_log(env, small_segments());
  fill(env, *log, 100);
  uint64_t changes = env.disk().changes();
  LogOptions options;
  options.read_only = true;
  auto other = open_log(env, options);
  EXPECT_EQ(read_log(*other, Offset{0})->size(), static_cast<size_t>(log->end().value));
  EXPECT_EQ(env.disk().changes(), changes);
}

TEST(PartitionLog, ReadOnlyAndNotThereYetIsEmpty) {
  SimEnv env(13);
  LogOptions options;
  options.read_only = true;
  auto log = open_log(env, options);
  EXPECT_TRUE(read_log(*log, Offset{0})->empty());
  EXPECT_TRUE(env.disk().files().empty());
}

}  // namespace
}  // namespace leat
