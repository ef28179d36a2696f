// Share groups (KIP-932), through their protocol.
#include <gtest/gtest.h>

#include "broker/group/groups.h"
#include "log/record_batch_builder.h"
#include "log/record_reader.h"
#include "protocol/all.h"
#include "sim/kafka_client.h"

namespace leat {
namespace {

using protocol::ErrorCode;
using Fetch = protocol::ShareFetchRequest;
using Given = std::vector<std::tuple<int64_t, int64_t, int16_t>>;  // First, last, deliveries.

constexpr int8_t kAccept = 1, kRelease = 2, kReject = 3, kRenew = 4;

int16_t code(ErrorCode error) {
  return static_cast<int16_t>(error);
}

class Sharer {
 public:
  Sharer(TestBroker& broker, std::string name) : id(std::move(name)), broker_(broker), client_(broker, id) {}

  int16_t beat(int32_t with_epoch, std::optional<std::vector<std::string>> topics = {}) {
    protocol::ShareGroupHeartbeatRequest request;
    request.group_id = "s";
    request.member_id = id;
    request.member_epoch = with_epoch;
    request.subscribed_topic_names = std::move(topics);
    auto response = client_.call<protocol::ShareGroupHeartbeat>(request);
    if (response.error_code != 0) return response.error_code;
    epoch = response.member_epoch;
    if (response.assignment) assigned = response.assignment->topic_partitions;
    return 0;
  }
  int16_t join() { return beat(0, std::vector<std::string>{"t"}); }

  Fetch request(int32_t max_records) {
    Fetch out;
    out.group_id = "s";
    out.member_id = id;
    out.share_session_epoch = session;
    out.max_bytes = 1 << 20;
    out.max_records = max_records;
    out.topics.push_back({topic(), {{0, {}}}});
    return out;
  }
  // What it is given, at once.
  Given fetch(int32_t max_records = 100) { return take(client_.call<protocol::ShareFetch>(request(max_records))); }
  void send_fetch(int32_t wait_ms) {
    Fetch out = request(100);
    out.max_wait_ms = wait_ms;
    client_.send<protocol::ShareFetch>(out);
  }
  std::optional<Given> receive() {
    auto response = client_.receive<protocol::ShareFetch>();
    if (!response) return std::nullopt;
    return take(*response);
  }
  Given take(const protocol::ShareFetchResponse& response) {
    Given out;
    error = response.error_code;
    if (error != 0) return out;
    session = session == -1 ? 0 : session + 1;
    for (const auto& each : response.responses) {
      for (const auto& partition : each.partitions) {
        error = partition.error_code;
        records += partition.records.size();
        for (const auto& range : partition.acquired_records) {
          out.emplace_back(range.first_offset, range.last_offset, range.delivery_count);
        }
      }
    }
    return out;
  }
  int16_t acknowledge(int64_t first, int64_t last, int8_t type) {
    protocol::ShareAcknowledgeRequest out;
    out.group_id = "s";
    out.member_id = id;
    out.share_session_epoch = session;
    out.topics.push_back({topic(), {{0, {{first, last, {type}}}}}});
    auto response = client_.call<protocol::ShareAcknowledge>(out);
    if (response.error_code != 0) return response.error_code;
    ++session;
    return response.responses[0].partitions[0].error_code;
  }
  Uuid topic() const { return broker_.broker->state().topic("t")->id; }
  TestClient& client() { return client_; }

  std::string id;
  int32_t epoch = 0, session = 0;
  int16_t error = 0;
  uint64_t records = 0;
  std::vector<protocol::ShareGroupHeartbeatResponse::TopicPartitions> assigned;

 private:
  TestBroker& broker_;
  TestClient client_;
};

class ShareGroupTest : public testing::Test {
 protected:
  ShareGroupTest() {
    admin = std::make_unique<TestClient>(broker, "admin");
    set_config("share.auto.offset.reset", "earliest");
    protocol::CreateTopicsRequest request;
    request.topics.push_back({"t", 1, 1, {}, {}});
    EXPECT_EQ(admin->call<protocol::CreateTopics>(request, 7).topics[0].error_code, 0);
  }
  void set_config(const std::string& name, const std::string& value) {
    constexpr int8_t kGroup = 32, kSet = 0;
    protocol::IncrementalAlterConfigsRequest request;
    request.resources.push_back({kGroup, "s", {{name, kSet, value}}});
    ASSERT_EQ(admin->call<protocol::IncrementalAlterConfigs>(request).responses[0].error_code, 0);
  }
  void produce(int count, int32_t partition = 0) {
    RecordBatchBuilder builder;
    for (int i = 0; i < count; ++i) builder.add(broker.broker->wall(), std::nullopt, BytesView("value"));
    auto finished = builder.finish({});
    Bytes batch(finished.data(), finished.size());
    protocol::ProduceRequest request;
    request.acks = -1;
    request.timeout_ms = 1000;
    auto& topic = request.topic_data.emplace_back();
    topic.name = "t";
    topic.partition_data.push_back({partition, Records{batch, {}}});
    EXPECT_EQ(admin->call<protocol::Produce>(request, 9).responses[0].partition_responses[0].error_code, 0);
  }
  const ShareProgress& progress() { return *broker.broker->state().share_progress("s", {"t", PartitionId{0}}); }
  void restart() {
    admin.reset();
    broker.stop();
    broker.sim.lose_power();
    broker.start();
    admin = std::make_unique<TestClient>(broker, "admin");
  }

  TestBroker broker;
  std::unique_ptr<TestClient> admin;
};

TEST_F(ShareGroupTest, MembersShareAPartition) {
  produce(10);
  produce(10);
  Sharer a(broker, "a"), b(broker, "b");
  EXPECT_EQ(a.join(), 0);
  EXPECT_EQ(b.join(), 0);
  EXPECT_EQ(a.beat(a.epoch), 0);
  EXPECT_EQ(a.epoch, 2);
  ASSERT_EQ(a.assigned.size(), 1u);
  EXPECT_EQ(a.assigned[0].partitions, b.assigned[0].partitions);
  EXPECT_EQ(a.fetch(5), (Given{{0, 9, 1}}));  // As whole batches.
  EXPECT_GT(a.records, 0u);
  EXPECT_EQ(b.fetch(), (Given{{10, 19, 1}}));
  EXPECT_EQ(a.fetch(), Given());
  EXPECT_EQ(a.acknowledge(0, 9, kAccept), 0);
  EXPECT_EQ(a.acknowledge(10, 11, kAccept), code(ErrorCode::kInvalidRecordState));
  EXPECT_EQ(progress().start(), 10);
  EXPECT_EQ(b.acknowledge(10, 19, kAccept), 0);
  EXPECT_EQ(progress().start(), 20);
}

TEST_F(ShareGroupTest, BeginsInOnePartitionAfterAnother) {
  protocol::CreatePartitionsRequest more;
  more.topics.push_back({"t", 2, {}});
  ASSERT_EQ(admin->call<protocol::CreatePartitions>(more).results[0].error_code, 0);
  produce(10, 0);
  produce(7, 1);
  Sharer a(broker, "a");
  ASSERT_EQ(a.join(), 0);
  Fetch both = a.request(100);
  both.topics[0].partitions.push_back({1, {}});
  EXPECT_EQ(a.take(a.client().call<protocol::ShareFetch>(both)), (Given{{0, 9, 1}}));
  EXPECT_EQ(a.fetch(), (Given{{0, 6, 1}}));
  produce(3, 0);
  produce(2, 1);
  EXPECT_EQ(a.fetch(), (Given{{10, 12, 1}, {7, 8, 1}}));
}

TEST_F(ShareGroupTest, NoMoreThanAskedIfSo) {
  produce(10);
  Sharer a(broker, "a");
  a.join();
  Fetch request = a.request(3);
  request.share_acquire_mode = 1;
  EXPECT_EQ(a.take(a.client().call<protocol::ShareFetch>(request)), (Given{{0, 2, 1}}));
}

TEST_F(ShareGroupTest, ARecordThatIsGivenOutTooOftenIsArchivedAndCounted) {
  produce(1);
  Sharer a(broker, "a");
  a.join();
  for (int16_t delivery = 1; delivery <= 5; ++delivery) {
    EXPECT_EQ(a.fetch(), (Given{{0, 0, delivery}}));
    EXPECT_EQ(a.acknowledge(0, 0, kRelease), 0);
  }
  EXPECT_EQ(a.fetch(), Given());
  EXPECT_EQ(progress().exhausted(), 1);
  produce(1);
  EXPECT_EQ(a.fetch(), (Given{{1, 1, 1}}));
  EXPECT_EQ(a.acknowledge(1, 1, kReject), 0);
  EXPECT_EQ(progress().exhausted(), 1);
  EXPECT_EQ(progress().start(), 2);
}

TEST_F(ShareGroupTest, ALockEndsAndMayBeRenewed) {
  produce(1);
  Sharer a(broker, "a"), b(broker, "b");
  a.join();
  b.join();
  EXPECT_EQ(a.fetch(), (Given{{0, 0, 1}}));
  broker.loop.advance_ms(20'000);
  EXPECT_EQ(a.acknowledge(0, 0, kRenew), 0);
  broker.loop.advance_ms(20'000);
  for (Sharer* each : {&a, &b}) EXPECT_EQ(each->beat(each->epoch), 0);
  EXPECT_EQ(b.fetch(), Given());
  b.send_fetch(30'000);
  EXPECT_EQ(b.receive(), std::nullopt);
  broker.loop.advance_ms(10'000);
  EXPECT_EQ(b.receive(), (Given{{0, 0, 2}}));
  EXPECT_EQ(a.acknowledge(0, 0, kAccept), code(ErrorCode::kInvalidRecordState));
}

TEST_F(ShareGroupTest, AFetchWaitsForRecords) {
  Sharer a(broker, "a");
  a.join();
  a.send_fetch(1000);
  EXPECT_EQ(a.receive(), std::nullopt);
  produce(2);
  EXPECT_EQ(a.receive(), (Given{{0, 1, 1}}));
  a.send_fetch(1000);
  broker.loop.advance_ms(1000);
  EXPECT_EQ(a.receive(), Given());
}

TEST_F(ShareGroupTest, AcknowledgementsTravelWithAFetch) {
  produce(2);
  Sharer a(broker, "a");
  a.join();
  EXPECT_EQ(a.fetch(), (Given{{0, 1, 1}}));
  Fetch request = a.request(100);
  request.topics[0].partitions[0].acknowledgement_batches.push_back({0, 1, {kAccept, kRelease}});
  EXPECT_EQ(a.take(a.client().call<protocol::ShareFetch>(request)), (Given{{1, 1, 2}}));
  EXPECT_EQ(progress().start(), 1);
}

TEST_F(ShareGroupTest, SessionsAreChecked) {
  produce(1);
  Sharer a(broker, "a");
  EXPECT_EQ(a.fetch(), Given());
  EXPECT_EQ(a.error, code(ErrorCode::kGroupIdNotFound));
  a.join();
  a.session = 1;
  a.fetch();
  EXPECT_EQ(a.error, code(ErrorCode::kShareSessionNotFound));
  a.session = 0;
  EXPECT_EQ(a.fetch(), (Given{{0, 0, 1}}));
  a.session = 7;
  a.fetch();
  EXPECT_EQ(a.error, code(ErrorCode::kInvalidShareSessionEpoch));
  a.session = -1;  // Whoever closes gives back what it holds, and that was no delivery.
  EXPECT_EQ(a.fetch(), Given());
  EXPECT_EQ(a.session, 0);
  EXPECT_EQ(a.fetch(), (Given{{0, 0, 1}}));
}

TEST_F(ShareGroupTest, WhoIsGoneHoldsNothing) {
  produce(1);
  Sharer b(broker, "b");
  b.join();
  {
    Sharer a(broker, "a");
    a.join();
    EXPECT_EQ(a.fetch(), (Given{{0, 0, 1}}));
    EXPECT_EQ(b.fetch(), Given());
  }  // Its connection is closed.
  EXPECT_EQ(b.fetch(), (Given{{0, 0, 1}}));
}

TEST_F(ShareGroupTest, WhoHasLeftMayStillAcknowledge) {
  produce(2);
  Sharer a(broker, "a");
  a.join();
  EXPECT_EQ(a.fetch(), (Given{{0, 1, 1}}));
  EXPECT_EQ(a.beat(-1), 0);
  a.session = -1;
  EXPECT_EQ(a.acknowledge(0, 1, kAccept), 0);
  EXPECT_EQ(progress().start(), 2);
}

TEST_F(ShareGroupTest, HowFarItCameOutlivesTheBroker) {
  produce(3);
  {
    Sharer a(broker, "a");
    a.join();
    EXPECT_EQ(a.fetch(), (Given{{0, 2, 1}}));
    EXPECT_EQ(a.acknowledge(1, 1, kAccept), 0);
    restart();
  }
  Sharer a(broker, "a");
  EXPECT_EQ(a.join(), 0);
  EXPECT_EQ(a.fetch(), (Given{{0, 0, 2}, {2, 2, 2}}));
}

TEST_F(ShareGroupTest, AdministratorsSeeAndMoveIt) {
  produce(4);
  Sharer a(broker, "a");
  a.join();
  a.fetch();
  a.acknowledge(1, 1, kAccept);
  protocol::ShareGroupDescribeRequest describe;
  describe.group_ids = {"s", "no"};
  auto described = admin->call<protocol::ShareGroupDescribe>(describe);
  EXPECT_EQ(described.groups[0].group_state, "Stable");
  EXPECT_EQ(described.groups[0].members[0].assignment.topic_partitions[0].topic_name, "t");
  EXPECT_EQ(described.groups[1].error_code, code(ErrorCode::kGroupIdNotFound));
  EXPECT_EQ(admin->call<protocol::ListGroups>({{}, {"share"}}).groups.size(), 1u);
  protocol::DescribeShareGroupOffsetsRequest where;
  where.groups.push_back({"s", std::nullopt});
  auto partition = admin->call<protocol::DescribeShareGroupOffsets>(where).groups[0].topics[0].partitions[0];
  EXPECT_EQ(partition.start_offset, 0);
  EXPECT_EQ(partition.lag, 3);
  protocol::AlterShareGroupOffsetsRequest move;
  move.group_id = "s";
  move.topics.push_back({"t", {{0, 2}}});
  EXPECT_EQ(admin->call<protocol::AlterShareGroupOffsets>(move).error_code, code(ErrorCode::kNonEmptyGroup));
  a.beat(-1);
  EXPECT_EQ(admin->call<protocol::AlterShareGroupOffsets>(move).responses[0].partitions[0].error_code, 0);
  Sharer b(broker, "b");
  b.join();
  EXPECT_EQ(b.fetch(), (Given{{2, 3, 1}}));
  b.beat(-1);
  protocol::DeleteShareGroupOffsetsRequest forget;
  forget.group_id = "s";
  forget.topics.push_back({"t"});
  EXPECT_EQ(admin->call<protocol::DeleteShareGroupOffsets>(forget).responses[0].error_code, 0);
  EXPECT_TRUE(admin->call<protocol::DescribeShareGroupOffsets>(where).groups[0].topics.empty());
}

TEST_F(ShareGroupTest, OtherKindsOfGroupsKeepAway) {
  Sharer a(broker, "a");
  a.join();
  protocol::JoinGroupRequest join;
  join.group_id = "s";
  join.session_timeout_ms = 10'000;
  join.protocol_type = "consumer";
  join.protocols.push_back({"range", ""});
  EXPECT_EQ(admin->call<protocol::JoinGroup>(join).error_code, code(ErrorCode::kInconsistentGroupProtocol));
  protocol::ConsumerGroupHeartbeatRequest consumer;
  consumer.group_id = "s";
  consumer.member_id = "c";
  consumer.rebalance_timeout_ms = 1000;
  consumer.subscribed_topic_names = {"t"};
  consumer.topic_partitions.emplace();
  EXPECT_EQ(admin->call<protocol::ConsumerGroupHeartbeat>(consumer).error_code, code(ErrorCode::kGroupIdNotFound));
  broker.loop.advance_ms(45'000);
  EXPECT_EQ(a.beat(a.epoch), code(ErrorCode::kUnknownMemberId));
}

}  // namespace
}  // namespace leat
