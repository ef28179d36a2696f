// Deleting records, epochs, and what administrators ask, through Kafka's protocol.
#include <gtest/gtest.h>

#include "log/record_batch_builder.h"
#include "protocol/all.h"
#include "sim/kafka_client.h"

namespace leat {
namespace {

using protocol::ErrorCode;

class AdminTest : public testing::Test {
 protected:
  void make_topic(const std::string& name, int32_t partitions, const SetValues& configs = {}) {
    protocol::CreateTopicsRequest request;
    request.topics.push_back({name, partitions, 1, {}, {}});
    for (const auto& [key, value] : configs) request.topics[0].configs.push_back({key, value});
    ASSERT_EQ(client->call<protocol::CreateTopics>(request).topics[0].error_code, 0);
  }
  void produce(const std::string& topic, int count) {
    RecordBatchBuilder builder;
    for (int i = 0; i < count; ++i) builder.add(broker.sim.clock().now(), BytesView("key"), BytesView("value"));
    std::span<char> bytes = builder.finish({});
    protocol::ProduceRequest request;
    request.acks = -1;
    request.topic_data.push_back({topic, {}, {{0, Records{{bytes.data(), bytes.size()}, {}}}}});
    ASSERT_EQ(client->call<protocol::Produce>(request, 9).responses[0].partition_responses[0].error_code, 0);
  }
  // The low watermark, or the error.
  std::string delete_records(const std::string& topic, int64_t before) {
    protocol::DeleteRecordsRequest request;
    request.topics.push_back({topic, {{0, before}}});
    auto result = client->call<protocol::DeleteRecords>(request).topics[0].partitions[0];
    if (result.error_code != 0) return to_string(static_cast<ErrorCode>(result.error_code));
    return std::to_string(result.low_watermark);
  }
  int64_t offset(int64_t timestamp) {
    protocol::ListOffsetsRequest request;
    request.topics.push_back({"t", {{0, -1, timestamp}}});
    return client->call<protocol::ListOffsets>(request, 9).topics[0].partitions[0].offset;
  }
  // "epoch:end".
  std::string end_of(int32_t epoch) {
    protocol::OffsetForLeaderEpochRequest request;
    request.topics.push_back({"t", {{0, -1, epoch}}});
    auto result = client->call<protocol::OffsetForLeaderEpoch>(request).topics[0].partitions[0];
    return std::to_string(result.leader_epoch) + ":" + std::to_string(result.end_offset);
  }
  void restart(bool power = false) {
    client.reset();
    broker.stop();
    power ? broker.sim.lose_power() : broker.sim.kill();
    broker.start();
    client = std::make_unique<TestClient>(broker);
  }

  TestBroker broker;
  std::unique_ptr<TestClient> client = std::make_unique<TestClient>(broker);
};

TEST_F(AdminTest, DeletesRecordsDurably) {
  make_topic("t", 1);
  produce("t", 5);
  produce("t", 5);
  EXPECT_EQ(delete_records("t", 3), "3");
  EXPECT_EQ(delete_records("t", 1), "3");
  EXPECT_EQ(delete_records("t", 11), "OFFSET_OUT_OF_RANGE");
  EXPECT_EQ(delete_records("t", -2), "OFFSET_OUT_OF_RANGE");
  EXPECT_EQ(delete_records("u", 0), "UNKNOWN_TOPIC_OR_PARTITION");
  restart(true);
  EXPECT_EQ(offset(-2), 3);
  EXPECT_EQ(delete_records("t", -1), "10");
  EXPECT_EQ(offset(-2), 10);
  produce("t", 1);
  EXPECT_EQ(offset(-1), 11);
  make_topic("c", 1, {{"cleanup.policy", "compact"}});
  EXPECT_EQ(delete_records("c", 0), "POLICY_VIOLATION");
}

TEST_F(AdminTest, SpecialOffsets) {
  make_topic("t", 1);
  EXPECT_EQ(offset(-3), -1) << "no records";
  produce("t", 3);
  delete_records("t", 1);
  EXPECT_EQ(offset(-1), 3);
  EXPECT_EQ(offset(-2), 1);
  EXPECT_EQ(offset(-3), 1) << "the first of the newest";
  EXPECT_EQ(offset(-4), 1) << "all of it is local";
  EXPECT_EQ(offset(-5), -1) << "nothing is tiered";
}

TEST_F(AdminTest, EachStartIsAnEpoch) {
  make_topic("t", 1);
  int32_t first = broker.broker->state().epoch();
  produce("t", 3);
  EXPECT_EQ(end_of(first), std::to_string(first) + ":3");
  restart();
  restart(true);
  EXPECT_EQ(end_of(first), std::to_string(first) + ":3") << "nothing was written since";
  produce("t", 2);
  EXPECT_EQ(end_of(first), std::to_string(first) + ":3");
  EXPECT_EQ(end_of(first + 1), std::to_string(first) + ":3");
  EXPECT_EQ(end_of(first + 2), std::to_string(first + 2) + ":5");
  EXPECT_EQ(end_of(first + 3), "-1:-1");
  restart(true);
  EXPECT_EQ(end_of(first), std::to_string(first) + ":3");
  EXPECT_EQ(end_of(first + 2), std::to_string(first + 2) + ":5");
}

TEST_F(AdminTest, AFetchLearnsThatWhatItReadWasCutOff) {
  make_topic("t", 1);
  produce("t", 3);
  restart();
  produce("t", 1);
  protocol::FetchRequest request;
  request.topics.push_back({"t", {}, {}});
  auto& asked = request.topics[0].partitions.emplace_back();
  asked.fetch_offset = 4;
  asked.last_fetched_epoch = broker.broker->state().epoch() - 1;
  auto result = client->call<protocol::Fetch>(request, 12).responses[0].partitions[0];
  EXPECT_EQ(result.error_code, 0);
  EXPECT_EQ(result.diverging_epoch.epoch, broker.broker->state().epoch() - 1);
  EXPECT_EQ(result.diverging_epoch.end_offset, 3);
}

TEST_F(AdminTest, DescribesTopicsInPages) {
  make_topic("a", 3);
  make_topic("b", 2);
  protocol::DescribeTopicPartitionsRequest request;
  request.response_partition_limit = 4;
  auto first = client->call<protocol::DescribeTopicPartitions>(request);
  ASSERT_EQ(first.topics.size(), 2U);
  EXPECT_EQ(first.topics[0].partitions.size(), 3U);
  EXPECT_EQ(first.topics[1].partitions.size(), 1U);
  ASSERT_TRUE(first.next_cursor);
  EXPECT_EQ(first.next_cursor->topic_name, "b");
  EXPECT_EQ(first.next_cursor->partition_index, 1);
  auto& cursor = request.cursor.emplace();
  cursor.topic_name = "b";
  cursor.partition_index = 1;
  auto second = client->call<protocol::DescribeTopicPartitions>(request);
  ASSERT_EQ(second.topics.size(), 1U);
  EXPECT_EQ(second.topics[0].partitions.size(), 1U);
  EXPECT_EQ(second.topics[0].partitions[0].partition_index, 1);
  EXPECT_FALSE(second.next_cursor);
  request.cursor.reset();
  request.topics.push_back({"nope"});
  auto unknown = client->call<protocol::DescribeTopicPartitions>(request);
  ASSERT_EQ(unknown.topics.size(), 1U);
  EXPECT_EQ(unknown.topics[0].error_code, static_cast<int16_t>(ErrorCode::kUnknownTopicOrPartition));
}

TEST_F(AdminTest, SizesOnDisk) {
  make_topic("t", 2);
  produce("t", 100);
  auto sizes = [&] {
    auto result = client->call<protocol::DescribeLogDirs>({}).results[0];
    EXPECT_EQ(result.topics.size(), 1U);
    return std::pair(result.topics[0].partitions[0].partition_size, result.topics[0].partitions[1].partition_size);
  };
  auto open = sizes();
  EXPECT_GT(open.first, 500);
  EXPECT_EQ(open.second, 0);
  restart();
  EXPECT_EQ(sizes(), open) << "without opening it";
}

TEST_F(AdminTest, ReplicasStayInTheOnlyDirectory) {
  make_topic("t", 1);
  protocol::AlterReplicaLogDirsRequest move;
  move.dirs.push_back({client->call<protocol::DescribeLogDirs>({}).results[0].log_dir, {{"t", {0, 1}}}});
  move.dirs.push_back({"/elsewhere", {{"t", {0}}}});
  auto results = client->call<protocol::AlterReplicaLogDirs>(move).results;
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0].partitions[0].error_code, 0);
  EXPECT_EQ(results[0].partitions[1].error_code, static_cast<int16_t>(ErrorCode::kUnknownTopicOrPartition));
  EXPECT_EQ(results[1].partitions[0].error_code, static_cast<int16_t>(ErrorCode::kLogDirNotFound));
}

TEST_F(AdminTest, OneBrokerHasNothingToMove) {
  make_topic("t", 1);
  protocol::ElectLeadersRequest elect;
  elect.topic_partitions.emplace().push_back({"t", {0, 1}});
  auto elected = client->call<protocol::ElectLeaders>(elect).replica_election_results[0].partition_result;
  EXPECT_EQ(elected[0].error_code, static_cast<int16_t>(ErrorCode::kElectionNotNeeded));
  EXPECT_EQ(elected[1].error_code, static_cast<int16_t>(ErrorCode::kUnknownTopicOrPartition));
  protocol::AlterPartitionReassignmentsRequest alter;
  alter.topics.push_back({"t", {{0, std::vector<int32_t>{1}}, {0, std::vector<int32_t>{2}}, {0, std::nullopt}}});
  auto altered = client->call<protocol::AlterPartitionReassignments>(alter).responses[0].partitions;
  EXPECT_EQ(altered[0].error_code, 0);
  EXPECT_EQ(altered[1].error_code, static_cast<int16_t>(ErrorCode::kInvalidReplicaAssignment));
  EXPECT_EQ(altered[2].error_code, static_cast<int16_t>(ErrorCode::kNoReassignmentInProgress));
  EXPECT_TRUE(client->call<protocol::ListPartitionReassignments>({}).topics.empty());
  protocol::DescribeQuorumRequest quorum;
  quorum.topics.push_back({"__cluster_metadata", {{0}}});
  auto described = client->call<protocol::DescribeQuorum>(quorum).topics[0].partitions[0];
  EXPECT_EQ(described.leader_id, 1);
  EXPECT_EQ(described.current_voters.size(), 1U);
}

TEST_F(AdminTest, FeaturesAreWhatTheyAre) {
  auto update = [&](const std::string& name, int16_t level) {
    protocol::UpdateFeaturesRequest request;
    auto& asked = request.feature_updates.emplace_back();
    asked.feature = name;
    asked.max_version_level = level;
    return static_cast<ErrorCode>(client->call<protocol::UpdateFeatures>(request).error_code);
  };
  EXPECT_EQ(update("transaction.version", 2), ErrorCode::kNone);
  EXPECT_EQ(update("transaction.version", 1), ErrorCode::kInvalidUpdateVersion);
  EXPECT_EQ(update("nonsense", 1), ErrorCode::kInvalidUpdateVersion);
}

TEST_F(AdminTest, TopicsThatKafkaKeepsItselfAreShownAndNotWritable) {
  auto internal = [this] {
    std::map<std::string, bool> out;
    for (const auto& topic : client->call<protocol::Metadata>({}).topics) out[*topic.name] = topic.is_internal;
    return out;
  };
  make_topic("t", 1);
  EXPECT_EQ(internal(), (std::map<std::string, bool>{{"t", false}}));
  protocol::FindCoordinatorRequest find;
  find.coordinator_keys = {"g"};
  client->call<protocol::FindCoordinator>(find);
  find.key_type = 1;
  client->call<protocol::FindCoordinator>(find);
  EXPECT_EQ(internal(),
            (std::map<std::string, bool>{{"__consumer_offsets", true}, {"__transaction_state", true}, {"t", false}}));
  RecordBatchBuilder builder;
  builder.add(broker.sim.clock().now(), BytesView("key"), BytesView("value"));
  std::span<char> bytes = builder.finish({});
  protocol::ProduceRequest request;
  request.acks = -1;
  request.topic_data.push_back({"__consumer_offsets", {}, {{0, Records{{bytes.data(), bytes.size()}, {}}}}});
  EXPECT_EQ(client->call<protocol::Produce>(request, 9).responses[0].partition_responses[0].error_code,
            static_cast<int16_t>(ErrorCode::kInvalidTopicException));
}

TEST_F(AdminTest, QuotasAreKept) {
  protocol::AlterClientQuotasRequest alter;
  alter.entries.push_back({{{"user", "ann"}}, {{"producer_byte_rate", 1000, false}}});
  alter.entries.push_back({{{"user", std::nullopt}, {"client-id", "x"}}, {{"request_percentage", 12.5, false}}});
  alter.entries.push_back({{{"planet", "earth"}}, {{"producer_byte_rate", 1, false}}});
  auto altered = client->call<protocol::AlterClientQuotas>(alter);
  EXPECT_EQ(altered.entries[0].error_code, 0);
  EXPECT_EQ(altered.entries[1].error_code, 0);
  EXPECT_EQ(altered.entries[2].error_code, static_cast<int16_t>(ErrorCode::kInvalidRequest));
  restart(true);
  protocol::DescribeClientQuotasRequest describe;
  describe.components.push_back({"user", 2, {}});
  EXPECT_EQ(client->call<protocol::DescribeClientQuotas>(describe).entries->size(), 2U);
  describe.strict = true;
  auto described = client->call<protocol::DescribeClientQuotas>(describe);
  ASSERT_EQ(described.entries->size(), 1U);
  EXPECT_EQ((*described.entries)[0].values[0].value, 1000);
  protocol::AlterClientQuotasRequest remove;
  remove.entries.push_back({{{"user", "ann"}}, {{"producer_byte_rate", 0, true}}});
  client->call<protocol::AlterClientQuotas>(remove);
  EXPECT_TRUE(client->call<protocol::DescribeClientQuotas>(describe).entries->empty());
}

}  // namespace
}  // namespace leat
