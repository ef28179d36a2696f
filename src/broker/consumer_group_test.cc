// Groups in which the broker assigns (KIP-848), through their protocol.
#include <gtest/gtest.h>

#include "broker/group/groups.h"
#include "explain/history.h"
#include "log/log_reader.h"
#include "log/record_reader.h"
#include "protocol/all.h"
#include "sim/kafka_client.h"
#include "sim/seeds.h"

namespace leat {
namespace {

using protocol::ErrorCode;
using Heartbeat = protocol::ConsumerGroupHeartbeatRequest;
using Owned = std::map<std::string, std::set<int32_t>>;

int16_t code(ErrorCode error) {
  return static_cast<int16_t>(error);
}

void make_topic(TestClient& client, const std::string& name, int32_t partitions) {
  protocol::CreateTopicsRequest request;
  request.topics.push_back({name, partitions, 1, {}, {}});
  ASSERT_EQ(client.call<protocol::CreateTopics>(request, 7).topics[0].error_code, 0);
}

// A consumer as clients are: it gives up what it is told to when it is told, and says so with the next heartbeat.
class Consumer {
 public:
  Consumer(TestBroker& broker, std::string name, std::optional<std::string> instance = {})
      : id(std::move(name)), broker_(broker), client_(broker, "client of " + id), instance_(std::move(instance)) {}

  Heartbeat joining(std::vector<std::string> topics) const {
    Heartbeat out;
    out.group_id = "g";
    out.member_id = id;
    out.instance_id = instance_;
    out.rebalance_timeout_ms = 60'000;
    out.subscribed_topic_names = std::move(topics);
    out.topic_partitions.emplace();
    return out;
  }
  Heartbeat joining_by(std::string pattern) const {
    Heartbeat out = joining({});
    out.subscribed_topic_names.reset();
    out.subscribed_topic_regex = std::move(pattern);
    return out;
  }
  int16_t join(std::vector<std::string> topics = {"t"}) {
    owned_.clear();
    return send(joining(std::move(topics)));
  }
  // What it owns is said only if it changed, as clients do.
  int16_t beat() {
    Heartbeat request;
    request.group_id = "g";
    request.member_id = id;
    request.instance_id = instance_;
    request.member_epoch = epoch;
    if (std::exchange(changed_, false)) {
      request.topic_partitions.emplace();
      for (const auto& [topic, indexes] : owned_) {
        request.topic_partitions->push_back({topic, {indexes.begin(), indexes.end()}});
      }
    }
    return send(request);
  }
  int16_t leave(int32_t with_epoch = -1) {
    Heartbeat request;
    request.group_id = "g";
    request.member_id = id;
    request.instance_id = instance_;
    request.member_epoch = with_epoch;
    return send(request);
  }
  int16_t send(const Heartbeat& request, int16_t version = 1) {
    auto response = client_.call<protocol::ConsumerGroupHeartbeat>(request, version);
    message = response.error_message.value_or("");
    if (response.error_code != 0) return response.error_code;
    if (response.member_id) id = *response.member_id;
    epoch = response.member_epoch;
    interval_ms = response.heartbeat_interval_ms;
    if (response.assignment) {
      changed_ = true;
      owned_.clear();
      for (const auto& topic : response.assignment->topic_partitions) {
        owned_[topic.topic_id].insert(topic.partitions.begin(), topic.partitions.end());
      }
    }
    return 0;
  }
  Owned owned() const {
    Owned out;
    for (const auto& [id_, indexes] : owned_) {
      const TopicInfo* topic = broker_.broker->state().topic(id_);
      if (topic != nullptr) out[topic->name] = indexes;
    }
    return out;
  }
  size_t count() const {
    size_t out = 0;
    for (const auto& [topic, indexes] : owned()) out += indexes.size();
    return out;
  }
  int16_t commit(int64_t offset, int16_t version = 9) {
    protocol::OffsetCommitRequest request;
    request.group_id = "g";
    request.generation_id_or_member_epoch = epoch;
    request.member_id = id;
    request.topics.push_back({"t", {}, {{0, offset, -1, ""}}});
    return client_.call<protocol::OffsetCommit>(request, version).topics[0].partitions[0].error_code;
  }
  protocol::OffsetFetchResponse::Group fetch_offsets(std::optional<std::string> member, int32_t with_epoch) {
    protocol::OffsetFetchRequest request;
    request.groups.push_back({"g", std::move(member), with_epoch, std::nullopt});
    return client_.call<protocol::OffsetFetch>(request, 9).groups[0];
  }
  TestClient& client() { return client_; }

  std::string id, message;
  int32_t epoch = 0, interval_ms = 0;

 private:
  TestBroker& broker_;
  TestClient client_;
  std::optional<std::string> instance_;
  PartitionsByTopic owned_;
  bool changed_ = false;
};

// What the coordinator told of a group, oldest first.
std::vector<Rebalance> rebalances_of(TestBroker& broker, const std::string& group) {
  std::vector<Rebalance> out;
  broker.loop.run();
  auto partition = broker.broker->partition(kHistoryTopic, 0);
  if (!partition || *partition == nullptr) return out;
  LogReader reader((*partition)->log(), Offset{0});
  while (true) {
    auto batch = reader.next((*partition)->high_watermark());
    if (!batch || !*batch) return out;
    auto records = RecordReader::open(**batch);
    RecordView record;
    while (records && records->next(record).value()) {
      auto fact = decode_history(record.value.value_or(""));
      bool counts = record.key == group && fact && std::holds_alternative<Rebalance>(fact->what);
      if (counts) out.push_back(std::get<Rebalance>(fact->what));
    }
  }
}

class ConsumerGroupTest : public testing::Test {
 protected:
  ConsumerGroupTest() : admin(broker, "admin") { make_topic(admin, "t", 4); }

  protocol::ConsumerGroupDescribeResponse::Group describe() {
    protocol::ConsumerGroupDescribeRequest request;
    request.group_ids = {"g"};
    return admin.call<protocol::ConsumerGroupDescribe>(request).groups[0];
  }
  protocol::ListGroupsResponse list(std::vector<std::string> states, std::vector<std::string> types) {
    return admin.call<protocol::ListGroups>({std::move(states), std::move(types)});
  }
  std::vector<Rebalance> history() { return rebalances_of(broker, "g"); }

  TestBroker broker;
  TestClient admin;
};

TEST_F(ConsumerGroupTest, OneMemberGetsEverything) {
  Consumer a(broker, "a");
  EXPECT_EQ(a.join(), 0);
  EXPECT_EQ(a.epoch, 1);
  EXPECT_EQ(a.interval_ms, 5000);
  EXPECT_EQ(a.owned(), (Owned{{"t", {0, 1, 2, 3}}}));
  auto group = describe();
  EXPECT_EQ(group.group_state, "Stable");
  EXPECT_EQ(group.assignor_name, "uniform");
  EXPECT_EQ(group.group_epoch, 1);
  ASSERT_EQ(group.members.size(), 1u);
  EXPECT_EQ(group.members[0].assignment, group.members[0].target_assignment);
  EXPECT_EQ(group.members[0].subscribed_topic_names, (std::vector<std::string>{"t"}));
}

TEST_F(ConsumerGroupTest, PartitionsAreGivenUpBeforeSomebodyElseGetsThem) {
  Consumer a(broker, "a"), b(broker, "b");
  a.join();
  b.join();
  EXPECT_EQ(b.count(), 0u);
  EXPECT_EQ(b.epoch, 2);
  EXPECT_EQ(describe().group_state, "Reconciling");
  EXPECT_EQ(a.beat(), 0);  // Is told to give two up.
  EXPECT_EQ(a.count(), 2u);
  EXPECT_EQ(a.epoch, 1);
  EXPECT_EQ(b.beat(), 0);
  EXPECT_EQ(b.count(), 0u);  // a has not said that it has.
  EXPECT_EQ(a.beat(), 0);
  EXPECT_EQ(a.epoch, 2);
  EXPECT_EQ(b.beat(), 0);
  EXPECT_EQ(b.count(), 2u);
  EXPECT_EQ(describe().group_state, "Stable");
}

TEST_F(ConsumerGroupTest, WhoDoesNotGiveUpInTimeIsOut) {
  Consumer a(broker, "a"), b(broker, "b");
  a.join();
  b.join();
  EXPECT_EQ(a.beat(), 0);
  Heartbeat busy;  // Alive, and busy with something else: it says nothing of what it owns.
  busy.group_id = "g";
  busy.member_id = "a";
  busy.member_epoch = a.epoch;
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(a.send(busy), 0);
    broker.loop.advance_ms(5000);
    b.beat();
  }
  EXPECT_EQ(a.send(busy), code(ErrorCode::kUnknownMemberId));
  b.beat();
  EXPECT_EQ(b.count(), 4u);
  EXPECT_EQ(history().back().triggers[0].cause, RebalanceCause::kRebalanceTimeout);
  EXPECT_EQ(history().back().triggers[0].member_id, "a");
}

TEST_F(ConsumerGroupTest, WhoIsSilentForASessionIsOut) {
  Consumer a(broker, "a"), b(broker, "b");
  a.join();
  b.join();
  for (int i = 0; i < 9; ++i) {
    broker.loop.advance_ms(5000);
    EXPECT_EQ(b.beat(), 0);
  }
  b.beat();
  EXPECT_EQ(b.count(), 4u);
  EXPECT_EQ(a.beat(), code(ErrorCode::kUnknownMemberId));
  EXPECT_EQ(history().back().triggers[0].cause, RebalanceCause::kSessionExpired);
}

TEST_F(ConsumerGroupTest, WhoLeavesFreesItsPartitions) {
  Consumer a(broker, "a"), b(broker, "b");
  a.join();
  b.join();
  EXPECT_EQ(a.leave(), 0);
  EXPECT_EQ(a.epoch, -1);
  EXPECT_EQ(b.beat(), 0);
  EXPECT_EQ(b.count(), 4u);
  EXPECT_EQ(b.epoch, 3);
  EXPECT_EQ(history().back().triggers[0].cause, RebalanceCause::kLeft);
  EXPECT_EQ(b.leave(), 0);
  EXPECT_EQ(describe().group_state, "Empty");
}

TEST_F(ConsumerGroupTest, MoreAndFewerTopicsAreANewEpoch) {
  Consumer a(broker, "a");
  a.join({"t", "later"});
  EXPECT_EQ(a.count(), 4u);
  make_topic(admin, "later", 2);
  EXPECT_EQ(a.beat(), 0);
  EXPECT_EQ(a.owned(), (Owned{{"t", {0, 1, 2, 3}}, {"later", {0, 1}}}));
  EXPECT_EQ(history().back().triggers[0].cause, RebalanceCause::kTopicsChanged);
  EXPECT_EQ(history().back().triggers[0].topics, (std::vector<std::string>{"later"}));
  protocol::CreatePartitionsRequest more;
  more.topics.push_back({"t", 6, std::nullopt});
  admin.call<protocol::CreatePartitions>(more);
  EXPECT_EQ(a.beat(), 0);
  EXPECT_EQ(a.count(), 8u);
  protocol::DeleteTopicsRequest gone;
  gone.topics.push_back({"t", {}});
  admin.call<protocol::DeleteTopics>(gone, 6);
  a.beat();
  a.beat();
  EXPECT_EQ(a.owned(), (Owned{{"later", {0, 1}}}));
  EXPECT_EQ(history().back().triggers[0].topics, (std::vector<std::string>{"t"}));
}

TEST_F(ConsumerGroupTest, APatternSubscribesToWhatMatchesItAll) {
  make_topic(admin, "orders-eu", 1);
  make_topic(admin, "old-orders-eu", 1);
  Consumer a(broker, "a");
  Heartbeat request = a.joining_by("orders-.*");
  EXPECT_EQ(a.send(request), 0);
  EXPECT_EQ(a.owned(), (Owned{{"orders-eu", {0}}}));
  make_topic(admin, "orders-us", 1);
  a.beat();
  EXPECT_EQ(a.owned(), (Owned{{"orders-eu", {0}}, {"orders-us", {0}}}));
  request.subscribed_topic_regex = "(orders";
  EXPECT_EQ(a.send(request), code(ErrorCode::kInvalidRegularExpression));
  request.subscribed_topic_regex = std::string(5000, 'a');
  EXPECT_EQ(a.send(request), code(ErrorCode::kInvalidRegularExpression));
}

TEST_F(ConsumerGroupTest, APatternIsOverInternalTopicsTooButTheHistory) {
  make_topic(admin, "__internal", 1);
  Consumer a(broker, "a");
  Heartbeat request = a.joining_by(".*");
  EXPECT_EQ(a.send(request), 0);
  a.beat();
  ASSERT_NE(broker.broker->state().topic(kHistoryTopic), nullptr);
  EXPECT_EQ(a.owned(), (Owned{{"__internal", {0}}, {"t", {0, 1, 2, 3}}}));
}

TEST_F(ConsumerGroupTest, AnotherSubscriptionIsANewEpoch) {
  make_topic(admin, "u", 1);
  Consumer a(broker, "a");
  a.join();
  Heartbeat request;
  request.group_id = "g";
  request.member_id = "a";
  request.member_epoch = a.epoch;
  request.subscribed_topic_names = {"u"};
  EXPECT_EQ(a.send(request), 0);
  a.beat();
  EXPECT_EQ(a.owned(), (Owned{{"u", {0}}}));
  const RebalanceTrigger trigger = history().back().triggers[0];
  EXPECT_EQ(trigger.cause, RebalanceCause::kSubscriptionChanged);
  EXPECT_EQ(trigger.evidence.topics_before, (std::vector<std::string>{"t"}));
  EXPECT_EQ(trigger.evidence.topics_after, (std::vector<std::string>{"u"}));
}

TEST_F(ConsumerGroupTest, TheAssignorIsTheOneThatMostAskFor) {
  Consumer a(broker, "a");
  Heartbeat request = a.joining({"t"});
  request.server_assignor = "range";
  EXPECT_EQ(a.send(request), 0);
  EXPECT_EQ(describe().assignor_name, "range");
  request.server_assignor = "uniform";
  EXPECT_EQ(a.send(request), 0);
  EXPECT_EQ(describe().assignor_name, "uniform");
  EXPECT_EQ(history().back().triggers[0].cause, RebalanceCause::kAssignorChanged);
  request.server_assignor = "sticky";
  EXPECT_EQ(a.send(request), code(ErrorCode::kUnsupportedAssignor));
}

TEST_F(ConsumerGroupTest, AStaticMemberComesBackToWhatItHad) {
  Consumer a(broker, "a", "one"), b(broker, "b");
  a.join();
  b.join();
  for (int i = 0; i < 2; ++i) a.beat(), b.beat();
  Owned before = a.owned();
  EXPECT_EQ(a.leave(-2), 0);
  EXPECT_EQ(a.epoch, -2);
  b.beat();
  EXPECT_EQ(b.count(), 2u);  // What a had waits for it.
  Consumer again(broker, "again", "one");
  EXPECT_EQ(again.join(), 0);
  EXPECT_EQ(again.owned(), before);
  EXPECT_EQ(again.epoch, 2);  // Nobody had to do anything.
  EXPECT_EQ(a.beat(), code(ErrorCode::kFencedInstanceId));
  Consumer thief(broker, "thief", "one");
  EXPECT_EQ(thief.join(), code(ErrorCode::kUnreleasedInstanceId));
}

TEST_F(ConsumerGroupTest, AStaticMemberThatDoesNotComeBackIsOut) {
  Consumer a(broker, "a", "one"), b(broker, "b");
  a.join();
  b.join();
  EXPECT_EQ(a.leave(-2), 0);
  for (int i = 0; i < 9; ++i) {
    broker.loop.advance_ms(5000);
    EXPECT_EQ(b.beat(), 0);
  }
  b.beat();
  EXPECT_EQ(b.count(), 4u);
}

TEST_F(ConsumerGroupTest, EpochsFence) {
  Consumer a(broker, "a");
  a.join();
  int32_t epoch = a.epoch;
  a.epoch = epoch + 1;
  EXPECT_EQ(a.beat(), code(ErrorCode::kFencedMemberEpoch));
  a.epoch = epoch;
  EXPECT_EQ(a.commit(5, 8), code(ErrorCode::kUnsupportedVersion));
  EXPECT_EQ(a.commit(5), 0);
  a.epoch = epoch + 1;
  EXPECT_EQ(a.commit(6), code(ErrorCode::kStaleMemberEpoch));
  EXPECT_EQ(a.fetch_offsets("a", epoch + 1).error_code, code(ErrorCode::kStaleMemberEpoch));
  EXPECT_EQ(a.fetch_offsets("z", epoch).error_code, code(ErrorCode::kUnknownMemberId));
  EXPECT_EQ(a.fetch_offsets("a", epoch).topics[0].partitions[0].committed_offset, 5);
  EXPECT_EQ(a.fetch_offsets(std::nullopt, -1).topics[0].partitions[0].committed_offset, 5);
}

TEST_F(ConsumerGroupTest, ALostAnswerIsGivenAgain) {
  Consumer a(broker, "a"), b(broker, "b");
  a.join();
  b.join();
  a.beat();
  a.beat();
  ASSERT_EQ(a.epoch, 2);
  Heartbeat again;
  again.group_id = "g";
  again.member_id = "a";
  again.member_epoch = 1;
  EXPECT_EQ(a.send(again), code(ErrorCode::kFencedMemberEpoch));  // It does not say what it owns.
  again.topic_partitions.emplace();
  EXPECT_EQ(a.send(again), 0);
  EXPECT_EQ(a.epoch, 2);
}

TEST_F(ConsumerGroupTest, WrongRequestsAreRefused) {
  Consumer a(broker, "a");
  Heartbeat request = a.joining({"t"});
  request.rebalance_timeout_ms = -1;
  EXPECT_EQ(a.send(request), code(ErrorCode::kInvalidRequest));
  request = a.joining({"t"});
  request.subscribed_topic_names.reset();
  EXPECT_EQ(a.send(request), code(ErrorCode::kInvalidRequest));
  request = a.joining({"t"});
  request.member_id = "";
  EXPECT_EQ(a.send(request), code(ErrorCode::kInvalidRequest));
  EXPECT_EQ(a.send(request, 0), 0);  // The broker names it.
  EXPECT_NE(a.id, "");
  request = a.joining({"t"});
  request.member_epoch = -3;
  EXPECT_EQ(a.send(request), code(ErrorCode::kInvalidRequest));
  request = a.joining({"t"});
  request.group_id = "other";
  request.member_epoch = 1;
  EXPECT_EQ(a.send(request), code(ErrorCode::kGroupIdNotFound));
}

TEST(ConsumerGroup, HasAMostMembers) {
  TestBroker broker;
  broker.stop();
  broker.settings.group.consumer_max_size = 1;
  broker.start();
  Consumer a(broker, "a"), b(broker, "b");
  EXPECT_EQ(a.join(), 0);
  EXPECT_EQ(b.join(), code(ErrorCode::kGroupMaxSizeReached));
  EXPECT_EQ(a.join(), 0);
}

TEST_F(ConsumerGroupTest, OtherRequestsKnowItsKind) {
  Consumer a(broker, "a");
  a.join();
  auto groups = list({"stable"}, {"Consumer"}).groups;
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].group_type, "consumer");
  EXPECT_EQ(groups[0].protocol_type, "consumer");
  EXPECT_TRUE(list({}, {"classic"}).groups.empty());
  protocol::DescribeGroupsRequest describe_classic;
  describe_classic.groups = {"g"};
  EXPECT_EQ(admin.call<protocol::DescribeGroups>(describe_classic, 6).groups[0].error_code,
            code(ErrorCode::kGroupIdNotFound));
  EXPECT_EQ(admin.call<protocol::DescribeGroups>(describe_classic, 5).groups[0].group_state, "Dead");
  protocol::JoinGroupRequest join;
  join.group_id = "g";
  join.session_timeout_ms = 10'000;
  join.protocol_type = "consumer";
  join.protocols.push_back({"range", ""});
  EXPECT_EQ(admin.call<protocol::JoinGroup>(join).error_code, code(ErrorCode::kInconsistentGroupProtocol));
  protocol::DeleteGroupsRequest remove;
  remove.groups_names = {"g"};
  EXPECT_EQ(admin.call<protocol::DeleteGroups>(remove, 2).results[0].error_code, code(ErrorCode::kNonEmptyGroup));
  a.leave();
  EXPECT_EQ(admin.call<protocol::DeleteGroups>(remove, 2).results[0].error_code, 0);
  EXPECT_EQ(describe().error_code, code(ErrorCode::kGroupIdNotFound));
}

TEST_F(ConsumerGroupTest, AnEmptyGroupBecomesOfTheOtherKindAndKeepsItsOffsets) {
  Consumer a(broker, "a");
  a.join();
  EXPECT_EQ(a.commit(7), 0);
  a.leave();
  protocol::JoinGroupRequest join;
  join.group_id = "g";
  join.session_timeout_ms = join.rebalance_timeout_ms = 10'000;
  join.protocol_type = "consumer";
  join.protocols.push_back({"range", ""});
  EXPECT_EQ(admin.call<protocol::JoinGroup>(join).error_code, code(ErrorCode::kMemberIdRequired));
  EXPECT_EQ(list({}, {}).groups[0].group_type, "classic");
  EXPECT_EQ(a.fetch_offsets(std::nullopt, -1).topics[0].partitions[0].committed_offset, 7);
  EXPECT_EQ(a.join(), 0);  // Whoever was only given an id is no member.
  EXPECT_EQ(list({}, {}).groups[0].group_type, "consumer");
  EXPECT_EQ(a.fetch_offsets(std::nullopt, -1).topics[0].partitions[0].committed_offset, 7);
}

TEST_F(ConsumerGroupTest, MembersOutliveTheBroker) {
  auto a = std::make_unique<Consumer>(broker, "a");
  a->join();
  auto before = describe();
  int32_t epoch = a->epoch;
  a.reset();
  broker.stop();
  broker.sim.lose_power();
  broker.start();
  TestClient again(broker, "admin");
  protocol::ConsumerGroupDescribeRequest request;
  request.group_ids = {"g"};
  EXPECT_EQ(again.call<protocol::ConsumerGroupDescribe>(request).groups[0], before);
  Consumer still(broker, "a");
  still.epoch = epoch;
  EXPECT_EQ(still.beat(), 0);
  broker.loop.advance_ms(45'000);
  EXPECT_EQ(still.beat(), code(ErrorCode::kUnknownMemberId));
}

TEST_F(ConsumerGroupTest, AnAdministratorRemovesMembers) {
  Consumer a(broker, "a", "one"), b(broker, "b");
  a.join();
  b.join();
  protocol::LeaveGroupRequest request;
  request.group_id = "g";
  request.members.push_back({"", "one", "stuck"});
  request.members.push_back({"nobody", std::nullopt, std::nullopt});
  auto response = admin.call<protocol::LeaveGroup>(request);
  EXPECT_EQ(response.members[0].error_code, 0);
  EXPECT_EQ(response.members[1].error_code, code(ErrorCode::kUnknownMemberId));
  EXPECT_EQ(a.beat(), code(ErrorCode::kUnknownMemberId));
  b.beat();
  EXPECT_EQ(b.count(), 4u);
  EXPECT_EQ(history().back().triggers[0].cause, RebalanceCause::kRemovedByAdmin);
}

// Whatever members do, no two ever own a partition at once, and when they have settled every partition has an owner.
TEST(ConsumerGroup, NoTwoOwnAPartition) {
  for (uint64_t seed : sim::seeds(60)) {
    SCOPED_TRACE("LEAT_SEED=" + std::to_string(seed));
    TestBroker broker(seed);
    sim::SimRandom random(seed);
    TestClient admin(broker, "admin");
    make_topic(admin, "t", 5);
    int32_t partitions = 5;
    std::vector<std::unique_ptr<Consumer>> members;
    std::set<Consumer*> in;
    for (int i = 0; i < 4; ++i) members.push_back(std::make_unique<Consumer>(broker, "m" + std::to_string(i)));
    auto check = [&] {
      std::map<int32_t, std::string> owners;
      for (Consumer* each : in) {
        Owned owned = each->owned();
        for (int32_t index : owned["t"]) {
          EXPECT_TRUE(owners.try_emplace(index, each->id).second)
              << index << " of " << each->id << " and " << owners[index];
        }
      }
      return owners.size();
    };
    auto beat = [&](Consumer& member) {
      if (member.beat() != 0 && member.join() != 0) ADD_FAILURE() << member.message;
    };
    for (int step = 0; step < 60; ++step) {
      Consumer& member = *members[random.below(members.size())];
      if (!in.contains(&member)) {
        ASSERT_EQ(member.join(), 0);
        in.insert(&member);
      } else if (random.below(6) == 0) {
        in.erase(&member);
        ASSERT_EQ(member.leave(), 0);
      } else {
        beat(member);
      }
      if (random.below(20) == 0) {
        protocol::CreatePartitionsRequest more;
        more.topics.push_back({"t", ++partitions, std::nullopt});
        admin.call<protocol::CreatePartitions>(more);
      }
      check();
    }
    if (in.empty()) continue;
    for (int round = 0; round < 6; ++round) {
      for (Consumer* each : in) beat(*each);
    }
    EXPECT_EQ(check(), static_cast<size_t>(partitions));
    ConsumerGroupState live = *broker.broker->state().consumer_group("g");
    broker.stop();
    broker.sim.lose_power();
    broker.start();
    EXPECT_EQ(live, *broker.broker->state().consumer_group("g"));
  }
}

}  // namespace
}  // namespace leat
