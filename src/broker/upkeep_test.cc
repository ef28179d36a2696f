// What a broker does by itself: retention, compaction, forgetting offsets.
#include <gtest/gtest.h>

#include "log/record_batch_builder.h"
#include "log/record_reader.h"
#include "protocol/all.h"
#include "sim/kafka_client.h"

namespace leat {
namespace {

using protocol::ErrorCode;

constexpr int64_t kMinute = 60'000, kDay = 24 * 60 * kMinute;

class UpkeepTest : public testing::Test {
 protected:
  void make_topic(const std::string& name, const SetValues& configs = {}) {
    protocol::CreateTopicsRequest request;
    request.topics.push_back({name, 1, 1, {}, {}});
    for (const auto& [key, value] : configs) request.topics[0].configs.push_back({key, value});
    auto made = client->call<protocol::CreateTopics>(request).topics[0];
    ASSERT_EQ(made.error_code, 0) << made.error_message.value_or("");
  }
  void produce(const std::string& topic, const std::string& key, const std::string& value,
               const BatchStamp& stamp = {}) {
    RecordBatchBuilder builder;
    builder.add(broker.sim.clock().now(), BytesView(key), BytesView(value));
    std::span<char> bytes = builder.finish(stamp);
    protocol::ProduceRequest request;
    request.acks = -1;
    request.topic_data.push_back({topic, {}, {{0, Records{{bytes.data(), bytes.size()}, {}}}}});
    auto result = client->call<protocol::Produce>(request, 9).responses[0].partition_responses[0];
    ASSERT_EQ(result.error_code, 0) << result.error_message.value_or("");
  }
  // "key=value ..." from the start.
  std::string read(const std::string& topic) {
    std::string out;
    for (int64_t from = offset(topic, -2), end = offset(topic, -1); from < end;) {
      protocol::FetchRequest request;
      request.topics.push_back({topic, {}, {}});
      auto& asked = request.topics[0].partitions.emplace_back();
      asked.fetch_offset = from;
      asked.partition_max_bytes = 1 << 20;
      auto response = client->call<protocol::Fetch>(request, 11);
      BytesView bytes = response.responses[0].partitions[0].records->bytes;
      if (bytes.empty()) return out + "(stuck)";
      while (!bytes.empty()) {
        auto batch = RecordBatchView::parse(bytes);
        if (!batch) break;
        auto records = RecordReader::open(*batch);
        RecordView record;
        while (*records->next(record)) out += std::string(*record.key) + "=" + std::string(*record.value) + " ";
        from = batch->next_offset().value;
        bytes.remove_prefix(batch->bytes().size());
      }
    }
    return out;
  }
  int64_t offset(const std::string& topic, int64_t timestamp) {
    protocol::ListOffsetsRequest request;
    request.topics.push_back({topic, {{0, -1, timestamp}}});
    return client->call<protocol::ListOffsets>(request, 7).topics[0].partitions[0].offset;
  }
  void restart() {
    client.reset();
    broker.stop();
    broker.sim.kill();
    broker.start();
    client = std::make_unique<TestClient>(broker);
  }
  size_t count_files(const std::string& extension) {
    size_t out = 0;
    for (const std::string& path : broker.sim.disk().files()) {
      out += path.starts_with("/broker/partitions/") && path.ends_with(extension) ? 1 : 0;
    }
    return out;
  }
  void commit(const std::string& group, const std::string& topic) {
    protocol::OffsetCommitRequest request;
    request.group_id = group;
    request.generation_id_or_member_epoch = -1;
    request.topics.push_back({topic, {}, {{0, 1, -1, ""}}});
    auto result = client->call<protocol::OffsetCommit>(request, 8).topics[0].partitions[0];
    ASSERT_EQ(result.error_code, 0);
  }
  int64_t committed(const std::string& group, const std::string& topic) {
    auto found = broker.broker->state().offsets().find(group);
    if (found == broker.broker->state().offsets().end()) return -1;
    auto of_partition = found->second.find({topic, PartitionId{0}});
    return of_partition == found->second.end() ? -1 : of_partition->second.offset.value;
  }

  TestBroker broker;
  std::unique_ptr<TestClient> client = std::make_unique<TestClient>(broker);
};

TEST_F(UpkeepTest, PartitionsThatNobodyUsesStayClosed) {
  make_topic("old", {{"retention.ms", "3600000"}});
  make_topic("new");
  produce("old", "k", "1");
  produce("new", "k", "1");
  restart();
  EXPECT_TRUE(broker.broker->open_partitions().empty());
  broker.loop.advance_ms(20 * kMinute);
  EXPECT_TRUE(broker.broker->open_partitions().empty());
  // What is too old is deleted all the same, and it is closed again.
  broker.loop.advance_ms(60 * kMinute);
  EXPECT_TRUE(broker.broker->open_partitions().empty());
  EXPECT_EQ(offset("old", -2), 1);
  EXPECT_EQ(offset("new", -2), 0);
}

TEST_F(UpkeepTest, ASegmentEndsWhenItsTimeIsOver) {
  make_topic("t", {{"segment.ms", "60000"}});
  produce("t", "k", "1");
  broker.loop.advance_ms(30'000);
  produce("t", "k", "2");
  EXPECT_EQ(count_files(".log"), 1U);
  broker.loop.advance_ms(40'000);
  produce("t", "k", "3");
  EXPECT_EQ(count_files(".log"), 2U);
}

TEST_F(UpkeepTest, FilesOfDeletedSegmentsStayForAWhile) {
  make_topic("t", {{"segment.ms", "1000"}, {"retention.ms", "60000"}, {"file.delete.delay.ms", "600000"}});
  produce("t", "k", "1");
  broker.loop.advance_ms(kMinute);
  produce("t", "k", "2");
  broker.loop.advance_ms(5 * kMinute);
  EXPECT_EQ(read("t"), "");
  EXPECT_GE(count_files(".log"), 3U);
  broker.loop.advance_ms(20 * kMinute);
  EXPECT_EQ(count_files(".log"), 1U);
}

TEST_F(UpkeepTest, CompactsWhatIsDirty) {
  make_topic("t", {{"cleanup.policy", "compact"}, {"segment.ms", "1000"}});
  for (int i = 0; i < 20; ++i) {
    produce("t", "k" + std::to_string(i % 2), std::to_string(i));
    broker.loop.advance_ms(2000);
  }
  broker.loop.advance_ms(kMinute);
  EXPECT_EQ(read("t"), "k1=17 k0=18 k1=19 ");
  EXPECT_EQ(offset("t", -1), 20);
  restart();
  EXPECT_EQ(read("t"), "k1=17 k0=18 k1=19 ");
}

TEST_F(UpkeepTest, DoesNotCompactWhereItIsTurnedOff) {
  broker.settings.cleaner_enabled = false;
  restart();
  make_topic("t", {{"cleanup.policy", "compact"}, {"segment.ms", "1000"}});
  for (int i = 0; i < 4; ++i) {
    produce("t", "k", std::to_string(i));
    broker.loop.advance_ms(2000);
  }
  broker.loop.advance_ms(10 * kMinute);
  EXPECT_EQ(read("t"), "k=0 k=1 k=2 k=3 ");
}

TEST_F(UpkeepTest, CompactAndDeleteDoBoth) {
  make_topic("t", {{"cleanup.policy", "compact,delete"}, {"segment.ms", "1000"}, {"retention.ms", "3600000"}});
  for (int i = 0; i < 4; ++i) {
    produce("t", "k", std::to_string(i));
    broker.loop.advance_ms(2000);
  }
  broker.loop.advance_ms(kMinute);
  EXPECT_EQ(read("t"), "k=2 k=3 ");
  broker.loop.advance_ms(2 * 60 * kMinute);
  EXPECT_EQ(read("t"), "");
}

TEST_F(UpkeepTest, ProducersAreForgotten) {
  make_topic("t", {{"retention.ms", "-1"}});
  produce("t", "k", "1", {7, 0, 0, false, false});
  auto knows = [&] { return (*broker.broker->partition("t", 0))->log().producers().find(7) != nullptr; };
  broker.loop.advance_ms(kDay - 20 * kMinute);
  EXPECT_TRUE(knows());
  broker.loop.advance_ms(60 * kMinute);
  EXPECT_FALSE(knows());
  produce("t", "k", "2", {7, 0, 5, false, false});
}

TEST_F(UpkeepTest, OffsetsOfEmptyGroupsAreForgotten) {
  make_topic("t", {{"retention.ms", "-1"}});
  produce("t", "k", "1");
  commit("g", "t");
  broker.loop.advance_ms(6 * kDay);
  EXPECT_EQ(committed("g", "t"), 1);
  commit("h", "t");
  broker.loop.advance_ms(kDay + 20 * kMinute);
  EXPECT_EQ(committed("g", "t"), -1);
  EXPECT_EQ(committed("h", "t"), 1);
  auto groups = client->call<protocol::ListGroups>({}).groups;
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].group_id, "h");
}

TEST_F(UpkeepTest, OffsetsThatATransactionReplacesStay) {
  make_topic("t", {{"retention.ms", "-1"}});
  produce("t", "k", "1");
  commit("g", "t");
  broker.loop.advance_ms(7 * kDay - 2 * kMinute);
  protocol::InitProducerIdRequest init;
  init.transactional_id = "x";
  init.transaction_timeout_ms = 15 * 60'000;
  auto producer = client->call<protocol::InitProducerId>(init, 4);
  ASSERT_EQ(producer.error_code, 0);
  protocol::AddOffsetsToTxnRequest add;
  add.transactional_id = "x";
  add.producer_id = producer.producer_id;
  add.producer_epoch = producer.producer_epoch;
  add.group_id = "g";
  ASSERT_EQ(client->call<protocol::AddOffsetsToTxn>(add, 3).error_code, 0);
  protocol::TxnOffsetCommitRequest staged;
  staged.transactional_id = "x";
  staged.group_id = "g";
  staged.producer_id = producer.producer_id;
  staged.producer_epoch = producer.producer_epoch;
  staged.topics.push_back({"t", {{0, 2, -1, ""}}});
  ASSERT_EQ(client->call<protocol::TxnOffsetCommit>(staged, 3).topics[0].partitions[0].error_code, 0);
  broker.loop.advance_ms(14 * kMinute);
  EXPECT_EQ(committed("g", "t"), 1);
}

}  // namespace
}  // namespace leat
