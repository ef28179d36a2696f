// Compaction: what stays, what goes, and that a crash at any point leaves one or the other.
#include "log/compaction.h"

#include "sim/log_harness.h"
#include "sim/seeds.h"

namespace leat {
namespace {

using sim::SimEnv;

struct Entry {
  Offset offset;
  std::string key;
  std::optional<std::string> value;
  bool operator==(const Entry&) const = default;
};

LogOptions options() {
  LogOptions out;
  out.segment_bytes = 400;
  out.compacts = true;
  out.delete_retention_ms = 1000;
  return out;
}

using Pairs = std::vector<std::pair<std::string, std::optional<std::string>>>;

Result<Offset> put(PartitionLog& log, const Pairs& pairs, const BatchStamp& stamp = {}, Codec codec = Codec::kNone) {
  RecordBatchBuilder builder(codec);
  for (const auto& [key, value] : pairs) {
    builder.add(WallTime{1000}, BytesView(key), value ? std::optional<BytesView>(*value) : std::nullopt);
  }
  TRY_ASSIGN(Offset base, log.append(builder.finish(stamp)));
  TRY(log.sync());
  return base;
}

// Until it is done. nullopt: there was nothing to compact.
Result<std::optional<Offset>> compact(PartitionLog& log, uint64_t memory_bytes = 1 << 20) {
  auto compaction = log.begin_compaction(memory_bytes);
  if (compaction == nullptr) return std::optional<Offset>();
  while (compaction->state() != Compaction::State::kDone) {
    if (compaction->state() != Compaction::State::kGroupReady) {
      TRY(compaction->step());
      continue;
    }
    TRY_ASSIGN(bool swapped, log.swap_in(*compaction));
    EXPECT_TRUE(swapped);
  }
  TRY(log.finish_compaction(*compaction));
  return std::optional<Offset>(compaction->clean_end());
}

Result<std::vector<Entry>> entries(const PartitionLog& log, Offset from = {0}) {
  LogReader reader(log, std::max(from, log.start()));
  std::vector<Entry> out;
  while (true) {
    TRY_ASSIGN(auto batch, reader.next(log.end()));
    if (!batch) return out;
    if (batch->is_control()) continue;
    TRY_ASSIGN(RecordReader records, RecordReader::open(*batch));
    RecordView record;
    while (true) {
      TRY_ASSIGN(bool more, records.next(record));
      if (!more) break;
      if (record.offset < from) continue;
      auto value = record.value ? std::optional<std::string>(*record.value) : std::nullopt;
      out.push_back({record.offset, std::string(*record.key), value});
    }
  }
}

std::string text(const std::vector<Entry>& entries) {
  std::string out;
  for (const Entry& entry : entries) {
    out += std::to_string(entry.offset.value) + ":" + entry.key + "=" + entry.value.value_or("null") + " ";
  }
  return out;
}
std::string text(const PartitionLog& log) {
  auto read = entries(log);
  return read ? text(*read) : read.error().message;
}

TEST(Compaction, TheNewestOfEachKeyStaysWhereItWas) {
  SimEnv env(1);
  auto log = open_log(env, options());
  ASSERT_TRUE(put(*log, {{"a", "1"}, {"b", "1"}, {"a", "2"}}));
  ASSERT_TRUE(put(*log, {{"c", "1"}}, {}, Codec::kLz4));
  ASSERT_TRUE(put(*log, {{"b", "2"}, {"d", "1"}}, {}, Codec::kZstd));
  ASSERT_TRUE(log->roll());
  ASSERT_TRUE(put(*log, {{"d", "2"}}));
  EXPECT_EQ(*compact(*log), std::optional(Offset{6}));
  EXPECT_EQ(text(*log), "2:a=2 3:c=1 4:b=2 5:d=1 6:d=2 ") << "the segment that grows is not looked at";
  EXPECT_EQ(log->end(), Offset{7});
  EXPECT_EQ(log->start(), Offset{0});
  ASSERT_TRUE(log->roll());
  EXPECT_EQ(*compact(*log), std::optional(Offset{7}));
  EXPECT_EQ(text(*log), "2:a=2 3:c=1 4:b=2 6:d=2 ");
  EXPECT_EQ(*compact(*log), std::nullopt) << "it is clean";
  EXPECT_EQ(text(*log), text(*open_log(env, options())));
}

TEST(Compaction, ReadersFindTheirWay) {
  SimEnv env(1);
  auto log = open_log(env, options());
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(put(*log, {{"k" + std::to_string(i % 7), std::to_string(i)}}));
  ASSERT_TRUE(log->roll());
  uint64_t before = log->bytes();
  ASSERT_TRUE(compact(*log));
  EXPECT_LT(log->bytes(), before / 3);
  auto all = *entries(*log);
  EXPECT_EQ(all.size(), 7U);
  for (int64_t from = 0; from <= 60; ++from) {
    auto tail = entries(*log, Offset{from});
    ASSERT_TRUE(tail) << tail.error().message;
    EXPECT_EQ(tail->size(), std::min<size_t>(7, static_cast<size_t>(60 - from))) << from;
    auto stretch = log->stretch(Offset{from}, log->end(), 1 << 20);
    ASSERT_TRUE(stretch);
    EXPECT_EQ(stretch->has_value(), from < 60) << from;
  }
  EXPECT_EQ((*log->find_time(WallTime{0}))->offset, all.front().offset);
}

TEST(Compaction, TombstonesStayUntilTheirHorizon) {
  SimEnv env(1);
  auto log = open_log(env, options());
  ASSERT_TRUE(put(*log, {{"a", "1"}, {"b", "1"}}));
  ASSERT_TRUE(put(*log, {{"a", std::nullopt}}));
  ASSERT_TRUE(log->roll());
  env.clock().advance_ms(5000);
  ASSERT_TRUE(compact(*log));
  EXPECT_EQ(text(*log), "1:b=1 2:a=null ") << "the time counts from now";
  env.clock().advance_ms(500);
  ASSERT_TRUE(put(*log, {{"c", "1"}}));
  ASSERT_TRUE(log->roll());
  ASSERT_TRUE(compact(*log));
  EXPECT_EQ(text(*log), "1:b=1 2:a=null 3:c=1 ");
  env.clock().advance_ms(600);
  ASSERT_TRUE(put(*log, {{"c", "2"}}));
  ASSERT_TRUE(log->roll());
  ASSERT_TRUE(compact(*log));
  EXPECT_EQ(text(*log), "1:b=1 4:c=2 ");
}

TEST(Compaction, WhatWasAbortedGoesAndItsMarkerLater) {
  SimEnv env(1);
  auto log = open_log(env, options());
  BatchStamp stamp{7, 0, 0, true, false};
  ASSERT_TRUE(put(*log, {{"a", "old"}}));
  ASSERT_TRUE(put(*log, {{"a", "aborted"}}, stamp));
  ASSERT_TRUE(append_marker(*log, 7, MarkerType::kAbort));
  stamp.base_sequence = 1;
  ASSERT_TRUE(put(*log, {{"b", "committed"}}, stamp));
  ASSERT_TRUE(append_marker(*log, 7, MarkerType::kCommit));
  ASSERT_TRUE(put(*log, {{"c", "1"}}));
  auto markers = [&] {
    LogReader reader(*log, log->start());
    std::string out;
    for (auto batch = reader.next(log->end()); *batch; batch = reader.next(log->end())) {
      if ((*batch)->is_control()) out += std::to_string((*batch)->base_offset().value) + " ";
    }
    return out;
  };
  ASSERT_TRUE(log->sync());
  ASSERT_TRUE(log->roll());
  ASSERT_TRUE(compact(*log));
  EXPECT_EQ(text(*log), "0:a=old 3:b=committed 5:c=1 ");
  EXPECT_EQ(markers(), "2 4 ");
  EXPECT_TRUE(log->transactions().aborted().empty());
  // The next time the marker has no records any more, and is given its horizon; then it goes.
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(markers(), "2 4 ");
    ASSERT_TRUE(put(*log, {{"c", "more"}}));
    ASSERT_TRUE(log->roll());
    ASSERT_TRUE(compact(*log));
    env.clock().advance_ms(2000);
  }
  ASSERT_TRUE(put(*log, {{"c", "more"}}));
  ASSERT_TRUE(log->roll());
  ASSERT_TRUE(compact(*log));
  EXPECT_EQ(markers(), "4 ") << "that of a transaction whose records are there stays";
}

TEST(Compaction, StopsBelowOpenTransactionsAndYoungRecords) {
  SimEnv env(1);
  auto log = open_log(env, options());
  ASSERT_TRUE(put(*log, {{"a", "1"}}));
  ASSERT_TRUE(log->roll());
  ASSERT_TRUE(put(*log, {{"a", "2"}}, {7, 0, 0, true, false}));
  ASSERT_TRUE(log->roll());
  ASSERT_TRUE(put(*log, {{"a", "3"}}));
  ASSERT_TRUE(log->roll());
  EXPECT_EQ(*compact(*log), std::optional(Offset{1}));
  ASSERT_TRUE(append_marker(*log, 7, MarkerType::kCommit));
  ASSERT_TRUE(log->sync());
  LogOptions lagging = options();
  lagging.min_compaction_lag_ms = env.clock().now().value;
  log->set_limits(lagging);
  EXPECT_EQ(*compact(*log), std::nullopt);
  log->set_limits(options());
  EXPECT_EQ(*compact(*log), std::optional(Offset{3}));
  EXPECT_EQ(text(*log), "2:a=3 ");
}

TEST(Compaction, AnActiveProducerIsNotForgotten) {
  SimEnv env(1);
  auto log = open_log(env, options());
  ASSERT_TRUE(put(*log, {{"a", "1"}, {"b", "1"}}, {9, 0, 0, false, false}));
  ASSERT_TRUE(put(*log, {{"a", "2"}, {"b", "2"}, {"c", "1"}}));
  ASSERT_TRUE(log->roll());
  ASSERT_TRUE(compact(*log));
  EXPECT_EQ(text(*log), "2:a=2 3:b=2 4:c=1 ");
  // Also by one who reads everything again.
  ASSERT_TRUE(log->close());
  log.reset();
  ASSERT_TRUE(env.disk().remove(std::string(kDirectory) + "/recovery-point"));
  log = open_log(env, options());
  ASSERT_NE(log, nullptr);
  ASSERT_NE(log->producers().find(9), nullptr);
  EXPECT_EQ(log->producers().find(9)->last_sequence(), 1);
  EXPECT_EQ(text(*log), "2:a=2 3:b=2 4:c=1 ");
}

TEST(Compaction, SmallSegmentsBecomeOne) {
  SimEnv env(1);
  LogOptions large = options();
  large.segment_bytes = 100'000;
  auto log = open_log(env, large);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(put(*log, {{"k" + std::to_string(i % 3), std::to_string(i)}}));
    ASSERT_TRUE(log->roll());
  }
  ASSERT_TRUE(compact(*log));
  size_t segments = 0;
  for (const std::string& path : env.disk().files()) segments += path.ends_with(".log") ? 1 : 0;
  EXPECT_EQ(segments, 2U);
  EXPECT_EQ(text(*log), "17:k2=17 18:k0=18 19:k1=19 ");
}

TEST(Compaction, LittleMemoryTakesMoreRounds) {
  SimEnv env(1);
  auto log = open_log(env, options());
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(put(*log, {{"k" + std::to_string(i % 50), std::to_string(i)}}));
  ASSERT_TRUE(log->roll());
  int rounds = 0;
  while (log->clean_end() < Offset{100}) {
    ASSERT_TRUE(*compact(*log, 24 * 30));
    ASSERT_LT(++rounds, 100);
  }
  EXPECT_GT(rounds, 2);
  EXPECT_EQ(entries(*log)->size(), 50U);
  ASSERT_TRUE(put(*log, {{"x", "1"}, {"y", "1"}, {"z", "1"}}));
  ASSERT_TRUE(log->roll());
  auto failed = compact(*log, 24);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::kNoSpace);
}

TEST(Compaction, IsGivenUpWhenItsSegmentsGo) {
  SimEnv env(1);
  auto log = open_log(env, options());
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(put(*log, {{"k", std::to_string(i)}}));
  ASSERT_TRUE(log->roll());
  auto compaction = log->begin_compaction(1 << 20);
  while (compaction->state() != Compaction::State::kGroupReady) ASSERT_TRUE(compaction->step());
  ASSERT_TRUE(log->truncate_prefix(Offset{25}));
  EXPECT_EQ(*log->swap_in(*compaction), false);
  EXPECT_EQ(entries(*log)->size(), 5U);
}

// What was written, by offset, and what the newest value of each key is.
struct Model {
  std::vector<Entry> written;

  std::map<std::string, std::optional<std::string>> newest(Offset below) const {
    std::map<std::string, std::optional<std::string>> out;
    for (const Entry& entry : written) {
      if (entry.offset < below) out[entry.key] = entry.value;
    }
    std::erase_if(out, [](const auto& entry) { return !entry.second; });
    return out;
  }
};

void write_some(SimEnv& env, PartitionLog& log, Model& model) {
  Pairs pairs;
  Offset at = log.end();
  model.written.resize(static_cast<size_t>(at.value));  // A crash may have taken some.
  for (uint64_t i = 1 + env.random().below(4); i > 0; --i) {
    std::string key = "k" + std::to_string(env.random().below(8));
    bool gone = env.random().below(6) == 0;
    auto value = gone ? std::nullopt : std::optional("v" + std::to_string(at.value));
    pairs.emplace_back(key, value);
    model.written.push_back({at, key, value});
    ++at.value;
  }
  (void)put(log, pairs, {}, env.random().below(3) == 0 ? Codec::kSnappy : Codec::kNone);
}

// Each record that is there is one that was written there, and the newest of each key is as if nothing was left out.
void check(PartitionLog& log, const Model& model, const std::string& again) {
  auto all = entries(log);
  ASSERT_TRUE(all) << all.error().message << "\n" << again;
  Model left;
  for (const Entry& entry : *all) {
    ASSERT_LT(static_cast<size_t>(entry.offset.value), model.written.size()) << again;
    ASSERT_EQ(entry, model.written[static_cast<size_t>(entry.offset.value)]) << again;
    left.written.push_back(entry);
  }
  ASSERT_EQ(left.newest(log.end()), model.newest(log.end())) << again;
}

TEST(Compaction, CrashesAtAnyPointLoseNothing) {
  for (uint64_t seed : sim::seeds(400)) {
    sim::SeedRun again("log_test", "Compaction.CrashesAtAnyPointLoseNothing", seed);
    SimEnv env(seed);
    Model model;
    for (int life = 0; life < 8; ++life) {
      env.restart(sim::FaultPlan::draw(env.random(), 80));
      auto opened = PartitionLog::open(env.env(), kDirectory, options());
      for (int i = 0; opened && i < 40 && !env.crashed(); ++i) {
        PartitionLog& log = **opened;
        uint64_t what = env.random().below(8);
        if (what < 5) write_some(env, log, model);
        if (what == 5) (void)log.roll();
        if (what == 6) (void)compact(log, env.random().below(3) == 0 ? 24 * 6 : 1 << 16);
        if (what == 7) env.clock().advance_ms(static_cast<int64_t>(env.random().below(800)));
      }
      env.restart();
      auto seen = open_log(env, options());
      ASSERT_NE(seen, nullptr) << again.command();
      check(*seen, model, again.command());
      for (const std::string& path : env.disk().files()) {
        ASSERT_FALSE(path.ends_with(".swap") || path.ends_with(".cleaned")) << path << "\n" << again.command();
      }
    }
  }
}

TEST(NewestOffsets, KeepsTheLastOfEachKeyWhileThereIsRoom) {
  NewestOffsets offsets(100, 1 << 20, {1, 2});
  for (int64_t i = 0; i < 100; ++i) ASSERT_TRUE(offsets.put(std::to_string(i % 10), Offset{i}));
  EXPECT_EQ(offsets.size(), 10U);
  EXPECT_EQ(offsets.find("3"), std::optional(Offset{93}));
  EXPECT_EQ(offsets.find("x"), std::nullopt);
  NewestOffsets small(100, 24 * 4, {1, 2});
  int room = 0;
  while (room < 10 && small.put(std::to_string(room), Offset{room})) ++room;
  EXPECT_EQ(room, 3);
}

// The reference implementation's vector for the empty text and for fifteen bytes.
TEST(KeyHash, IsSipHash) {
  std::array<uint64_t, 2> secret{0x0706050403020100, 0x0f0e0d0c0b0a0908};
  EXPECT_EQ(hash_key("", secret), (KeyHash{0xe6a825ba047f81a3, 0x930255c71472f66d}));
  EXPECT_NE(hash_key("a", secret), hash_key(std::string("a\0", 2), secret));
}

}  // namespace
}  // namespace leat
