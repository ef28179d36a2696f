// Fetch sessions (KIP-227), through Kafka's protocol.
#include <gtest/gtest.h>

#include "broker/fetch/fetch_sessions.h"
#include "log/record_batch_builder.h"
#include "protocol/all.h"
#include "sim/kafka_client.h"

namespace leat {
namespace {

using protocol::ErrorCode;
using Response = protocol::FetchResponse;

constexpr int16_t kVersion = 12;

class FetchSessionTest : public testing::Test {
 protected:
  void SetUp() override {
    protocol::CreateTopicsRequest request;
    request.topics.push_back({"t", 3, 1, {}, {}});
    ASSERT_EQ(client.call<protocol::CreateTopics>(request).topics[0].error_code, 0);
  }
  void produce(int32_t partition, const std::string& value) {
    RecordBatchBuilder builder;
    builder.add(WallTime{1'700'000'000'000}, BytesView("key"), BytesView(value));
    std::span<char> bytes = builder.finish({});
    protocol::ProduceRequest request;
    request.acks = -1;
    request.topic_data.push_back({"t", {}, {{partition, Records{{bytes.data(), bytes.size()}, {}}}}});
    auto response = client.call<protocol::Produce>(request, 9);
    ASSERT_EQ(response.responses[0].partition_responses[0].error_code, 0);
  }
  // Partitions, and from where.
  Response fetch(int32_t session, int32_t epoch, const std::map<int32_t, int64_t>& from,
                 const std::vector<int32_t>& forgotten = {}) {
    protocol::FetchRequest request;
    request.session_id = session;
    request.session_epoch = epoch;
    if (!from.empty()) request.topics.push_back({"t", {}, {}});
    for (const auto& [partition, offset] : from) {
      auto& asked = request.topics[0].partitions.emplace_back();
      asked.partition = partition;
      asked.fetch_offset = offset;
      asked.partition_max_bytes = 1 << 20;
    }
    if (!forgotten.empty()) request.forgotten_topics_data.push_back({"t", {}, forgotten});
    return client.call<protocol::Fetch>(request, kVersion);
  }
  static std::vector<int32_t> partitions(const Response& response) {
    std::vector<int32_t> out;
    for (const auto& topic : response.responses) {
      for (const auto& partition : topic.partitions) out.push_back(partition.partition_index);
    }
    return out;
  }
  static ErrorCode error(const Response& response) { return static_cast<ErrorCode>(response.error_code); }

  TestBroker broker;
  TestClient client{broker};
};

TEST_F(FetchSessionTest, TellsOnlyOfWhatChanged) {
  auto first = fetch(0, 0, {{0, 0}, {1, 0}, {2, 0}});
  ASSERT_NE(first.session_id, 0);
  EXPECT_EQ(partitions(first), (std::vector<int32_t>{0, 1, 2}));
  auto quiet = fetch(first.session_id, 1, {});
  EXPECT_EQ(quiet.session_id, first.session_id);
  EXPECT_EQ(partitions(quiet), (std::vector<int32_t>{}));
  produce(1, "a");
  EXPECT_EQ(partitions(fetch(first.session_id, 2, {})), (std::vector<int32_t>{1}));
  EXPECT_EQ(partitions(fetch(first.session_id, 3, {})), (std::vector<int32_t>{1})) << "it did not get on";
  EXPECT_EQ(partitions(fetch(first.session_id, 4, {{1, 1}})), (std::vector<int32_t>{}));
}

TEST_F(FetchSessionTest, PartitionsComeAndGo) {
  int32_t id = fetch(0, 0, {{0, 0}}).session_id;
  EXPECT_EQ(partitions(fetch(id, 1, {{2, 0}})), (std::vector<int32_t>{2}));
  produce(0, "a");
  produce(2, "b");
  EXPECT_EQ(partitions(fetch(id, 2, {}, {0})), (std::vector<int32_t>{2}));
  // An empty session ends.
  EXPECT_EQ(fetch(id, 3, {}, {2}).session_id, 0);
  EXPECT_EQ(error(fetch(id, 4, {})), ErrorCode::kFetchSessionIdNotFound);
}

TEST_F(FetchSessionTest, RefusesWrongIdsAndEpochs) {
  int32_t id = fetch(0, 0, {{0, 0}}).session_id;
  EXPECT_EQ(error(fetch(id + 1, 1, {})), ErrorCode::kFetchSessionIdNotFound);
  EXPECT_EQ(error(fetch(id, 2, {})), ErrorCode::kInvalidFetchSessionEpoch);
  EXPECT_EQ(error(fetch(id, 1, {})), ErrorCode::kNone);
  EXPECT_EQ(error(fetch(id, 1, {})), ErrorCode::kInvalidFetchSessionEpoch);
  // A new one ends the old one.
  int32_t next = fetch(id, 0, {{0, 0}}).session_id;
  EXPECT_EQ(error(fetch(id, 2, {})), ErrorCode::kFetchSessionIdNotFound);
  EXPECT_EQ(fetch(next, -1, {{0, 0}}).session_id, 0);
  EXPECT_EQ(error(fetch(next, 1, {})), ErrorCode::kFetchSessionIdNotFound);
}

TEST_F(FetchSessionTest, AnErrorIsToldAndThenThatAllIsWell) {
  int32_t id = fetch(0, 0, {{0, 0}, {1, 7}}).session_id;
  EXPECT_EQ(partitions(fetch(id, 1, {})), (std::vector<int32_t>{1}));
  EXPECT_EQ(partitions(fetch(id, 2, {{1, 0}})), (std::vector<int32_t>{1}));
  EXPECT_EQ(partitions(fetch(id, 3, {})), (std::vector<int32_t>{}));
}

TEST_F(FetchSessionTest, TheNextFetchBeginsWithThoseThatGotNothing) {
  produce(0, "a");
  produce(1, "b");
  int32_t id = fetch(0, 0, {{0, 0}, {1, 0}}).session_id;
  EXPECT_EQ(partitions(fetch(id, 1, {{2, 0}})), (std::vector<int32_t>{0, 1, 2}));
  produce(2, "c");
  EXPECT_EQ(partitions(fetch(id, 2, {})), (std::vector<int32_t>{2, 0, 1}));
}

FetchSession session_of(int32_t partitions) {
  protocol::FetchRequest request;
  request.topics.push_back({"t", {}, {}});
  for (int32_t index = 0; index < partitions; ++index) request.topics[0].partitions.emplace_back().partition = index;
  FetchSession out(false);
  out.update(request);
  return out;
}

TEST(FetchSessions, AreBounded) {
  constexpr int64_t kMinute = 60LL * 1'000'000'000;
  uint64_t next = 0;
  FetchSessions sessions(2, [&next] { return ++next; });
  auto a = sessions.add(session_of(2), Instant{0});
  auto b = sessions.add(session_of(5), Instant{0});
  EXPECT_EQ(sessions.add(session_of(9), Instant{kMinute}), nullptr) << "the others are young";
  sessions.touch(*a, Instant{2 * kMinute});
  sessions.touch(*b, Instant{2 * kMinute});
  EXPECT_EQ(sessions.add(session_of(1), Instant{3 * kMinute}), nullptr) << "smaller than any";
  auto c = sessions.add(session_of(3), Instant{3 * kMinute});
  ASSERT_NE(c, nullptr);
  EXPECT_EQ(sessions.find(a->id), nullptr);
  EXPECT_NE(sessions.find(b->id), nullptr);
  EXPECT_NE(sessions.add(session_of(1), Instant{5 * kMinute}), nullptr) << "b was idle";
  EXPECT_EQ(sessions.find(b->id), nullptr);
  EXPECT_EQ(sessions.size(), 2U);
}

}  // namespace
}  // namespace leat
