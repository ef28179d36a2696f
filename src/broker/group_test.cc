// Consumer groups of the classic protocol, through that protocol.
#include <gtest/gtest.h>

#include "broker/group/groups.h"
#include "protocol/all.h"
#include "sim/kafka_client.h"

namespace leat {
namespace {

using protocol::ErrorCode;

int16_t code(ErrorCode error) {
  return static_cast<int16_t>(error);
}

// A consumer as clients are: it comes back with the id that it is given.
class Member {
 public:
  explicit Member(TestBroker& broker, std::optional<std::string> instance = {})
      : client_(broker, "member"), instance_(std::move(instance)) {}

  protocol::JoinGroupRequest request(const std::string& metadata) const {
    protocol::JoinGroupRequest out;
    out.group_id = "g";
    out.session_timeout_ms = 10'000;
    out.rebalance_timeout_ms = 60'000;
    out.member_id = id;
    out.group_instance_id = instance_;
    out.protocol_type = "consumer";
    out.protocols.push_back({"range", metadata});
    return out;
  }
  void send_join(const std::string& metadata = "topics") {
    if (id.empty() && !instance_) {
      auto first = client_.call<protocol::JoinGroup>(request(metadata));
      EXPECT_EQ(first.error_code, code(ErrorCode::kMemberIdRequired));
      id = first.member_id;
    }
    metadata_ = metadata;
    client_.send<protocol::JoinGroup>(request(metadata_));
  }
  bool joined() {
    auto response = client_.receive<protocol::JoinGroup>();
    if (!response) return false;
    error = response->error_code;
    id = response->member_id;
    generation = response->generation_id;
    leads = response->leader == id;
    members = response->members.size();
    return true;
  }
  void send_sync(const std::map<std::string, std::string>& assignments = {}) {
    protocol::SyncGroupRequest out;
    out.group_id = "g";
    out.generation_id = generation;
    out.member_id = id;
    out.group_instance_id = instance_;
    for (const auto& [member, assignment] : assignments) out.assignments.push_back({member, assignment});
    client_.send<protocol::SyncGroup>(out);
  }
  std::string assignment() {
    auto response = client_.receive<protocol::SyncGroup>();
    if (!response) return "none";
    return response->error_code == 0 ? std::string(response->assignment) : std::to_string(response->error_code);
  }
  int16_t heartbeat() {
    protocol::HeartbeatRequest out;
    out.group_id = "g";
    out.generation_id = generation;
    out.member_id = id;
    out.group_instance_id = instance_;
    return client_.call<protocol::Heartbeat>(out).error_code;
  }
  int16_t commit(int64_t offset) {
    protocol::OffsetCommitRequest out;
    out.group_id = "g";
    out.generation_id_or_member_epoch = generation;
    out.member_id = id;
    out.group_instance_id = instance_;
    out.topics.push_back({"t", {}, {{0, offset, -1, "meta"}}});
    return client_.call<protocol::OffsetCommit>(out, 9).topics[0].partitions[0].error_code;
  }
  int64_t committed() {
    protocol::OffsetFetchRequest out;
    out.groups.push_back({"g", std::nullopt, -1, std::nullopt});
    auto response = client_.call<protocol::OffsetFetch>(out, 8);
    return response.groups[0].topics.empty() ? -1 : response.groups[0].topics[0].partitions[0].committed_offset;
  }
  void leave() {
    protocol::LeaveGroupRequest out;
    out.group_id = "g";
    out.members.push_back({id, instance_, "going"});
    EXPECT_EQ(client_.call<protocol::LeaveGroup>(out).error_code, 0);
  }
  void make_topic() {
    protocol::MetadataRequest metadata;
    metadata.topics.emplace().push_back({{}, "t"});
    client_.call<protocol::Metadata>(metadata);
  }

  std::string id;
  int32_t generation = -1;
  int16_t error = 0;
  bool leads = false;
  size_t members = 0;

 private:
  TestClient client_;
  std::optional<std::string> instance_;
  std::string metadata_;
};

class GroupTest : public testing::Test {
 protected:
  // Both in one generation, with what the leader gave them.
  void form(Member& a, Member& b) {
    a.send_join();
    b.send_join();
    broker.loop.advance_ms(3000);
    ASSERT_TRUE(a.joined());
    ASSERT_TRUE(b.joined());
    share(a, b);
  }
  void share(Member& a, Member& b) {
    ASSERT_NE(a.leads, b.leads);
    Member &leader = a.leads ? a : b, &other = a.leads ? b : a;
    EXPECT_EQ(leader.members, 2u);
    other.send_sync();
    leader.send_sync({{a.id, "for a"}, {b.id, "for b"}});
    EXPECT_EQ(a.assignment(), "for a");
    EXPECT_EQ(b.assignment(), "for b");
  }

  TestBroker broker;
};

TEST_F(GroupTest, MembersOfAGenerationGetWhatTheLeaderGivesThem) {
  Member a(broker), b(broker);
  form(a, b);
  EXPECT_EQ(a.generation, b.generation);
  EXPECT_EQ(a.heartbeat(), 0);
  EXPECT_EQ(b.heartbeat(), 0);
}

TEST_F(GroupTest, AnEmptyGroupWaitsForMoreMembers) {
  Member a(broker), b(broker);
  a.send_join();
  broker.loop.advance_ms(2999);
  EXPECT_FALSE(a.joined());
  b.send_join();  // Gives the others some more time.
  broker.loop.advance_ms(2000);
  EXPECT_FALSE(a.joined());
  broker.loop.advance_ms(1000);
  EXPECT_TRUE(a.joined());
  EXPECT_TRUE(b.joined());
  EXPECT_EQ(a.generation, b.generation);
}

TEST_F(GroupTest, ANewMemberMakesTheOthersRejoin) {
  Member a(broker), b(broker);
  a.send_join();
  broker.loop.advance_ms(3000);
  ASSERT_TRUE(a.joined());
  a.send_sync({{a.id, "all"}});
  EXPECT_EQ(a.assignment(), "all");
  b.send_join();
  EXPECT_FALSE(b.joined());
  EXPECT_EQ(a.heartbeat(), code(ErrorCode::kRebalanceInProgress));
  a.send_join();
  ASSERT_TRUE(a.joined());
  ASSERT_TRUE(b.joined());
  share(a, b);
}

TEST_F(GroupTest, WhoDoesNotRejoinInTimeIsOut) {
  Member a(broker), b(broker), c(broker);
  form(a, b);
  c.send_join();
  a.send_join();
  for (int second = 0; second < 60; ++second) {
    broker.loop.advance_ms(1000);
    if (second < 59) {
      EXPECT_FALSE(c.joined());
    }
    b.heartbeat();  // Alive, and busy with something else.
  }
  EXPECT_TRUE(a.joined());
  EXPECT_TRUE(c.joined());
  EXPECT_EQ(b.heartbeat(), code(ErrorCode::kUnknownMemberId));
}

TEST_F(GroupTest, WhoIsSilentForASessionIsOut) {
  Member a(broker), b(broker);
  form(a, b);
  for (int second = 0; second < 12; ++second) {
    broker.loop.advance_ms(1000);
    a.heartbeat();
  }
  EXPECT_EQ(a.heartbeat(), code(ErrorCode::kRebalanceInProgress));
  EXPECT_EQ(b.heartbeat(), code(ErrorCode::kUnknownMemberId));
}

TEST_F(GroupTest, WhoLeavesIsOutAtOnce) {
  Member a(broker), b(broker);
  form(a, b);
  b.leave();
  EXPECT_EQ(a.heartbeat(), code(ErrorCode::kRebalanceInProgress));
  a.send_join();
  EXPECT_TRUE(a.joined());
  EXPECT_TRUE(a.leads);
}

TEST_F(GroupTest, OffsetsAreForMembersOfTheGeneration) {
  Member a(broker), b(broker);
  a.make_topic();
  form(a, b);
  EXPECT_EQ(a.commit(5), 0);
  EXPECT_EQ(b.committed(), 5);
  int32_t now = a.generation;
  a.generation = now - 1;
  EXPECT_EQ(a.commit(6), code(ErrorCode::kIllegalGeneration));
  a.generation = now;
  a.id += "?";
  EXPECT_EQ(a.commit(6), code(ErrorCode::kUnknownMemberId));
  EXPECT_EQ(b.committed(), 5);
}

TEST_F(GroupTest, AGenerationAndItsOffsetsOutliveTheBroker) {
  int32_t generation = 0;
  std::string id;
  {
    Member a(broker);
    a.make_topic();
    a.send_join();
    broker.loop.advance_ms(3000);
    ASSERT_TRUE(a.joined());
    a.send_sync({{a.id, "all"}});
    EXPECT_EQ(a.assignment(), "all");
    EXPECT_EQ(a.commit(7), 0);
    generation = a.generation;
    id = a.id;
  }
  broker.stop();
  broker.sim.lose_power();
  broker.start();
  Member again(broker);
  again.id = id;
  again.generation = generation;
  EXPECT_EQ(again.heartbeat(), 0);
  EXPECT_EQ(again.committed(), 7);
}

TEST_F(GroupTest, AStaticMemberTakesItsPlaceAgain) {
  Member a(broker, "one");
  a.send_join();
  broker.loop.advance_ms(3000);
  ASSERT_TRUE(a.joined());
  a.send_sync({{a.id, "all"}});
  EXPECT_EQ(a.assignment(), "all");
  Member again(broker, "one");
  again.send_join();
  ASSERT_TRUE(again.joined());
  EXPECT_EQ(again.generation, a.generation);  // Nobody had to rejoin.
  EXPECT_NE(again.id, a.id);
  again.send_sync();
  EXPECT_EQ(again.assignment(), "all");
  EXPECT_EQ(a.heartbeat(), code(ErrorCode::kFencedInstanceId));
}

// franz-go and others put into their metadata what they own; a client that was started again owns nothing.
TEST_F(GroupTest, AStaticMemberThatSaysSomethingElseTakesItsPlaceAgain) {
  Member a(broker, "one");
  a.send_join();
  broker.loop.advance_ms(3000);
  ASSERT_TRUE(a.joined());
  a.send_sync({{a.id, "all"}});
  EXPECT_EQ(a.assignment(), "all");
  TestClient client(broker);
  std::string something_else = "says something else";  // The request points into it.
  protocol::JoinGroupRequest request = a.request(something_else);
  request.member_id = "";
  auto again = client.call<protocol::JoinGroup>(request);
  EXPECT_EQ(again.error_code, 0);
  EXPECT_EQ(again.generation_id, a.generation);
  EXPECT_TRUE(again.skip_assignment);
}

TEST_F(GroupTest, AProtocolThatTheOthersDoNotKnowIsRefused) {
  Member a(broker), b(broker);
  form(a, b);
  TestClient client(broker);
  std::string topics = "x";
  protocol::JoinGroupRequest request = a.request(topics);
  request.member_id = "";
  request.protocols = {{"roundrobin", "x"}};
  EXPECT_EQ(client.call<protocol::JoinGroup>(request).error_code, code(ErrorCode::kInconsistentGroupProtocol));
  request.protocols = {{"range", "x"}};
  request.session_timeout_ms = 1;
  EXPECT_EQ(client.call<protocol::JoinGroup>(request).error_code, code(ErrorCode::kInvalidSessionTimeout));
  request.group_id = "";
  request.session_timeout_ms = 10'000;
  EXPECT_EQ(client.call<protocol::JoinGroup>(request).error_code, code(ErrorCode::kInvalidGroupId));
}

}  // namespace
}  // namespace leat
