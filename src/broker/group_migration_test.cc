// Groups that change between the classic protocol and KIP-848 while they have members, through both protocols.
#include <gtest/gtest.h>

#include "broker/group/groups.h"
#include "explain/consumer_protocol.h"
#include "protocol/all.h"
#include "sim/kafka_client.h"

namespace leat {
namespace {

using protocol::ErrorCode;
using Partitions = std::set<int32_t>;

constexpr int16_t kOk = 0;

int16_t code(ErrorCode error) {
  return static_cast<int16_t>(error);
}

void make_topic(TestBroker& broker, int32_t partitions) {
  TestClient client(broker);
  protocol::CreateTopicsRequest request;
  request.topics.push_back({"t", partitions, 1, {}, {}});
  ASSERT_EQ(client.call<protocol::CreateTopics>(request, 7).topics[0].error_code, 0);
}

// A consumer of the classic protocol with a cooperative assignor (KIP-429). As a leader it gives `plan` out, or all to
// itself.
class Classic {
 public:
  Classic(TestBroker& broker, const std::string& name, std::string instance = {})
      : client_(broker, name), instance_(std::move(instance)) {}

  int16_t join() {
    if (int16_t error = ask_to_join()) return error;
    return finish();
  }
  int16_t ask_to_join() {
    protocol::JoinGroupRequest request;
    request.group_id = "g";
    request.session_timeout_ms = session_ms;
    request.rebalance_timeout_ms = 60'000;
    request.member_id = id;
    if (!instance_.empty()) request.group_instance_id = instance_;
    request.protocol_type = "consumer";
    Bytes metadata = subscription();
    request.protocols.push_back({"cooperative-sticky", metadata});
    if (id.empty() && instance_.empty()) {
      auto first = client_.call<protocol::JoinGroup>(request);
      if (first.error_code != code(ErrorCode::kMemberIdRequired)) return first.error_code;
      id = request.member_id = first.member_id;
    }
    client_.send<protocol::JoinGroup>(request);
    return kOk;
  }
  int16_t finish() {
    auto joined = client_.receive<protocol::JoinGroup>();
    if (!joined) return -99;
    if (joined->error_code != kOk) return joined->error_code;
    id = joined->member_id;
    generation = joined->generation_id;
    leads = joined->leader == id;
    protocol::SyncGroupRequest request;
    request.group_id = "g";
    request.member_id = id;
    request.generation_id = generation;
    if (!instance_.empty()) request.group_instance_id = instance_;
    request.protocol_type = "consumer";
    request.protocol_name = joined->protocol_name;
    std::map<std::string, Bytes> given;
    if (leads && plan.empty()) plan[id] = {0, 1, 2, 3};
    for (const auto& [member, partitions] : plan) {
      given[member] = encode_assignment({{"t", {partitions.begin(), partitions.end()}}}, 1);
      if (leads) request.assignments.push_back({member, given[member]});
    }
    auto synced = client_.call<protocol::SyncGroup>(request);
    if (synced.error_code != kOk) return synced.error_code;
    auto assigned = decode_assignment(synced.assignment);
    EXPECT_TRUE(assigned);
    owned.clear();
    for (int32_t each : (*assigned)["t"]) owned.insert(each);
    return kOk;
  }
  int16_t beat() {
    protocol::HeartbeatRequest request;
    request.group_id = "g";
    request.member_id = id;
    request.generation_id = generation;
    if (!instance_.empty()) request.group_instance_id = instance_;
    return client_.call<protocol::Heartbeat>(request).error_code;
  }
  int16_t leave() {
    protocol::LeaveGroupRequest request;
    request.group_id = "g";
    request.members.push_back({id, std::nullopt, std::nullopt});
    return client_.call<protocol::LeaveGroup>(request).members[0].error_code;
  }
  int16_t commit(int64_t offset) {
    protocol::OffsetCommitRequest request;
    request.group_id = "g";
    request.generation_id_or_member_epoch = generation;
    request.member_id = id;
    request.topics.push_back({"t", {}, {{0, offset, -1, ""}}});
    return client_.call<protocol::OffsetCommit>(request, 8).topics[0].partitions[0].error_code;
  }

  std::string id;
  int32_t generation = -1, session_ms = 10'000;
  bool leads = false;
  Partitions owned;
  std::map<std::string, Partitions> plan;

 private:
  Bytes subscription() const {
    Bytes out;
    Encoder encoder(out, false);
    encoder(int16_t{1});
    encoder(std::vector<std::string>{"t"});
    encoder(std::optional<BytesView>());
    encoder(static_cast<int32_t>(owned.empty() ? 0 : 1));
    if (!owned.empty()) {
      encoder(std::string("t"));
      encoder(std::vector<int32_t>(owned.begin(), owned.end()));
    }
    return out;
  }

  TestClient client_;
  std::string instance_;
};

// A consumer of KIP-848. It owns what it is given at once.
class Modern {
 public:
  Modern(TestBroker& broker, std::string name, std::string instance = {})
      : id(std::move(name)), client_(broker, id), instance_(std::move(instance)) {}

  int16_t join() { return send(0); }
  int16_t beat() { return send(epoch); }
  int16_t leave() { return send(-1); }

  std::string id, message;
  int32_t epoch = 0;
  Partitions owned;

 private:
  int16_t send(int32_t with_epoch) {
    protocol::ConsumerGroupHeartbeatRequest request;
    request.group_id = "g";
    request.member_id = id;
    request.member_epoch = with_epoch;
    if (!instance_.empty()) request.instance_id = instance_;
    if (with_epoch == 0) {
      owned.clear();
      request.rebalance_timeout_ms = 60'000;
      request.subscribed_topic_names = std::vector<std::string>{"t"};
    }
    if (with_epoch >= 0) request.topic_partitions.emplace();
    if (with_epoch >= 0 && !owned.empty()) request.topic_partitions->push_back({topic_, {owned.begin(), owned.end()}});
    auto response = client_.call<protocol::ConsumerGroupHeartbeat>(request, 1);
    message = response.error_message.value_or("");
    if (response.error_code != kOk) return response.error_code;
    epoch = response.member_epoch;
    if (!response.assignment) return kOk;
    owned.clear();
    for (const auto& topic : response.assignment->topic_partitions) {
      topic_ = topic.topic_id;
      owned.insert(topic.partitions.begin(), topic.partitions.end());
    }
    return kOk;
  }

  TestClient client_;
  std::string instance_;
  Uuid topic_;
};

class GroupMigration : public testing::Test {
 protected:
  GroupMigration() : broker(without_delay()) { make_topic(broker, 4); }

  static BrokerSettings without_delay() {
    BrokerSettings out;
    out.group.initial_rebalance_delay_ms = 0;
    return out;
  }
  // Everybody does what it is told to, until nothing changes any more.
  void settle(std::vector<Classic*> classics, std::vector<Modern*> moderns) {
    for (int round = 0; round < 12; ++round) {
      for (Classic* each : classics) {
        int16_t beaten = each->beat();
        if (beaten == code(ErrorCode::kRebalanceInProgress)) {
          ASSERT_EQ(each->join(), kOk);
        } else {
          ASSERT_EQ(beaten, kOk);
        }
      }
      for (Modern* each : moderns) ASSERT_EQ(each->beat(), kOk) << each->message;
    }
  }
  protocol::ConsumerGroupDescribeResponse::Group describe() {
    TestClient client(broker);
    protocol::ConsumerGroupDescribeRequest request;
    request.group_ids = {"g"};
    return client.call<protocol::ConsumerGroupDescribe>(request).groups[0];
  }
  static Partitions all(const Partitions& a, const Partitions& b) {
    Partitions out = a;
    out.insert(b.begin(), b.end());
    return out;
  }

  TestBroker broker;
};

const Partitions kAll{0, 1, 2, 3};

TEST_F(GroupMigration, AMemberOfTheNewProtocolJoinsAClassicGroup) {
  Classic old(broker, "old");
  ASSERT_EQ(old.join(), kOk);
  ASSERT_EQ(old.owned, kAll);
  Modern fresh(broker, "fresh");
  ASSERT_EQ(fresh.join(), kOk) << fresh.message;
  EXPECT_TRUE(fresh.owned.empty());  // The classic member still has everything.
  EXPECT_EQ(old.commit(5), kOk);
  settle({&old}, {&fresh});
  EXPECT_EQ(old.owned.size(), 2u);
  EXPECT_EQ(fresh.owned.size(), 2u);
  EXPECT_EQ(all(old.owned, fresh.owned), kAll);
  EXPECT_EQ(old.generation, fresh.epoch);
  auto group = describe();
  ASSERT_EQ(group.members.size(), 2u);
  EXPECT_EQ(group.group_state, "Stable");
  for (const auto& member : group.members) EXPECT_EQ(member.member_type, member.member_id == fresh.id ? 1 : 0);
}

TEST_F(GroupMigration, TheLastOneOfTheNewProtocolGivesTheGroupBack) {
  Classic old(broker, "old");
  ASSERT_EQ(old.join(), kOk);
  Modern fresh(broker, "fresh");
  ASSERT_EQ(fresh.join(), kOk);
  settle({&old}, {&fresh});
  ASSERT_EQ(fresh.leave(), kOk);
  EXPECT_EQ(broker.broker->groups().kind("g"), GroupKind::kClassic);
  EXPECT_EQ(old.beat(), code(ErrorCode::kRebalanceInProgress));
  old.plan.clear();
  ASSERT_EQ(old.join(), kOk);
  EXPECT_TRUE(old.leads);
  EXPECT_EQ(old.owned, kAll);
}

TEST_F(GroupMigration, AWholeGroupRollsOver) {
  Classic a(broker, "a"), b(broker, "b");
  ASSERT_EQ(a.join(), kOk);
  ASSERT_EQ(b.ask_to_join(), kOk);
  EXPECT_EQ(a.beat(), code(ErrorCode::kRebalanceInProgress));
  ASSERT_EQ(a.ask_to_join(), kOk);
  a.plan = {{a.id, {0, 1}}, {b.id, {2, 3}}};
  ASSERT_EQ(a.finish(), kOk);
  ASSERT_EQ(b.finish(), kOk);
  ASSERT_EQ(all(a.owned, b.owned), kAll);

  ASSERT_EQ(a.leave(), kOk);  // Still classic: b is told.
  Modern a2(broker, "a2");
  ASSERT_EQ(a2.join(), kOk) << a2.message;
  settle({&b}, {&a2});
  EXPECT_EQ(all(a2.owned, b.owned), kAll);
  ASSERT_EQ(b.leave(), kOk);
  Modern b2(broker, "b2");
  ASSERT_EQ(b2.join(), kOk);
  settle({}, {&a2, &b2});
  EXPECT_EQ(all(a2.owned, b2.owned), kAll);
  EXPECT_EQ(a2.owned.size(), 2u);
}

TEST_F(GroupMigration, AClassicConsumerJoinsAGroupOfTheNewProtocol) {
  Modern fresh(broker, "fresh");
  ASSERT_EQ(fresh.join(), kOk);
  Classic old(broker, "old");
  ASSERT_EQ(old.join(), kOk);
  EXPECT_FALSE(old.leads);  // Nobody does.
  settle({&old}, {&fresh});
  EXPECT_EQ(old.owned.size(), 2u);
  EXPECT_EQ(all(old.owned, fresh.owned), kAll);
}

TEST_F(GroupMigration, ARestartIsNoRebalance) {
  Classic* old = new Classic(broker, "old");
  ASSERT_EQ(old->join(), kOk);
  Modern* fresh = new Modern(broker, "fresh");
  ASSERT_EQ(fresh->join(), kOk);
  settle({old}, {fresh});
  std::string old_id = old->id;
  int32_t generation = old->generation;
  delete old;
  delete fresh;
  broker.stop();
  broker.start();
  Classic again(broker, "old");
  again.id = old_id;
  again.generation = generation;
  EXPECT_EQ(again.beat(), kOk);
  EXPECT_EQ(again.commit(7), kOk);
}

TEST_F(GroupMigration, WhoeverWaitsForAClassicRebalanceIsToldToJoinAgain) {
  Classic a(broker, "a"), b(broker, "b");
  ASSERT_EQ(a.join(), kOk);
  ASSERT_EQ(b.ask_to_join(), kOk);  // Waits for a.
  Modern fresh(broker, "fresh");
  ASSERT_EQ(fresh.join(), kOk);
  EXPECT_EQ(b.finish(), code(ErrorCode::kRebalanceInProgress));
  ASSERT_EQ(b.join(), kOk);
  settle({&a, &b}, {&fresh});
  EXPECT_EQ(all(all(a.owned, b.owned), fresh.owned), kAll);
}

TEST_F(GroupMigration, AStaticMemberIsReplacedByItsSuccessor) {
  Classic old(broker, "old", "i1");
  ASSERT_EQ(old.join(), kOk);
  Modern fresh(broker, "fresh", "i1");
  ASSERT_EQ(fresh.join(), kOk) << fresh.message;
  settle({}, {&fresh});
  EXPECT_EQ(fresh.owned, kAll);
  EXPECT_EQ(old.beat(), code(ErrorCode::kFencedInstanceId));
}

TEST_F(GroupMigration, AClassicMemberThatIsSilentGoes) {
  Modern fresh(broker, "fresh");
  ASSERT_EQ(fresh.join(), kOk);
  Classic old(broker, "old");
  ASSERT_EQ(old.join(), kOk);
  for (int i = 0; i < 4; ++i) {
    broker.loop.advance_ms(3'000);
    ASSERT_EQ(fresh.beat(), kOk);
  }
  EXPECT_EQ(describe().members.size(), 1u);
  EXPECT_EQ(fresh.owned, kAll);
  EXPECT_EQ(old.beat(), code(ErrorCode::kUnknownMemberId));
}

TEST_F(GroupMigration, AClassicMemberThatDoesNotRejoinGoes) {
  Classic old(broker, "old");
  ASSERT_EQ(old.join(), kOk);
  Modern fresh(broker, "fresh");
  ASSERT_EQ(fresh.join(), kOk);
  for (int i = 0; i < 20; ++i) {  // It is alive, and does not do what it is told to.
    EXPECT_EQ(old.beat(), code(ErrorCode::kRebalanceInProgress));
    broker.loop.advance_ms(3'000);
    ASSERT_EQ(fresh.beat(), kOk);
  }
  EXPECT_EQ(fresh.owned, kAll);
  EXPECT_EQ(describe().members.size(), 1u);
}

TEST_F(GroupMigration, PolicyForbidsIt) {
  broker.stop();
  broker.settings.group.consumer_migration_policy = "disabled";
  broker.start();
  Classic old(broker, "old");
  ASSERT_EQ(old.join(), kOk);
  Modern fresh(broker, "fresh");
  EXPECT_EQ(fresh.join(), code(ErrorCode::kGroupIdNotFound));
  EXPECT_EQ(old.beat(), kOk);
}

}  // namespace
}  // namespace leat
