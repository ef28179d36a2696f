#include <gtest/gtest.h>

#include "protocol/all.h"
#include "sim/kafka_client.h"

namespace leat {
namespace {

using protocol::ErrorCode;

int16_t code(ErrorCode error) {
  return static_cast<int16_t>(error);
}

class OffsetDeleteTest : public testing::Test {
 protected:
  OffsetDeleteTest() : client(broker) {
    for (const char* name : {"t", "u"}) {
      protocol::CreateTopicsRequest make;
      make.topics.push_back({name, 1, 1, {}, {}});
      client.call<protocol::CreateTopics>(make, 7);
      protocol::OffsetCommitRequest commit;
      commit.group_id = "g";
      commit.topics.push_back({name, {}, {{0, 5, -1, ""}}});
      client.call<protocol::OffsetCommit>(commit, 9);
    }
  }
  protocol::OffsetDeleteResponse forget(const std::string& topic, int32_t partition = 0) {
    protocol::OffsetDeleteRequest request;
    request.group_id = group;
    request.topics.push_back({topic, {{partition}}});
    return client.call<protocol::OffsetDelete>(request);
  }
  int16_t error(const std::string& topic, int32_t partition = 0) {
    return forget(topic, partition).topics[0].partitions[0].error_code;
  }
  size_t topics_with_offsets() {
    auto found = broker.broker->state().offsets().find("g");
    return found == broker.broker->state().offsets().end() ? 0 : found->second.size();
  }

  TestBroker broker;
  TestClient client;
  std::string group = "g";
};

TEST_F(OffsetDeleteTest, ForgetsWhatNobodySubscribesTo) {
  EXPECT_EQ(error("t"), 0);
  EXPECT_EQ(topics_with_offsets(), 1u);
  EXPECT_EQ(error("t", 1), code(ErrorCode::kUnknownTopicOrPartition));
  group = "other";
  EXPECT_EQ(forget("t").error_code, code(ErrorCode::kGroupIdNotFound));
}

TEST_F(OffsetDeleteTest, AMemberKeepsWhatItSubscribesTo) {
  protocol::ConsumerGroupHeartbeatRequest join;
  join.group_id = "g";
  join.member_id = "m";
  join.rebalance_timeout_ms = 1000;
  join.subscribed_topic_names = {"t"};
  join.topic_partitions.emplace();
  ASSERT_EQ(client.call<protocol::ConsumerGroupHeartbeat>(join).error_code, 0);
  EXPECT_EQ(error("t"), code(ErrorCode::kGroupSubscribedToTopic));
  EXPECT_EQ(error("u"), 0);
  EXPECT_EQ(topics_with_offsets(), 1u);
}

TEST_F(OffsetDeleteTest, ClassicMembersToo) {
  Bytes metadata;
  Encoder encoder(metadata, false);
  encoder(int16_t{0});
  encoder(std::vector<std::string>{"t"});
  encoder(std::optional<BytesView>());
  protocol::JoinGroupRequest join;
  join.group_id = "g";
  join.session_timeout_ms = join.rebalance_timeout_ms = 10'000;
  join.protocol_type = "consumer";
  join.protocols.push_back({"range", metadata});
  join.group_instance_id = "one";
  client.send<protocol::JoinGroup>(join);
  broker.loop.advance_ms(3000);
  ASSERT_EQ(client.receive<protocol::JoinGroup>()->error_code, 0);
  EXPECT_EQ(error("t"), code(ErrorCode::kGroupSubscribedToTopic));
  EXPECT_EQ(error("u"), 0);
}

}  // namespace
}  // namespace leat
