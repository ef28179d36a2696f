// What open() does after a crash: it cuts what nobody was told of, and refuses damage to what was acknowledged.
#include "sim/log_harness.h"
#include "sim/seeds.h"

namespace leat {
namespace {

using sim::SimEnv;

LogOptions options_of(Tail tail, uint64_t segment_bytes = 2000) {
  LogOptions options;
  options.tail = tail;
  options.segment_bytes = segment_bytes;
  return options;
}

std::map<std::string, Bytes> everything(SimEnv& env) {
  std::map<std::string, Bytes> out;
  for (const std::string& path : env.disk().files()) out[path] = env.disk().contents(path);
  return out;
}

void write_behind(SimEnv& env, const std::string& path, BytesView bytes) {
  auto file = *env.disk().open(path, OpenMode::kAppend);
  ASSERT_TRUE(file->append({&bytes, 1}));
  ASSERT_TRUE(file->sync());
}

std::string last_segment(SimEnv& env) {
  std::string out;
  for (const std::string& path : env.disk().files()) {
    if (path.ends_with(".log")) out = path;
  }
  return out;
}

void append_synced(PartitionLog& log, int count) {
  for (int i = 0; i < count; ++i) {
    ASSERT_TRUE(append(log, {"value " + std::to_string(log.end().value), Bytes(100, 'x')}));
    ASSERT_TRUE(log.sync());
  }
}

// It is refused, the file, the position and the reason are named, and nothing was changed.
void expect_refused(SimEnv& env, const LogOptions& options, const std::string& path, uint64_t position,
                    const std::string& reason) {
  auto before = everything(env);
  auto opened = PartitionLog::open(env.env(), kDirectory, options);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::kCorruption);
  EXPECT_EQ(opened.error().message.rfind(path + ", position " + std::to_string(position) + ": ", 0), 0U)
      << opened.error().message;
  EXPECT_NE(opened.error().message.find(reason), std::string::npos) << opened.error().message;
  EXPECT_EQ(everything(env), before);
}

TEST(LogRecovery, ATornTailIsCut) {
  for (Tail tail : {Tail::kKeep, Tail::kKeepEach}) {
    SimEnv env(1);
    append_synced(*open_log(env, options_of(tail)), 5);
    env.kill();
    uint64_t size = env.disk().contents(kFirstSegment).size();
    write_behind(env, kFirstSegment, env.disk().contents(kFirstSegment).substr(0, 100));  // Cut off.
    auto log = open_log(env, options_of(tail));
    EXPECT_EQ(log->end(), Offset{10});
    EXPECT_EQ(env.disk().contents(kFirstSegment).size(), size);
    append_synced(*log, 1);
    EXPECT_EQ(read_log(*log, Offset{0})->size(), 12U);
  }
}

// Whoever appended it may have been told so just before the power failed: then it must not go.
TEST(LogRecovery, AWholeUnsyncedBatchIsKeptAndThenDurable) {
  SimEnv env(2);
  {
    auto log = open_log(env);
    append_synced(*log, 1);
    ASSERT_TRUE(append(*log, {"not synced"}));
  }
  env.kill();
  EXPECT_EQ(open_log(env)->durable_end(), Offset{3});
  env.lose_power();
  EXPECT_EQ(read_log(*open_log(env), Offset{2})->front(), "not synced");
}

// What is written anew is the tail alone, however long the segment is.
TEST(LogRecovery, WhatWasSyncedIsNotCopied) {
  SimEnv env(12);
  LogOptions options = options_of(Tail::kKeep, 1 << 20);
  {
    auto log = open_log(env, options);
    append_synced(*log, 5);
    ASSERT_TRUE(append(*log, {"not synced"}));
  }
  env.kill();
  Bytes before = env.disk().contents(kFirstSegment);
  auto log = open_log(env, options);
  Bytes after = env.disk().contents(kFirstSegment);
  EXPECT_LT(after.size(), before.size());
  EXPECT_TRUE(before.starts_with(after));
  EXPECT_EQ(last_segment(env), "/log/00000000000000000010.log");
  EXPECT_EQ(after + env.disk().contents(last_segment(env)), before);
  append_synced(*log, 1);
  EXPECT_EQ(read_log(*log, Offset{0})->size(), 13U);
}

// A recovery may die between any two of its changes, again and again.
TEST(LogRecovery, NothingIsLostByARecoveryThatDies) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SimEnv env(seed);
    LogOptions options = options_of(seed % 2 == 0 ? Tail::kKeep : Tail::kKeepEach, 1 << 20);
    {
      auto log = open_log(env, options);
      append_synced(*log, 3);
      ASSERT_TRUE(append(*log, {"not synced"}));
    }
    for (int deaths = 0; deaths < 3; ++deaths) {
      sim::FaultPlan dies;
      dies.crash_after_changes = 1 + (seed + static_cast<uint64_t>(deaths) * 7) % 10;
      env.kill(dies);
      (void)PartitionLog::open(env.env(), kDirectory, options);
    }
    env.kill();
    ASSERT_EQ(open_log(env, options)->end(), Offset{7}) << seed;
    env.lose_power();
    auto log = open_log(env, options);
    ASSERT_EQ(log->end(), Offset{7}) << seed;
    ASSERT_EQ(read_log(*log, Offset{6})->front(), "not synced") << seed;
  }
}

TEST(LogRecovery, WhatWasNotAcknowledgedElsewhereGoes) {
  SimEnv env(3);
  LogOptions options = options_of(Tail::kDiscard);
  {
    auto log = open_log(env, options);
    append_synced(*log, 4);
  }
  env.kill();
  options.synced = Offset{6};
  auto log = open_log(env, options);
  EXPECT_EQ(log->end(), Offset{6});
  EXPECT_EQ(*append(*log, {"instead"}), Offset{6});
}

// A recovery that dies may have put the shortened file in place of the longer one, and not durably.
TEST(LogRecovery, WhatADeadRecoveryRenamedIsMadeDurable) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SimEnv env(seed);
    {
      auto log = open_log(env);
      append_synced(*log, 1);
      ASSERT_TRUE(log->close());
    }
    env.kill();
    write_behind(env, kFirstSegment, "torn");
    sim::FaultPlan dies;
    dies.crash_after_changes = 1 + seed % 10;
    env.kill(dies);
    (void)PartitionLog::open(env.env(), kDirectory, {});
    env.kill();
    {
      auto log = open_log(env);
      append_synced(*log, 1);
    }
    env.lose_power();
    ASSERT_EQ(open_log(env)->end(), Offset{4}) << seed;
  }
}

TEST(LogRecovery, ASealedSegmentIsNotLongerAfterAPowerFailure) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SimEnv env(seed);
    LogOptions options = options_of(Tail::kDiscard);
    append_synced(*open_log(env, options), 4);
    env.kill();
    options.synced = Offset{6};
    ASSERT_TRUE(open_log(env, options)->roll());
    env.lose_power();
    EXPECT_EQ(open_log(env, options)->end(), Offset{6});
  }
}

TEST(LogRecovery, DamageBelowTheMarkIsRefused) {
  for (Tail tail : {Tail::kKeep, Tail::kKeepEach}) {
    SimEnv env(4);
    append_synced(*open_log(env, options_of(tail, 1 << 20)), 5);
    env.kill();
    uint64_t batch = env.disk().contents(kFirstSegment).size() / 5;
    env.disk().overwrite(kFirstSegment, 4 * batch + 70, "!");  // The last one: nothing follows it.
    expect_refused(env, options_of(tail, 1 << 20), kFirstSegment, 4 * batch, "checksum");
  }
}

TEST(LogRecovery, DamageThatTheOwnerKnowsToBeCommittedIsRefused) {
  SimEnv env(5);
  LogOptions options = options_of(Tail::kDiscard, 1 << 20);
  append_synced(*open_log(env, options), 5);
  env.kill();
  options.synced = Offset{10};
  env.disk().overwrite(kFirstSegment, 70, "!");
  expect_refused(env, options, kFirstSegment, 0, "checksum");
}

// The mark is not synced, and may be old after a power failure. Of a log that syncs each batch a whole one behind the
// damage proves what it does not say.
TEST(LogRecovery, DamageThatAWholeBatchFollowsIsRefused) {
  SimEnv env(6);
  append_synced(*open_log(env, options_of(Tail::kKeepEach, 1 << 20)), 5);
  env.kill();
  ASSERT_TRUE(env.disk().remove("/log/synced"));
  uint64_t batch = env.disk().contents(kFirstSegment).size() / 5;
  env.disk().overwrite(kFirstSegment, 2 * batch + 70, "!");
  expect_refused(env, options_of(Tail::kKeepEach, 1 << 20), kFirstSegment, 2 * batch, "checksum");
}

TEST(LogRecovery, WhatIsMissingIsNamed) {
  SimEnv env(7);
  auto log = open_log(env, options_of(Tail::kKeep));
  append_synced(*log, 30);
  ASSERT_TRUE(log->close());
  env.kill();
  std::string last = last_segment(env);
  Bytes contents = env.disk().contents(last);
  ASSERT_TRUE(env.disk().remove(last));
  expect_refused(env, options_of(Tail::kKeep), last, 0, "missing");
  write_behind(env, last, BytesView(contents).substr(0, contents.size() / 2));
  expect_refused(env, options_of(Tail::kKeep), last, contents.size() / 2, "bytes long");
}

TEST(LogRecovery, ADamagedRecoveryPointIsRefused) {
  SimEnv env(8);
  auto log = open_log(env);
  append_synced(*log, 3);
  ASSERT_TRUE(log->close());
  env.kill();
  env.disk().overwrite("/log/recovery-point", 30, "!");
  expect_refused(env, {}, "/log/recovery-point", 0, "damaged");
}

// A sealed segment is not read at the start, or starting would take as long as the log is large. Reading it finds out.
TEST(LogRecovery, DamageFarBelowIsFoundByReading) {
  SimEnv env(9);
  auto log = open_log(env, options_of(Tail::kKeep));
  append_synced(*log, 40);
  env.kill();
  env.disk().overwrite(kFirstSegment, 70, "!");
  log = open_log(env, options_of(Tail::kKeep));
  auto read = read_log(*log, Offset{0});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::kCorruption);
  EXPECT_EQ(read.error().message.rfind(std::string(kFirstSegment) + ", position 0: ", 0), 0U);
  EXPECT_EQ(read_log(*log, Offset{20})->size(), static_cast<size_t>(log->end().value - 20));
}

// Any byte of any file: refused by name, or noticed by the reader, or of no importance; never other records.
TEST(LogRecovery, NoFlippedByteGivesOtherRecords) {
  for (uint64_t seed : sim::seeds(400)) {
    sim::SeedRun again("log_test", "LogRecovery.NoFlippedByteGivesOtherRecords", seed);
    SimEnv env(seed);
    auto log = open_log(env, options_of(Tail::kKeepEach));
    append_synced(*log, 30);
    bool closed = env.random().chance(0.5);
    ASSERT_TRUE(closed ? log->close() : Status());
    auto wanted = *read_log(*log, Offset{0});
    env.kill();
    auto files = env.disk().files();
    std::string path = files[env.random().below(files.size())];
    if (env.disk().contents(path).empty()) continue;
    uint64_t at = env.random().below(env.disk().contents(path).size());
    env.disk().overwrite(path, at, Bytes(1, static_cast<char>(env.disk().contents(path)[at] ^ 4)));
    auto opened = PartitionLog::open(env.env(), kDirectory, options_of(Tail::kKeepEach));
    if (!opened) {
      EXPECT_NE(opened.error().message.find(path), std::string::npos) << again.command();
      continue;
    }
    auto read = read_log(**opened, Offset{0});
    bool good = read ? *read == wanted : read.error().code == Errc::kCorruption;
    EXPECT_TRUE(good) << path << " byte " << at << ' ' << again.command();
  }
}

}  // namespace
}  // namespace leat
