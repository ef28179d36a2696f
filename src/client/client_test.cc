// The client against our broker, on simulated clock, disk and network.
#include <gtest/gtest.h>

#include "client/groups.h"
#include "client/partition_reader.h"
#include "client/record_writer.h"
#include "client/topics.h"
#include "protocol/describe_cluster.h"
#include "sim/kafka_client.h"
#include "sim/sim_dialer.h"

namespace leat {
namespace {

using namespace client;

class ClientTest : public testing::Test {
 protected:
  ClientTest() : dialer(broker.loop, broker.sim.clock()) {
    ClientOptions options;
    options.bootstrap = {{"127.0.0.1", 9092}};
    auto connected = Cluster::connect(options, broker.sim.clock(), dialer);
    CHECK(connected);
    cluster = std::move(*connected);
  }
  void create(const std::string& topic, int32_t partitions, Configs configs = {}) {
    Status created = create_topic(*cluster, {topic, partitions, -1, std::move(configs)});
    ASSERT_TRUE(created) << created.error().message;
  }
  void write(const std::string& topic, int count, Codec codec = Codec::kNone, std::optional<int32_t> partition = {}) {
    auto writer = RecordWriter::open(*cluster, topic, codec);
    ASSERT_TRUE(writer) << writer.error().message;
    for (int i = 0; i < count; ++i) {
      std::string number = std::to_string(i);
      ASSERT_TRUE((*writer)->write({"k" + number, "v" + number, {{"h", "x"}}, WallTime{1000 + i}}, partition));
    }
    Status flushed = (*writer)->flush();
    ASSERT_TRUE(flushed) << flushed.error().message;
    EXPECT_EQ((*writer)->written(), count);
  }
  std::vector<ConsumedRecord> read(const std::string& topic, int32_t partition, int64_t from = 0) {
    PartitionReader reader(*cluster, {topic, PartitionId{partition}}, Offset{from}, Isolation::kReadCommitted);
    std::vector<ConsumedRecord> out;
    do {
      auto some = reader.poll(0);
      EXPECT_TRUE(some) << some.error().message;
      if (!some) break;
      out.insert(out.end(), some->begin(), some->end());
    } while (reader.position() < reader.end());
    return out;
  }

  TestBroker broker;
  sim::SimDialer dialer;
  std::unique_ptr<Cluster> cluster;
};

TEST_F(ClientTest, RecordsGoThereAndBackInEveryCodec) {
  create("t", 1);
  for (Codec codec : {Codec::kNone, Codec::kGzip, Codec::kSnappy, Codec::kLz4, Codec::kZstd}) write("t", 100, codec);
  auto got = read("t", 0);
  ASSERT_EQ(got.size(), 500u);
  for (size_t i = 0; i < got.size(); ++i) {
    EXPECT_EQ(got[i].offset.value, static_cast<int64_t>(i));
    EXPECT_EQ(got[i].record.key, "k" + std::to_string(i % 100));
    EXPECT_EQ(got[i].record.value, "v" + std::to_string(i % 100));
    EXPECT_EQ(got[i].record.timestamp.value, static_cast<int64_t>(1000 + i % 100));
    ASSERT_EQ(got[i].record.headers.size(), 1u);
    EXPECT_EQ(got[i].record.headers[0].key, "h");
  }
}

TEST_F(ClientTest, ReadingBeginsWithinABatch) {
  create("t", 1);
  write("t", 10);
  auto got = read("t", 0, 7);
  ASSERT_EQ(got.size(), 3u);
  EXPECT_EQ(got[0].record.value, "v7");
}

// The figures are those of Kafka's Java client (its UtilsTest).
TEST_F(ClientTest, KeysGoWhereTheJavaClientPutsThem) {
  EXPECT_EQ(static_cast<int32_t>(murmur2("21")), -973932308);
  EXPECT_EQ(static_cast<int32_t>(murmur2("foobar")), -790332482);
  EXPECT_EQ(static_cast<int32_t>(murmur2("a-little-bit-long-string")), -985981536);
  EXPECT_EQ(static_cast<int32_t>(murmur2("a-little-bit-longer-string")), -1486304829);
  EXPECT_EQ(static_cast<int32_t>(murmur2("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8")), -58897971);
  EXPECT_EQ(static_cast<int32_t>(murmur2("abc")), 479470107);
}

TEST_F(ClientTest, OffsetsAtTimesAndEnds) {
  create("t", 2);
  write("t", 10, Codec::kNone, 1);
  auto topic = cluster->topic("t");
  ASSERT_TRUE(topic);
  auto at = [&](int64_t time) {
    auto found = list_offsets(*cluster, partitions_of(*topic), time);
    EXPECT_TRUE(found) << found.error().message;
    return std::pair{found->at({"t", PartitionId{0}}).offset.value, found->at({"t", PartitionId{1}}).offset.value};
  };
  EXPECT_EQ(at(kEarliest), (std::pair<int64_t, int64_t>{0, 0}));
  EXPECT_EQ(at(kLatest), (std::pair<int64_t, int64_t>{0, 10}));
  EXPECT_EQ(at(1004), (std::pair<int64_t, int64_t>{-1, 4}));
}

TEST_F(ClientTest, WhatDoesNotExistIsNamedWithWhatIsNear) {
  create("flights", 1);
  auto topic = cluster->topic("flight");
  ASSERT_FALSE(topic);
  EXPECT_EQ(topic.error().code, Errc::kNotFound);
  EXPECT_EQ(topic.error().message, "no topic 'flight'; did you mean 'flights'?");
  auto leader = cluster->leader({"flights", PartitionId{3}});
  ASSERT_FALSE(leader);
  EXPECT_EQ(leader.error().code, Errc::kOutOfRange);
  auto group = describe_group(*cluster, "nobody");
  ASSERT_FALSE(group);
  EXPECT_EQ(group.error().code, Errc::kNotFound);
  EXPECT_EQ(create_topic(*cluster, {"flights", 1, -1, {}}).error().code, Errc::kAlreadyExists);
}

TEST_F(ClientTest, OffsetsOfAGroupWithoutMembers) {
  create("t", 2);
  TopicPartition partition{"t", PartitionId{1}};
  ASSERT_TRUE(commit_offsets(*cluster, "g", {{partition, {Offset{5}, "note"}}}));
  auto committed = committed_offsets(*cluster, "g");
  ASSERT_TRUE(committed) << committed.error().message;
  ASSERT_EQ(committed->size(), 1u);
  EXPECT_EQ(committed->at(partition).offset.value, 5);
  EXPECT_EQ(committed->at(partition).metadata, "note");
  auto groups = list_groups(*cluster);
  ASSERT_TRUE(groups);
  ASSERT_EQ(groups->size(), 1u);
  EXPECT_EQ((*groups)[0].id, "g");
  auto group = describe_group(*cluster, "g");
  ASSERT_TRUE(group) << group.error().message;
  EXPECT_EQ(group->state, "Empty");
  ASSERT_TRUE(delete_group(*cluster, "g"));
  EXPECT_EQ(delete_group(*cluster, "g").error().code, Errc::kNotFound);
}

TEST_F(ClientTest, ABrokerThatComesBackIsFoundAgain) {
  create("t", 1, {{"retention.ms", "-1"}});  // The records are from 1970.
  write("t", 3);
  dialer.hang_up();
  broker.stop();
  broker.start();
  EXPECT_EQ(read("t", 0).size(), 3u);
}

TEST_F(ClientTest, PartitionsAreAddedAndTopicsDeleted) {
  create("t", 1, {{"retention.ms", "1000"}});
  ASSERT_TRUE(create_partitions(*cluster, "t", 3));
  EXPECT_EQ(cluster->topic("t")->partitions.size(), 3u);
  auto configs = describe_topic_configs(*cluster, "t");
  ASSERT_TRUE(configs) << configs.error().message;
  std::map<std::string, std::string> set;
  for (const auto& each : *configs) {
    if (each.is_set) set[each.name] = each.value.value_or("");
  }
  EXPECT_EQ(set, (std::map<std::string, std::string>{{"retention.ms", "1000"}}));
  ASSERT_TRUE(delete_topic(*cluster, "t"));
  EXPECT_EQ(cluster->topic("t").error().code, Errc::kNotFound);
}

TEST_F(ClientTest, AnsweredByTheBrokerThatWasNamed) {
  auto answer = cluster->call<protocol::DescribeCluster>(cluster->brokers().begin()->first, {});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ((*answer)->brokers.size(), 1u);
}

TEST(Bootstrap, ListsOfAddresses) {
  auto two = parse_bootstrap("a:1,[::1]:9092");
  ASSERT_TRUE(two);
  ASSERT_EQ(two->size(), 2u);
  EXPECT_EQ((*two)[1].host, "::1");
  for (const char* bad : {"", "a", "a:", ":1", "a:0", "a:70000", "a:1x", "a:1,", "::1:9092"}) {
    EXPECT_FALSE(parse_bootstrap(bad)) << bad;
  }
}

}  // namespace
}  // namespace leat
