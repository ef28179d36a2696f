// Transactions over several partitions under the simulator: a process that dies anywhere, a machine that loses power, a
// disk that is full or whose sync fails. What was committed is there, once and in order; what was not is not; a
// transaction whose commit() was cut short is there as a whole or not at all.
#include <gtest/gtest.h>

#include "broker/embedded_topics.h"
#include "sim/seeds.h"
#include "sim/sim_env.h"

namespace leat {
namespace {

using sim::FaultPlan;
using sim::SimEnv;

const TopicPartition kPartitions[] = {{"a", PartitionId{0}}, {"a", PartitionId{1}}, {"b", PartitionId{0}}};
const TopicPartition kSource{"a file", PartitionId{0}};
constexpr const char* kGroup = "job";

// What a transaction wrote, and the position it committed.
struct Written {
  std::map<TopicPartition, std::vector<Bytes>> values;
  int64_t position = 0;
};

// What must be there.
struct Expected {
  std::map<TopicPartition, std::vector<Bytes>> values;
  std::map<TopicPartition, size_t> kept_from;  // What stands before may have been deleted.
  int64_t position = 0;

  void apply(const Written& written) {
    for (const auto& [partition, added] : written.values) {
      values[partition].insert(values[partition].end(), added.begin(), added.end());
    }
    position = written.position;
  }
};

Result<std::vector<ConsumedRecord>> read_all(Topics& topics, const TopicPartition& partition) {
  TRY_ASSIGN(auto consumer, topics.consumer(partition, Offset{0}));
  std::vector<ConsumedRecord> out;
  while (true) {
    TRY_ASSIGN(auto some, consumer->poll(10'000));
    if (some.empty()) return out;
    for (auto& record : some) out.push_back(std::move(record));
  }
}

// The difference between what is there and what must be; empty if there is none.
std::string judge(Topics& topics, const Expected& expected) {
  auto position = topics.committed(kGroup, kSource);
  if (!position) return position.error().message;
  int64_t found = *position ? (*position)->offset.value : 0;
  if (found != expected.position) {
    return "the position is " + std::to_string(found) + ", not " + std::to_string(expected.position);
  }
  for (const TopicPartition& partition : kPartitions) {
    auto records = read_all(topics, partition);
    if (!records) return records.error().message;
    auto wanted = expected.values.find(partition);
    size_t count = wanted == expected.values.end() ? 0 : wanted->second.size();
    size_t first = records->empty() ? count : static_cast<size_t>(records->front().offset.value);
    auto kept = expected.kept_from.find(partition);
    if (first > (kept == expected.kept_from.end() ? 0 : kept->second)) return "records are missing at the front";
    if (first + records->size() != count) {
      return std::to_string(first + records->size()) + " records, not " + std::to_string(count);
    }
    for (size_t i = 0; i < records->size(); ++i) {
      const ConsumedRecord& record = (*records)[i];
      if (record.offset.value != static_cast<int64_t>(first + i)) return "the offsets have a gap";
      if (*record.record.value != wanted->second[first + i]) return "a record is not what was written";
    }
  }
  return "";
}

class Simulation {
 public:
  Simulation(uint64_t seed, const EmbeddedTopicsOptions& options) : env_(seed), options_(options) {
    // So that segments end and the journal begins anew.
    options_.segment_bytes = 500 + env_.random().below(10'000);
    options_.journal_bytes = 200 + env_.random().below(5'000);
  }

  // Empty if all went as it must.
  std::string go(int lives) {
    for (int life = 0; life < lives; ++life) {
      env_.restart(FaultPlan::draw(env_.random(), 300));
      live();
      topics_.reset();
      env_.restart();
      if (std::string wrong = look(); !wrong.empty()) return "in life " + std::to_string(life) + ": " + wrong;
      topics_.reset();
    }
    return "";
  }

  int commits() const { return commits_; }
  int doubts() const { return doubts_; }

 private:
  // Works until something goes wrong or it has done enough.
  void live() {
    if (!open()) return;
    for (int i = 0; i < 25 && !env_.crashed(); ++i) {
      if (!transact()) return;
      if (env_.random().chance(0.1) && !delete_some()) return;
    }
  }

  bool open() {
    auto opened = EmbeddedTopics::open(env_.env(), "/data", options_);
    if (!opened) return false;
    topics_ = std::move(*opened);
    // For ever, because the clock jumps by days.
    for (auto [name, partitions] : {std::pair("a", 2), std::pair("b", 1)}) {
      TopicConfig config{.partitions = partitions, .retention_ms = -1};
      Status created = topics_->admin().create_topic(name, config);
      if (!created && created.error().code != Errc::kAlreadyExists) return false;
    }
    return true;
  }

  bool transact() {
    auto transaction = topics_->transaction(kGroup);
    if (!transaction) return false;
    Written written;
    written.position = ++last_position_;
    for (uint64_t left = env_.random().below(12); left > 0; --left) {
      const TopicPartition& partition = kPartitions[env_.random().below(3)];
      Bytes value = std::to_string(last_position_) + "." + std::to_string(left);
      value.append(env_.random().below(env_.random().chance(0.05) ? 300'000 : 200), 'x');
      Record record;
      record.value = value;
      record.timestamp = env_.clock().now();
      written.values[partition].push_back(value);
      if (!(*transaction)->send(partition, std::move(record))) return false;
    }
    if (!(*transaction)->send_offset(kGroup, kSource, Offset{written.position}, "")) return false;
    if (env_.random().chance(0.2)) return bool((*transaction)->abort());
    in_doubt_ = written;
    if (!(*transaction)->commit()) return false;
    in_doubt_.reset();
    expected_.apply(written);
    ++commits_;
    return true;
  }

  bool delete_some() {
    const TopicPartition& partition = kPartitions[env_.random().below(3)];
    size_t count = expected_.values[partition].size();
    size_t before = env_.random().below(count + 1);
    size_t& kept = expected_.kept_from[partition];
    kept = std::max(kept, before);
    return bool(topics_->admin().delete_records(partition, Offset{static_cast<int64_t>(before)}));
  }

  // On a calm machine.
  std::string look() {
    auto opened = EmbeddedTopics::open(env_.env(), "/data", options_);
    if (!opened) return "it does not open: " + opened.error().message;
    topics_ = std::move(*opened);
    if (topics_->admin().list_topics()->size() < 2) return expected_.position == 0 ? "" : "a topic is missing";
    std::string wrong = judge(*topics_, expected_);
    if (!in_doubt_) return wrong;
    ++doubts_;
    Expected decided = expected_;
    decided.apply(*in_doubt_);
    in_doubt_.reset();
    std::string wrong_too = judge(*topics_, decided);
    if (wrong_too.empty()) expected_ = decided;
    return wrong.empty() || wrong_too.empty() ? "" : wrong + "; or, with the last transaction, " + wrong_too;
  }

  SimEnv env_;
  EmbeddedTopicsOptions options_;
  std::unique_ptr<EmbeddedTopics> topics_;
  Expected expected_;
  std::optional<Written> in_doubt_;
  int64_t last_position_ = 0;
  int commits_ = 0, doubts_ = 0;
};

TEST(EmbeddedTopicsSim, KeepsWhatWasCommitted) {
  int commits = 0, doubts = 0;
  for (uint64_t seed : sim::seeds(300)) {
    sim::SeedRun again("broker_test", "EmbeddedTopicsSim.KeepsWhatWasCommitted", seed);
    Simulation run(seed, {});
    ASSERT_EQ(run.go(6), "") << "again: " << again.command();
    commits += run.commits();
    doubts += run.doubts();
  }
  // The runs do something, and they die in the moment that matters.
  EXPECT_GT(commits, doubts);
  EXPECT_GT(doubts, 0);
}

// The planted bug: a home that does not sync. The checker must see it.
TEST(EmbeddedTopicsSim, SeesAHomeThatDoesNotSync) {
  EmbeddedTopicsOptions careless;
  careless.durable = false;
  int seen = 0;
  for (uint64_t seed : sim::seeds(60)) seen += Simulation(seed, careless).go(6).empty() ? 0 : 1;
  EXPECT_GT(seen, 10);
}

// A flipped bit in what was committed is refused by name, and never read as something else.
TEST(EmbeddedTopicsSim, NamesTheDamagedFile) {
  for (uint64_t seed : sim::seeds(40)) {
    SimEnv env(seed);
    {
      auto topics = *EmbeddedTopics::open(env.env(), "/data");
      ASSERT_TRUE(topics->admin().create_topic("b", {}));
      auto transaction = *topics->transaction("t");
      for (int i = 0; i < 50; ++i) {
        Record record;
        record.value = "value " + std::to_string(i);
        record.timestamp = env.clock().now();
        ASSERT_TRUE(transaction->send(kPartitions[2], std::move(record)));
      }
      ASSERT_TRUE(transaction->commit());
    }
    std::string segment = "/data/topics/1-0/00000000000000000000.log";
    uint64_t position = env.random().below(env.disk().contents(segment).size());
    if (position >= 12 && position < 16) continue;  // The leader epoch: no checksum covers it, and nobody believes it.
    Bytes flipped(1, static_cast<char>(env.disk().contents(segment)[position] ^ 0x10));
    env.disk().overwrite(segment, position, flipped);
    env.kill();
    auto topics = EmbeddedTopics::open(env.env(), "/data");
    ASSERT_TRUE(topics);
    auto records = read_all(**topics, kPartitions[2]);
    ASSERT_FALSE(records) << "byte " << position << "; seed " << seed;
    EXPECT_EQ(records.error().code, Errc::kCorruption);
    EXPECT_NE(records.error().message.find(segment), std::string::npos) << records.error().message;
  }
}

}  // namespace
}  // namespace leat
