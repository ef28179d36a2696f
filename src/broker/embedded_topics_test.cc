#include "broker/embedded_topics.h"

#include <gtest/gtest.h>

#include <functional>

#include "sim/passing_files.h"
#include "sim/sim_env.h"

namespace leat {
namespace {

using sim::SimEnv;

constexpr int64_t kDayMs = 24LL * 60 * 60 * 1000;
const TopicPartition kOrders{"orders", PartitionId{0}};
const TopicPartition kPayments{"payments", PartitionId{0}};

std::unique_ptr<EmbeddedTopics> open(SimEnv& env, const EmbeddedTopicsOptions& options = {}) {
  auto opened = EmbeddedTopics::open(env.env(), "/data", options);
  EXPECT_TRUE(opened) << opened.error().message;
  return opened ? std::move(*opened) : nullptr;
}

std::unique_ptr<EmbeddedTopics> with_topics(SimEnv& env, const EmbeddedTopicsOptions& options = {}) {
  auto topics = open(env, options);
  for (const TopicPartition& partition : {kOrders, kPayments}) {
    EXPECT_TRUE(topics->admin().create_topic(partition.topic, {}));
  }
  return topics;
}

Status send(SimEnv& env, Transaction& transaction, const TopicPartition& partition, const Bytes& value) {
  Record record;
  record.value = value;
  record.timestamp = env.clock().now();
  return transaction.send(partition, std::move(record));
}

Status send_one(SimEnv& env, Topics& topics, const TopicPartition& partition, const Bytes& value) {
  TRY_ASSIGN(auto transaction, topics.transaction("t"));
  TRY(send(env, *transaction, partition, value));
  return transaction->commit();
}

std::vector<Bytes> read(Topics& topics, const TopicPartition& partition, Offset from = {}) {
  auto consumer = topics.consumer(partition, from);
  EXPECT_TRUE(consumer);
  std::vector<Bytes> out;
  while (true) {
    auto records = (*consumer)->poll(100);
    EXPECT_TRUE(records) << records.error().message;
    if (!records || records->empty()) return out;
    for (const ConsumedRecord& record : *records) out.push_back(*record.record.value);
  }
}

TEST(EmbeddedTopics, NothingIsVisibleBeforeTheCommit) {
  SimEnv env(1);
  auto topics = with_topics(env);
  auto transaction = *topics->transaction("t");
  ASSERT_TRUE(send(env, *transaction, kOrders, "order"));
  ASSERT_TRUE(send(env, *transaction, kPayments, Bytes(1 << 20, 'x')));  // More than is kept in memory.
  ASSERT_TRUE(transaction->send_offset("g", kOrders, Offset{5}, "note"));
  EXPECT_TRUE(read(*topics, kOrders).empty());
  EXPECT_TRUE(read(*topics, kPayments).empty());
  EXPECT_FALSE(*topics->committed("g", kOrders));
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(read(*topics, kOrders), (std::vector<Bytes>{"order"}));
  EXPECT_EQ(read(*topics, kPayments)[0].size(), size_t{1} << 20);
  EXPECT_EQ((**topics->committed("g", kOrders)).offset, Offset{5});
  EXPECT_EQ((**topics->committed("g", kOrders)).metadata, "note");
}

TEST(EmbeddedTopics, RecordsComeBackAsTheyWere) {
  SimEnv env(2);
  auto topics = with_topics(env);
  std::vector<Record> sent(3);
  sent[0].key = "key";
  sent[0].headers = {{"a", Bytes("\0x", 2)}, {"a", ""}};
  sent[1].value = "";
  sent[2].timestamp = WallTime{env.clock().now().value + 77};
  auto transaction = *topics->transaction("t");
  for (const Record& record : sent) ASSERT_TRUE(transaction->send(kOrders, record));
  ASSERT_TRUE(transaction->commit());
  auto records = *(*topics->consumer(kOrders, {}))->poll(1 << 20);
  ASSERT_EQ(records.size(), 3U);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(records[i].offset, Offset{static_cast<int64_t>(i)});
    EXPECT_EQ(records[i].record.key, sent[i].key);
    EXPECT_EQ(records[i].record.value, sent[i].value);
    EXPECT_EQ(records[i].record.headers, sent[i].headers);
    EXPECT_EQ(records[i].record.timestamp, sent[i].timestamp);
  }
}

TEST(EmbeddedTopics, AbortedTransactionsLeaveNothing) {
  SimEnv env(3);
  auto topics = with_topics(env);
  ASSERT_TRUE(send_one(env, *topics, kOrders, "first"));
  for (bool by_destructor : {false, true}) {
    auto transaction = *topics->transaction("t");
    ASSERT_TRUE(send(env, *transaction, kOrders, Bytes(1 << 20, 'x')));
    ASSERT_TRUE(by_destructor ? Status() : transaction->abort());
  }
  ASSERT_TRUE(send_one(env, *topics, kOrders, "second"));
  EXPECT_EQ(read(*topics, kOrders), (std::vector<Bytes>{"first", "second"}));
  env.lose_power();
  EXPECT_EQ(read(*open(env), kOrders), (std::vector<Bytes>{"first", "second"}));
}

// A consumer goes on with what comes after it was made, also when a transaction in between was aborted.
TEST(EmbeddedTopics, AConsumerFollows) {
  SimEnv env(4);
  auto topics = with_topics(env);
  auto consumer = *topics->consumer(kOrders, {});
  for (int i = 0; i < 50; ++i) {
    auto transaction = *topics->transaction("t");
    ASSERT_TRUE(send(env, *transaction, kOrders, std::to_string(i)));
    ASSERT_TRUE(i % 3 == 0 ? transaction->abort() : transaction->commit());
    auto records = *consumer->poll(1 << 20);
    ASSERT_EQ(records.size(), i % 3 == 0 ? 0U : 1U);
    ASSERT_TRUE(records.empty() || records[0].record.value == std::to_string(i));
  }
  consumer->seek(Offset{10});
  EXPECT_EQ((*consumer->poll(1)).front().offset, Offset{10});
}

TEST(EmbeddedTopics, OneTransactionAtATimeWritesToAPartition) {
  SimEnv env(5);
  auto topics = with_topics(env);
  auto first = *topics->transaction("a"), second = *topics->transaction("b");
  ASSERT_TRUE(send(env, *first, kOrders, "first"));
  EXPECT_EQ(send(env, *second, kOrders, "second").error().code, Errc::kConflict);
  EXPECT_TRUE(send(env, *second, kPayments, "second"));
  EXPECT_EQ(topics->admin().delete_topic("orders").error().code, Errc::kConflict);
  EXPECT_EQ(topics->admin().delete_records(kOrders, {}).error().code, Errc::kConflict);
  ASSERT_TRUE(second->commit());
  ASSERT_TRUE(first->commit());
  EXPECT_EQ(read(*topics, kOrders), (std::vector<Bytes>{"first"}));
}

TEST(EmbeddedTopics, TopicsAreCreatedDescribedAndDeleted) {
  SimEnv env(6);
  auto topics = open(env);
  Admin& admin = topics->admin();
  EXPECT_EQ(admin.create_topic("a", {.partitions = 0}).error().code, Errc::kInvalidArgument);
  ASSERT_TRUE(admin.create_topic("a", {.partitions = 2}));
  EXPECT_EQ(admin.create_topic("a", {}).error().code, Errc::kAlreadyExists);
  ASSERT_TRUE(send_one(env, *topics, {"a", PartitionId{1}}, "x"));
  TopicDescription description = *admin.describe_topic("a");
  EXPECT_EQ(description.config.retention_ms, 7 * kDayMs);
  ASSERT_EQ(description.partitions.size(), 2U);
  EXPECT_EQ(description.partitions[0].end, Offset{0});
  EXPECT_EQ(description.partitions[1].end, Offset{1});
  EXPECT_EQ(topics->consumer({"a", PartitionId{2}}, {}).error().code, Errc::kNotFound);
  ASSERT_TRUE(admin.delete_topic("a"));
  EXPECT_EQ(admin.delete_topic("a").error().code, Errc::kNotFound);
  EXPECT_EQ(admin.describe_topic("a").error().code, Errc::kNotFound);
  for (const std::string& path : env.disk().files()) EXPECT_EQ(path.find("/topics/"), std::string::npos) << path;
  // Another topic of that name has nothing of the old one.
  ASSERT_TRUE(admin.create_topic("a", {.partitions = 2}));
  EXPECT_TRUE(read(*topics, {"a", PartitionId{1}}).empty());
}

TEST(EmbeddedTopics, DeletedRecordsAreGoneAndTheOthersAreNot) {
  SimEnv env(7);
  auto topics = with_topics(env);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(send_one(env, *topics, kOrders, std::to_string(i)));
  ASSERT_TRUE(topics->admin().delete_records(kOrders, Offset{8}));
  EXPECT_EQ(topics->admin().delete_records(kOrders, Offset{11}).error().code, Errc::kOutOfRange);
  EXPECT_EQ(read(*topics, kOrders), (std::vector<Bytes>{"8", "9"}));
  EXPECT_EQ(topics->admin().describe_topic("orders")->partitions[0].start, Offset{8});
}

TEST(EmbeddedTopics, OldRecordsGoAfterSevenDays) {
  SimEnv env(8);
  auto topics = with_topics(env);
  ASSERT_TRUE(topics->admin().create_topic("kept", {.partitions = 1, .retention_ms = -1}));
  const TopicPartition kept{"kept", PartitionId{0}};
  for (const TopicPartition& partition : {kOrders, kept}) ASSERT_TRUE(send_one(env, *topics, partition, "old"));
  env.clock().advance_ms(6 * kDayMs);
  ASSERT_TRUE(send_one(env, *topics, kPayments, "x"));
  EXPECT_EQ(read(*topics, kOrders).size(), 1U);
  env.clock().advance_ms(2 * kDayMs);
  ASSERT_TRUE(send_one(env, *topics, kPayments, "x"));
  EXPECT_TRUE(read(*topics, kOrders).empty());
  EXPECT_EQ(read(*topics, kept).size(), 1U);
}

TEST(EmbeddedTopics, OneProcessOwnsADirectory) {
  SimEnv env(9);
  auto owner = with_topics(env);
  auto second = EmbeddedTopics::open(env.env(), "/data");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kConflict);
  EXPECT_NE(second.error().message.find("pid"), std::string::npos);
  // Looking is allowed, and changes nothing.
  ASSERT_TRUE(send_one(env, *owner, kOrders, "x"));
  uint64_t changes = env.disk().changes();
  auto reader = open(env, {.read_only = true});
  EXPECT_EQ(read(*reader, kOrders).size(), 1U);
  EXPECT_EQ(reader->transaction("t").error().code, Errc::kInvalidArgument);
  EXPECT_EQ(env.disk().changes(), changes);
}

// At the first look at a segment's length its owner, meanwhile, does something.
class MeddlingFiles final : public sim::PassingFiles {
 public:
  MeddlingFiles(FileSystem& real, std::function<void()> meddle) : PassingFiles(real), meddle_(std::move(meddle)) {}
  Result<FileInfo> stat(std::string_view path) override {
    if (path.ends_with(".log")) {
      if (auto meddle = std::exchange(meddle_, nullptr)) meddle();
    }
    return PassingFiles::stat(path);
  }

 private:
  std::function<void()> meddle_;
};

// The owner begins its journal anew, and deletes old segments, while somebody looks.
TEST(EmbeddedTopics, LookingWhileTheOwnerWrites) {
  SimEnv env(13);
  auto owner = with_topics(env, {.segment_bytes = 500, .journal_bytes = 500});
  auto write = [&] {
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(send_one(env, *owner, kOrders, std::to_string(i)));
    ASSERT_TRUE(owner->admin().delete_records(kOrders, owner->admin().describe_topic("orders")->partitions[0].end));
  };
  write();
  for (int round = 0; round < 2; ++round) {
    bool meddled = false;
    MeddlingFiles files(env.disk(), [&] {
      write();
      meddled = true;
    });
    auto reader =
        EmbeddedTopics::open({env.clock(), files, env.random(), env.env().workers}, "/data", {.read_only = true});
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_TRUE((*reader)->admin().describe_topic("orders"));
    EXPECT_TRUE(meddled);
  }
}

// Its syncs of paths with this in them fail.
class FailingFiles final : public sim::PassingFiles {
 public:
  using PassingFiles::PassingFiles;
  std::string failing;
  Status sync(const std::string& path, File& real) override {
    bool fails = !failing.empty() && path.find(failing) != std::string::npos;
    return fails ? Status(Error{Errc::kIo, "sync " + path + ": planted"}) : real.sync();
  }
};

TEST(EmbeddedTopics, APartitionThatFailedIsRecoveredFromTheDisk) {
  SimEnv env(10);
  FailingFiles files(env.disk());
  auto topics = *EmbeddedTopics::open({env.clock(), files, env.random(), env.env().workers}, "/data");
  ASSERT_TRUE(topics->admin().create_topic("orders", {}));
  ASSERT_TRUE(send_one(env, *topics, kOrders, "kept"));
  files.failing = "/topics/";
  EXPECT_EQ(send_one(env, *topics, kOrders, "lost").error().code, Errc::kIo);
  files.failing.clear();
  EXPECT_EQ(read(*topics, kOrders), (std::vector<Bytes>{"kept"}));
  ASSERT_TRUE(send_one(env, *topics, kOrders, "later"));
  EXPECT_EQ(read(*topics, kOrders), (std::vector<Bytes>{"kept", "later"}));
}

// Nobody can know what is decided, and nobody is told.
TEST(EmbeddedTopics, AJournalThatFailedEndsTheHome) {
  SimEnv env(11);
  FailingFiles files(env.disk());
  auto topics = *EmbeddedTopics::open({env.clock(), files, env.random(), env.env().workers}, "/data");
  ASSERT_TRUE(topics->admin().create_topic("orders", {}));
  files.failing = "/journal/";
  EXPECT_EQ(send_one(env, *topics, kOrders, "in doubt").error().code, Errc::kIo);
  files.failing.clear();
  EXPECT_EQ(send_one(env, *topics, kOrders, "later").error().code, Errc::kIo);
  EXPECT_EQ(topics->consumer(kOrders, {}).error().code, Errc::kIo);
  EXPECT_EQ(topics->committed("g", kOrders).error().code, Errc::kIo);
  EXPECT_EQ(topics->admin().create_topic("more", {}).error().code, Errc::kIo);
  topics.reset();
  EXPECT_TRUE(send_one(env, *open(env), kOrders, "later"));
}

TEST(EmbeddedTopics, AMissingPartitionIsNamed) {
  SimEnv env(12);
  {
    auto topics = with_topics(env);
    ASSERT_TRUE(send_one(env, *topics, kOrders, "x"));
  }
  for (const std::string& path : env.disk().files()) {
    ASSERT_TRUE(path.starts_with("/data/topics/") ? env.disk().remove(path) : Status());
  }
  auto topics = open(env);
  auto consumer = *topics->consumer(kOrders, {});
  auto records = consumer->poll(1);
  ASSERT_FALSE(records);
  EXPECT_EQ(records.error().code, Errc::kCorruption);
  EXPECT_NE(records.error().message.find("/data/topics/1-0"), std::string::npos) << records.error().message;
}

}  // namespace
}  // namespace leat
