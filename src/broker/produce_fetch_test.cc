// Records in and out, through Kafka's protocol.
#include <gtest/gtest.h>

#include "log/record_batch_builder.h"
#include "log/record_reader.h"
#include "protocol/all.h"
#include "sim/kafka_client.h"

namespace leat {
namespace {

using protocol::ErrorCode;

class ProduceFetchTest : public testing::Test {
 protected:
  void make_topic(const std::string& name, int32_t partitions, std::map<std::string, std::string> configs = {}) {
    protocol::CreateTopicsRequest request;
    request.topics.push_back({name, partitions, 1, {}, {}});
    for (const auto& [key, value] : configs) request.topics[0].configs.push_back({key, value});
    auto response = client.call<protocol::CreateTopics>(request);
    ASSERT_EQ(response.topics[0].error_code, 0) << response.topics[0].error_message.value_or("");
  }
  static Bytes batch(const std::vector<std::string>& values, const BatchStamp& stamp = {}) {
    RecordBatchBuilder builder;
    for (const auto& value : values) builder.add(WallTime{1'700'000'000'000}, BytesView("key"), BytesView(value));
    std::span<char> bytes = builder.finish(stamp);
    return Bytes(bytes.data(), bytes.size());
  }
  using ProduceResult = protocol::ProduceResponse::Response::PartitionResponse;
  ProduceResult produce(const std::string& topic, int32_t partition, const Bytes& bytes, int16_t version = 9) {
    protocol::ProduceRequest request;
    request.acks = -1;
    request.topic_data.push_back({topic, {}, {{partition, Records{bytes, {}}}}});
    return client.call<protocol::Produce>(request, version).responses[0].partition_responses[0];
  }
  static protocol::FetchRequest fetch_request(const std::string& topic, int64_t offset) {
    protocol::FetchRequest request;
    request.min_bytes = 1;
    request.topics.push_back({});
    request.topics[0].topic = topic;
    auto& partition = request.topics[0].partitions.emplace_back();
    partition.fetch_offset = offset;
    partition.partition_max_bytes = 1 << 20;
    return request;
  }
  static std::vector<std::string> values_of(const protocol::FetchResponse& response) {
    std::vector<std::string> out;
    BytesView bytes = response.responses[0].partitions[0].records->bytes;
    while (!bytes.empty()) {
      auto batch = RecordBatchView::parse(bytes);
      EXPECT_TRUE(batch);
      if (!batch) return out;
      auto records = RecordReader::open(*batch);
      RecordView record;
      while (*records->next(record)) out.emplace_back(*record.value);
      bytes.remove_prefix(batch->bytes().size());
    }
    return out;
  }
  std::vector<std::string> fetch(const std::string& topic, int64_t offset) {
    return values_of(client.call<protocol::Fetch>(fetch_request(topic, offset), 11));
  }

  TestBroker broker;
  TestClient client{broker};
};

TEST_F(ProduceFetchTest, WhatWentInComesOut) {
  make_topic("t", 1);
  EXPECT_EQ(produce("t", 0, batch({"a", "b"})).base_offset, 0);
  EXPECT_EQ(produce("t", 0, batch({"c"})).base_offset, 2);
  EXPECT_EQ(fetch("t", 0), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(fetch("t", 2), (std::vector<std::string>{"c"}));
  // The whole batch that holds the offset: a client passes over what it has.
  EXPECT_EQ(fetch("t", 1), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(fetch("t", 3), (std::vector<std::string>{}));
}

TEST_F(ProduceFetchTest, AnIdleProducerIsForgotten) {
  make_topic("t", 1);
  auto numbered = [](int32_t sequence) {
    return batch({"a"}, {.producer_id = 7, .producer_epoch = 0, .base_sequence = sequence});
  };
  ASSERT_EQ(produce("t", 0, numbered(0)).error_code, 0);
  EXPECT_EQ(ErrorCode{produce("t", 0, numbered(5)).error_code}, ErrorCode::kOutOfOrderSequenceNumber);
  broker.loop.advance_ms(25LL * 3'600'000);
  EXPECT_EQ(produce("t", 0, numbered(5)).error_code, 0);
}

TEST_F(ProduceFetchTest, SurvivesAPowerFailureOnceAcknowledged) {
  make_topic("t", 1);
  ASSERT_EQ(produce("t", 0, batch({"a"})).error_code, 0);
  int32_t epoch = broker.broker->state().epoch();
  broker.stop();
  broker.sim.lose_power();
  broker.start();
  TestClient again(broker);
  auto response = again.call<protocol::Fetch>(fetch_request("t", 0), 11);
  EXPECT_EQ(values_of(response), (std::vector<std::string>{"a"}));
  EXPECT_EQ(broker.broker->state().epoch(), epoch + 1);
}

TEST_F(ProduceFetchTest, RefusesWhatIsNoBatch) {
  make_topic("t", 1, {{"max.message.bytes", "500"}});
  auto error = [&](const Bytes& bytes) { return static_cast<ErrorCode>(produce("t", 0, bytes).error_code); };
  EXPECT_EQ(error(""), ErrorCode::kCorruptMessage);
  EXPECT_EQ(error("nonsense"), ErrorCode::kCorruptMessage);
  Bytes flipped = batch({"a"});
  flipped.back() ^= 1;
  EXPECT_EQ(error(flipped), ErrorCode::kCorruptMessage);
  EXPECT_EQ(error(batch({"a"}) + batch({"b"})), ErrorCode::kInvalidRecord);
  EXPECT_EQ(error(batch({std::string(600, 'x')})), ErrorCode::kMessageTooLarge);
  EXPECT_EQ(error(batch({"a"}, {1, 0, 0, true, true})), ErrorCode::kInvalidRecord);
  EXPECT_EQ(fetch("t", 0), (std::vector<std::string>{}));
}

TEST_F(ProduceFetchTest, RefusesUnknownPlaces) {
  make_topic("t", 1);
  EXPECT_EQ(produce("t", 1, batch({"a"})).error_code, static_cast<int16_t>(ErrorCode::kUnknownTopicOrPartition));
  EXPECT_EQ(produce("u", 0, batch({"a"})).error_code, static_cast<int16_t>(ErrorCode::kUnknownTopicOrPartition));
}

TEST_F(ProduceFetchTest, StoresABatchThatIsSentAgainOnce) {
  make_topic("t", 1);
  Bytes first = batch({"a", "b"}, {7, 0, 0, false, false});
  EXPECT_EQ(produce("t", 0, first).base_offset, 0);
  EXPECT_EQ(produce("t", 0, first).base_offset, 0);
  EXPECT_EQ(produce("t", 0, batch({"d"}, {7, 0, 5, false, false})).error_code,
            static_cast<int16_t>(ErrorCode::kOutOfOrderSequenceNumber));
  EXPECT_EQ(produce("t", 0, batch({"c"}, {7, 0, 2, false, false})).base_offset, 2);
  EXPECT_EQ(fetch("t", 0), (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(ProduceFetchTest, KnowsProducersAfterARestart) {
  make_topic("t", 1);
  Bytes first = batch({"a"}, {7, 0, 0, false, false});
  produce("t", 0, first);
  broker.stop();
  broker.sim.kill();
  broker.start();
  TestClient again(broker);
  protocol::ProduceRequest request;
  request.acks = -1;
  request.topic_data.push_back({"t", {}, {{0, Records{first, {}}}}});
  auto result = again.call<protocol::Produce>(request, 9).responses[0].partition_responses[0];
  EXPECT_EQ(result.error_code, 0);
  EXPECT_EQ(result.base_offset, 0);
  EXPECT_EQ(values_of(again.call<protocol::Fetch>(fetch_request("t", 0), 11)), (std::vector<std::string>{"a"}));
}

TEST_F(ProduceFetchTest, AFetchWaitsForRecords) {
  make_topic("t", 1);
  auto request = fetch_request("t", 0);
  request.max_wait_ms = 1000;
  client.send<protocol::Fetch>(request, 11);
  EXPECT_FALSE(client.receive<protocol::Fetch>(11));
  TestClient writer(broker);
  protocol::ProduceRequest produced;
  produced.acks = 1;
  Bytes bytes = batch({"a"});
  produced.topic_data.push_back({"t", {}, {{0, Records{bytes, {}}}}});
  writer.call<protocol::Produce>(produced, 9);
  auto response = client.receive<protocol::Fetch>(11);
  ASSERT_TRUE(response);
  EXPECT_EQ(values_of(*response), (std::vector<std::string>{"a"}));
}

TEST_F(ProduceFetchTest, NoResponseWithoutAcks) {
  make_topic("t", 1);
  protocol::ProduceRequest request;
  request.acks = 0;
  Bytes bytes = batch({"a"});
  request.topic_data.push_back({"t", {}, {{0, Records{bytes, {}}}}});
  client.send<protocol::Produce>(request, 9);
  // The next response is that of the next request, which waits until the record is durable.
  auto fetching = fetch_request("t", 0);
  fetching.max_wait_ms = 1000;
  EXPECT_EQ(values_of(client.call<protocol::Fetch>(fetching, 11)), (std::vector<std::string>{"a"}));
}

TEST_F(ProduceFetchTest, CompactedTopicsWantKeys) {
  make_topic("t", 1, {{"cleanup.policy", "compact"}});
  RecordBatchBuilder builder;
  builder.add(WallTime{1'700'000'000'000}, std::nullopt, BytesView("v"));
  builder.add(WallTime{1'700'000'000'000}, BytesView("k"), BytesView("v"));
  builder.add(WallTime{1'700'000'000'000}, std::nullopt, BytesView("v"));
  std::span<char> bytes = builder.finish({});
  auto result = produce("t", 0, Bytes(bytes.data(), bytes.size()));
  EXPECT_EQ(result.error_code, static_cast<int16_t>(ErrorCode::kInvalidRecord));
  ASSERT_EQ(result.record_errors.size(), 2u);
  EXPECT_EQ(result.record_errors[0].batch_index, 0);
  EXPECT_EQ(result.record_errors[1].batch_index, 2);
}

TEST_F(ProduceFetchTest, LogAppendTimeIsTheBrokers) {
  make_topic("t", 1, {{"message.timestamp.type", "LogAppendTime"}});
  auto result = produce("t", 0, batch({"a"}));
  EXPECT_GE(result.log_append_time_ms, 1'700'000'000'000);
  auto response = client.call<protocol::Fetch>(fetch_request("t", 0), 11);
  auto stored = RecordBatchView::parse(response.responses[0].partitions[0].records->bytes);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->max_timestamp().value, result.log_append_time_ms);
}

TEST_F(ProduceFetchTest, FindsOffsets) {
  make_topic("t", 1);
  produce("t", 0, batch({"a", "b"}));
  auto find = [&](int64_t timestamp) {
    protocol::ListOffsetsRequest request;
    request.topics.push_back({"t", {{0, -1, timestamp}}});
    return client.call<protocol::ListOffsets>(request, 7).topics[0].partitions[0].offset;
  };
  EXPECT_EQ(find(-2), 0);
  EXPECT_EQ(find(-1), 2);
  EXPECT_EQ(find(1'700'000'000'000), 0);
  EXPECT_EQ(find(1'700'000'000'001), -1);
  EXPECT_EQ(find(-3), 0);
}

TEST_F(ProduceFetchTest, OutOfRangeIsSaid) {
  make_topic("t", 1);
  produce("t", 0, batch({"a"}));
  auto response = client.call<protocol::Fetch>(fetch_request("t", 9), 11);
  EXPECT_EQ(response.responses[0].partitions[0].error_code, static_cast<int16_t>(ErrorCode::kOffsetOutOfRange));
}

TEST_F(ProduceFetchTest, WhatIsTooOldIsDeleted) {
  make_topic("t", 1, {{"retention.ms", "60000"}});
  produce("t", 0, batch({"a"}));
  broker.loop.advance_ms(10 * 60'000);
  produce("t", 0, batch({"b"}));
  auto response = client.call<protocol::Fetch>(fetch_request("t", 0), 11);
  EXPECT_EQ(response.responses[0].partitions[0].error_code, static_cast<int16_t>(ErrorCode::kOffsetOutOfRange));
  EXPECT_EQ(fetch("t", 1), (std::vector<std::string>{"b"}));
}

TEST_F(ProduceFetchTest, ADeletedTopicIsGoneAndANewOneIsEmpty) {
  make_topic("t", 1);
  produce("t", 0, batch({"a"}));
  protocol::DeleteTopicsRequest request;
  request.topics.push_back({"t", {}});
  EXPECT_EQ(client.call<protocol::DeleteTopics>(request).responses[0].error_code, 0);
  EXPECT_EQ(produce("t", 0, batch({"a"})).error_code, static_cast<int16_t>(ErrorCode::kUnknownTopicOrPartition));
  make_topic("t", 1);
  EXPECT_EQ(fetch("t", 0), (std::vector<std::string>{}));
}

}  // namespace
}  // namespace leat
