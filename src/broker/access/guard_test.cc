// Who may do what, through Kafka's protocol: each request is refused without its permission and served with it.
#include <gtest/gtest.h>

#include "protocol/all.h"
#include "sim/kafka_client.h"

namespace leat {
namespace {

using protocol::ErrorCode;
using enum AclOperation;

int16_t code(ErrorCode error) {
  return static_cast<int16_t>(error);
}

// The principal of everybody here is User:ANONYMOUS: nobody has to log in.
class Guarded : public testing::Test {
 protected:
  static BrokerSettings settings() {
    BrokerSettings out;
    out.security.super_users = "User:admin;User:CN=root";
    out.auto_create_topics = true;
    return out;
  }

  Guarded() : broker(settings()), client(broker) {
    record(broker_event::TopicChanged{{"seen", broker.broker->random_uuid(), 1, {}}});
    record(broker_event::TopicChanged{{"secret", broker.broker->random_uuid(), 1, {}}});
  }
  void record(const BrokerEvent& event) {
    broker.broker->record({event}, [](const Status& status) { ASSERT_TRUE(status); });
    broker.loop.run();
  }
  void allow(AclResource resource, const std::string& name, AclOperation operation,
             AclPermission permission = AclPermission::kAllow) {
    record(
        broker_event::AclAdded{{resource, AclPattern::kLiteral, name, "User:ANONYMOUS", "*", operation, permission}});
  }
  void allow_topic(const std::string& name, AclOperation operation) { allow(AclResource::kTopic, name, operation); }
  void allow_group(const std::string& name, AclOperation operation) { allow(AclResource::kGroup, name, operation); }
  void allow_cluster(AclOperation operation) { allow(AclResource::kCluster, kClusterName, operation); }

  // By topic: the error, or 0.
  std::map<std::string, int16_t> metadata(std::optional<std::vector<std::string>> names, bool may_create = false) {
    protocol::MetadataRequest request;
    request.allow_auto_topic_creation = may_create;
    if (names) {
      request.topics.emplace();
      for (const auto& name : *names) request.topics->push_back({{}, name});
    }
    std::map<std::string, int16_t> out;
    auto response = client.call<protocol::Metadata>(request, 12);
    for (const auto& topic : response.topics) out[*topic.name] = topic.error_code;
    return out;
  }
  int16_t produce(const std::string& topic, std::optional<std::string> transaction = {}) {
    protocol::ProduceRequest request;
    request.acks = -1;
    request.transactional_id = std::move(transaction);
    request.topic_data.push_back({topic, {}, {{0, {}}}});
    auto response = client.call<protocol::Produce>(request, 9);
    EXPECT_EQ(response.responses.size(), 1u);
    return response.responses.at(0).partition_responses.at(0).error_code;
  }
  std::map<std::string, int16_t> fetch(const std::vector<std::string>& topics) {
    protocol::FetchRequest request;
    request.max_wait_ms = 0;
    for (const auto& name : topics) {
      auto& topic = request.topics.emplace_back();
      topic.topic = name;
      topic.partitions.emplace_back();
    }
    std::map<std::string, int16_t> out;
    auto response = client.call<protocol::Fetch>(request, 11);
    for (const auto& topic : response.responses) out[topic.topic] = topic.partitions.at(0).error_code;
    return out;
  }
  int16_t heartbeat() {
    protocol::HeartbeatRequest request;
    request.group_id = "g";
    return client.call<protocol::Heartbeat>(request).error_code;
  }
  int16_t init_producer(std::optional<std::string> id) {
    protocol::InitProducerIdRequest request;
    request.transactional_id = std::move(id);
    request.transaction_timeout_ms = 1000;
    return client.call<protocol::InitProducerId>(request, 4).error_code;
  }

  TestBroker broker;
  TestClient client;
};

const int16_t kNoTopic = code(ErrorCode::kTopicAuthorizationFailed);
const int16_t kNoGroup = code(ErrorCode::kGroupAuthorizationFailed);
const int16_t kNoCluster = code(ErrorCode::kClusterAuthorizationFailed);
const int16_t kNoTransaction = code(ErrorCode::kTransactionalIdAuthorizationFailed);

using Errors = std::map<std::string, int16_t>;

TEST_F(Guarded, TopicsThatMayNotBeSeenAreNotThere) {
  EXPECT_EQ(metadata(std::nullopt), Errors());
  EXPECT_EQ(metadata({{"seen", "none"}}), (Errors{{"seen", kNoTopic}, {"none", kNoTopic}}));
  allow_topic("seen", kDescribe);
  EXPECT_EQ(metadata(std::nullopt), (Errors{{"seen", 0}}));
  EXPECT_EQ(metadata({{"seen", "secret"}}), (Errors{{"seen", 0}, {"secret", kNoTopic}}));
  protocol::MetadataRequest old;
  old.topics.emplace();
  old.topics->push_back({{}, "secret"});
  auto response = client.call<protocol::Metadata>(old, 0);  // What is left of it must not mean "all".
  ASSERT_EQ(response.topics.size(), 1u);
  EXPECT_EQ(response.topics[0].error_code, kNoTopic);
}

TEST_F(Guarded, MakingTopicsByAskingNeedsCreate) {
  allow_topic("new", kDescribe);
  EXPECT_EQ(metadata({{"new"}}, true), (Errors{{"new", kNoTopic}}));
  EXPECT_EQ(broker.broker->state().topic("new"), nullptr);
  allow_topic("new", kCreate);
  EXPECT_EQ(metadata({{"new"}}, true), (Errors{{"new", 0}}));
}

TEST_F(Guarded, OperationsAreTold) {
  allow_topic("seen", kWrite);
  protocol::MetadataRequest request;
  request.include_topic_authorized_operations = true;
  request.include_cluster_authorized_operations = true;
  auto response = client.call<protocol::Metadata>(request, 9);
  ASSERT_EQ(response.topics.size(), 1u);
  EXPECT_EQ(response.topics[0].topic_authorized_operations, 1 << 4 | 1 << 8);
  EXPECT_EQ(response.cluster_authorized_operations, 0);
  allow_cluster(kAlter);
  protocol::DescribeClusterRequest cluster;
  cluster.include_cluster_authorized_operations = true;
  EXPECT_EQ(client.call<protocol::DescribeCluster>(cluster).cluster_authorized_operations, 1 << 7 | 1 << 8);
}

TEST_F(Guarded, WritingNeedsWrite) {
  allow_topic("seen", kRead);
  EXPECT_EQ(produce("seen"), kNoTopic);
  EXPECT_EQ(produce("none"), kNoTopic);
  allow_topic("seen", kWrite);
  EXPECT_EQ(produce("seen"), code(ErrorCode::kCorruptMessage));  // It came to the handler: there is no batch in it.
  EXPECT_EQ(produce("seen", "tx"), kNoTransaction);
}

TEST_F(Guarded, ReadingNeedsRead) {
  EXPECT_EQ(fetch({"seen"}), (Errors{{"seen", kNoTopic}}));
  allow_topic("seen", kRead);
  EXPECT_EQ(fetch({"seen", "secret"}), (Errors{{"seen", 0}, {"secret", kNoTopic}}));
  protocol::ListOffsetsRequest request;
  for (const char* name : {"seen", "secret"}) {
    auto& topic = request.topics.emplace_back();
    topic.name = name;
    topic.partitions.push_back({0, -1, -1});
  }
  Errors errors;
  auto response = client.call<protocol::ListOffsets>(request, 7);
  for (const auto& topic : response.topics) errors[topic.name] = topic.partitions.at(0).error_code;
  EXPECT_EQ(errors, (Errors{{"seen", 0}, {"secret", kNoTopic}}));
}

TEST_F(Guarded, AFetchOfWhatMayNotBeReadDoesNotWait) {
  allow_topic("seen", kRead);
  protocol::FetchRequest request;
  request.max_wait_ms = 60'000;
  request.min_bytes = 1;
  for (const char* name : {"seen", "secret"}) {
    auto& topic = request.topics.emplace_back();
    topic.topic = name;
    topic.partitions.emplace_back();
  }
  client.send<protocol::Fetch>(request, 11);
  EXPECT_TRUE(client.receive<protocol::Fetch>(11));
}

TEST_F(Guarded, TopicsAreMadeChangedAndDeletedByWhoMay) {
  protocol::CreateTopicsRequest create;
  for (const char* name : {"a", "b"}) {
    auto& topic = create.topics.emplace_back();
    topic.name = name;
    topic.num_partitions = topic.replication_factor = 1;
  }
  allow_topic("a", kCreate);
  Errors made;
  for (const auto& topic : client.call<protocol::CreateTopics>(create).topics) {
    made[topic.name] = topic.error_code;
    EXPECT_FALSE(topic.error_code == 0 && topic.configs) << "settings need DescribeConfigs";
  }
  EXPECT_EQ(made, (Errors{{"a", 0}, {"b", kNoTopic}}));
  allow_cluster(kCreate);
  create.topics.erase(create.topics.begin());
  EXPECT_EQ(client.call<protocol::CreateTopics>(create).topics.at(0).error_code, 0);

  protocol::CreatePartitionsRequest more;
  more.topics.push_back({"a", 3, std::nullopt});
  EXPECT_EQ(client.call<protocol::CreatePartitions>(more).results.at(0).error_code, kNoTopic);
  allow_topic("a", kAlter);
  EXPECT_EQ(client.call<protocol::CreatePartitions>(more).results.at(0).error_code, 0);

  protocol::DeleteTopicsRequest by_id;
  by_id.topics.push_back({std::nullopt, broker.broker->state().topic("a")->id});
  EXPECT_EQ(client.call<protocol::DeleteTopics>(by_id).responses.at(0).error_code, kNoTopic);
  EXPECT_FALSE(client.call<protocol::DeleteTopics>(by_id).responses.at(0).name);
  allow_topic("a", kDelete);
  EXPECT_EQ(client.call<protocol::DeleteTopics>(by_id).responses.at(0).error_code, 0);
}

TEST_F(Guarded, GroupsAreForWhoMayReadThem) {
  EXPECT_EQ(heartbeat(), kNoGroup);
  protocol::JoinGroupRequest join;
  join.group_id = "g";
  join.session_timeout_ms = 10'000;
  EXPECT_EQ(client.call<protocol::JoinGroup>(join).error_code, kNoGroup);
  protocol::SyncGroupRequest sync;
  sync.group_id = "g";
  EXPECT_EQ(client.call<protocol::SyncGroup>(sync).error_code, kNoGroup);
  protocol::LeaveGroupRequest leave;
  leave.group_id = "g";
  EXPECT_EQ(client.call<protocol::LeaveGroup>(leave).error_code, kNoGroup);
  protocol::FindCoordinatorRequest find;
  find.coordinator_keys = {"g"};
  EXPECT_EQ(client.call<protocol::FindCoordinator>(find, 4).coordinators.at(0).error_code, kNoGroup);
  allow_group("g", kRead);
  EXPECT_EQ(heartbeat(), code(ErrorCode::kUnknownMemberId));
  EXPECT_EQ(client.call<protocol::FindCoordinator>(find, 4).coordinators.at(0).error_code, 0);
}

TEST_F(Guarded, AGroupIsNotDescribedToWhoMayNotSeeItsTopics) {
  allow_group("g", kRead);
  allow_topic("seen", kDescribe);
  protocol::ConsumerGroupHeartbeatRequest join;
  join.group_id = "g";
  join.member_id = "m";
  join.subscribed_topic_names = {"seen"};
  join.rebalance_timeout_ms = 10'000;
  join.topic_partitions.emplace();
  ASSERT_EQ(client.call<protocol::ConsumerGroupHeartbeat>(join).error_code, 0);
  protocol::ConsumerGroupDescribeRequest describe;
  describe.group_ids = {"g"};
  auto shown = client.call<protocol::ConsumerGroupDescribe>(describe).groups.at(0);
  EXPECT_EQ(shown.error_code, 0);
  EXPECT_EQ(shown.members.size(), 1u);
  allow(AclResource::kTopic, "seen", kDescribe, AclPermission::kDeny);
  auto hidden = client.call<protocol::ConsumerGroupDescribe>(describe).groups.at(0);
  EXPECT_EQ(hidden.error_code, kNoTopic);
  EXPECT_TRUE(hidden.members.empty());
}

TEST_F(Guarded, OffsetsNeedTheGroupAndTheTopic) {
  auto commit = [&](const char* topic) {
    protocol::OffsetCommitRequest request;
    request.group_id = "g";
    auto& each = request.topics.emplace_back();
    each.name = topic;
    each.partitions.push_back({0, 5, -1, std::nullopt});
    return client.call<protocol::OffsetCommit>(request, 8).topics.at(0).partitions.at(0).error_code;
  };
  EXPECT_EQ(commit("seen"), kNoGroup);
  allow_group("g", kRead);
  EXPECT_EQ(commit("seen"), kNoTopic);
  allow_topic("seen", kRead);
  EXPECT_EQ(commit("seen"), 0);
  record(broker_event::OffsetCommitted{"g", {"secret", PartitionId{0}}, {Offset{7}, -1, "", {}}});
  protocol::OffsetFetchRequest all;
  all.groups.push_back({"g", std::nullopt, -1, std::nullopt});
  all.groups.push_back({"other", std::nullopt, -1, std::nullopt});
  auto found = client.call<protocol::OffsetFetch>(all, 8);
  ASSERT_EQ(found.groups.size(), 2u);
  ASSERT_EQ(found.groups[0].topics.size(), 1u);
  EXPECT_EQ(found.groups[0].topics[0].name, "seen");
  EXPECT_EQ(found.groups[1].error_code, kNoGroup);
  protocol::OffsetFetchRequest one;
  one.group_id = "g";
  one.topics.emplace();
  one.topics->push_back({"secret", {0}});
  auto refused = client.call<protocol::OffsetFetch>(one, 7);
  EXPECT_EQ(refused.topics.at(0).partitions.at(0).error_code, kNoTopic);
  EXPECT_EQ(refused.topics.at(0).partitions.at(0).committed_offset, -1);
}

TEST_F(Guarded, ListsAreOfWhatMayBeSeen) {
  record(broker_event::OffsetCommitted{"mine", {"seen", PartitionId{0}}, {Offset{7}, -1, "", {}}});
  record(broker_event::OffsetCommitted{"other", {"seen", PartitionId{0}}, {Offset{7}, -1, "", {}}});
  EXPECT_TRUE(client.call<protocol::ListGroups>({}).groups.empty());
  allow_group("mine", kDescribe);
  EXPECT_EQ(client.call<protocol::ListGroups>({}).groups.size(), 1u);
  EXPECT_EQ(client.call<protocol::DeleteGroups>({{"mine"}}).results.at(0).error_code, kNoGroup);
  protocol::DescribeGroupsRequest describe;
  describe.groups = {"mine", "other"};
  describe.include_authorized_operations = true;
  auto described = client.call<protocol::DescribeGroups>(describe);
  ASSERT_EQ(described.groups.size(), 2u);
  EXPECT_EQ(described.groups[0].authorized_operations, 1 << 8);
  EXPECT_EQ(described.groups[1].error_code, kNoGroup);
  allow_cluster(kDescribe);
  EXPECT_EQ(client.call<protocol::ListGroups>({}).groups.size(), 2u);
}

TEST_F(Guarded, ProducersNeedSomethingToWriteTo) {
  EXPECT_EQ(init_producer(std::nullopt), kNoCluster);
  EXPECT_EQ(init_producer("tx"), kNoTransaction);
  allow_topic("seen", kWrite);
  EXPECT_EQ(init_producer(std::nullopt), 0);
  allow(AclResource::kTransactionalId, "tx", kWrite);
  EXPECT_EQ(init_producer("tx"), 0);
}

TEST_F(Guarded, TransactionsReachOnlyWhatMayBeReached) {
  protocol::AddPartitionsToTxnRequest add;
  add.v3_and_below_transactional_id = "tx";
  add.v3_and_below_topics.push_back({"seen", {0}});
  add.v3_and_below_topics.push_back({"secret", {0}});
  auto errors = [&] {
    Errors out;
    for (const auto& topic : client.call<protocol::AddPartitionsToTxn>(add, 3).results_by_topic_v3_and_below) {
      out[topic.name] = topic.results_by_partition.at(0).partition_error_code;
    }
    return out;
  };
  EXPECT_EQ(errors(), (Errors{{"seen", kNoTransaction}, {"secret", kNoTransaction}}));
  allow(AclResource::kTransactionalId, "tx", kWrite);
  allow_topic("seen", kWrite);
  EXPECT_EQ(errors(), (Errors{{"seen", code(ErrorCode::kOperationNotAttempted)}, {"secret", kNoTopic}}));
  allow_topic("secret", kWrite);
  protocol::InitProducerIdRequest init;
  init.transactional_id = "tx";
  init.transaction_timeout_ms = 10'000;
  auto producer = client.call<protocol::InitProducerId>(init, 4);
  add.v3_and_below_producer_id = producer.producer_id;
  add.v3_and_below_producer_epoch = producer.producer_epoch;
  EXPECT_EQ(errors(), (Errors{{"seen", 0}, {"secret", 0}}));
  allow(AclResource::kTopic, "secret", kDescribe, AclPermission::kDeny);
  protocol::DescribeTransactionsRequest mine;
  mine.transactional_ids = {"tx"};
  auto state = client.call<protocol::DescribeTransactions>(mine).transaction_states.at(0);
  ASSERT_EQ(state.topics.size(), 1u);
  EXPECT_EQ(state.topics[0].topic, "seen");
  protocol::AddOffsetsToTxnRequest offsets;
  offsets.transactional_id = "tx";
  offsets.group_id = "g";
  EXPECT_EQ(client.call<protocol::AddOffsetsToTxn>(offsets).error_code, kNoGroup);
  offsets.transactional_id = "other";
  EXPECT_EQ(client.call<protocol::AddOffsetsToTxn>(offsets).error_code, kNoTransaction);
  protocol::EndTxnRequest end;
  end.transactional_id = "other";
  EXPECT_EQ(client.call<protocol::EndTxn>(end, 4).error_code, kNoTransaction);
  protocol::DescribeTransactionsRequest describe;
  describe.transactional_ids = {"other"};
  EXPECT_EQ(client.call<protocol::DescribeTransactions>(describe).transaction_states.at(0).error_code, kNoTransaction);
}

TEST_F(Guarded, SettingsAreForWhoMaySeeThem) {
  protocol::DescribeConfigsRequest request;
  request.resources.push_back({2, "seen", std::nullopt});
  request.resources.push_back({4, "1", std::nullopt});
  auto errors = [&] {
    std::map<int, int16_t> out;
    for (const auto& result : client.call<protocol::DescribeConfigs>(request).results) {
      out[result.resource_type] = result.error_code;
    }
    return out;
  };
  EXPECT_EQ(errors(), (std::map<int, int16_t>{{2, kNoTopic}, {4, kNoCluster}}));
  allow_topic("seen", kAlterConfigs);
  EXPECT_EQ(errors(), (std::map<int, int16_t>{{2, 0}, {4, kNoCluster}}));
  allow_cluster(kDescribeConfigs);
  EXPECT_EQ(errors(), (std::map<int, int16_t>{{2, 0}, {4, 0}}));
}

TEST_F(Guarded, RulesAreMadeAndSeenByWhoMayChangeTheCluster) {
  protocol::CreateAclsRequest create;
  create.creations.push_back({2, "seen", 3, "User:bob", "*", 3, 3});
  create.creations.push_back({2, "seen", 3, "bob", "*", 3, 3});       // No type of principal.
  create.creations.push_back({2, "seen", 3, "User:bob", "*", 9, 3});  // ClusterAction is not for topics.
  create.creations.push_back({2, "seen", 2, "User:bob", "*", 3, 3});  // MATCH is for filters.
  auto errors = [&] {
    std::vector<int16_t> out;
    for (const auto& result : client.call<protocol::CreateAcls>(create).results) out.push_back(result.error_code);
    return out;
  };
  EXPECT_EQ(errors(), (std::vector<int16_t>(4, kNoCluster)));
  protocol::DescribeAclsRequest every;
  every.resource_type_filter = every.pattern_type_filter = every.operation = every.permission_type = 1;
  EXPECT_EQ(client.call<protocol::DescribeAcls>(every).error_code, kNoCluster);
  allow_cluster(kAlter);
  int16_t bad = code(ErrorCode::kInvalidRequest);
  EXPECT_EQ(errors(), (std::vector<int16_t>{0, bad, bad, bad}));
  auto described = client.call<protocol::DescribeAcls>(every);
  EXPECT_EQ(described.resources.size(), 2u);  // Bob's, and our own about the cluster.
  protocol::DeleteAclsRequest remove;
  auto& filter = remove.filters.emplace_back();
  filter.resource_type_filter = filter.pattern_type_filter = filter.operation = filter.permission_type = 1;
  filter.principal_filter = "User:bob";
  auto removed = client.call<protocol::DeleteAcls>(remove);
  ASSERT_EQ(removed.filter_results.at(0).matching_acls.size(), 1u);
  EXPECT_EQ(removed.filter_results[0].matching_acls[0].resource_name, "seen");
  EXPECT_EQ(client.call<protocol::DescribeAcls>(every).resources.size(), 1u);
}

TEST_F(Guarded, UsersAreMadeByWhoMayChangeTheCluster) {
  protocol::AlterUserScramCredentialsRequest request;
  request.deletions.push_back({"bob", 1});
  EXPECT_EQ(client.call<protocol::AlterUserScramCredentials>(request).results.at(0).error_code, kNoCluster);
  EXPECT_EQ(client.call<protocol::DescribeUserScramCredentials>({}).error_code, kNoCluster);
  allow_cluster(kAlter);
  EXPECT_EQ(client.call<protocol::AlterUserScramCredentials>(request).results.at(0).error_code,
            code(ErrorCode::kResourceNotFound));
  EXPECT_EQ(client.call<protocol::DescribeUserScramCredentials>({}).error_code, 0);
}

// Every request that is served is refused, in some way, to who may do nothing: none was forgotten.
TEST_F(Guarded, NoRequestIsWithoutAGuard) {
  std::set<int16_t> free{protocol::ApiVersions::kInfo.key, protocol::SaslHandshake::kInfo.key,
                         protocol::SaslAuthenticate::kInfo.key, protocol::GetTelemetrySubscriptions::kInfo.key,
                         protocol::PushTelemetry::kInfo.key};
  for (const auto& range : broker.service->advertised()) {
    EXPECT_TRUE(free.contains(range.key) || broker.service->has_guard(range.key)) << range.key;
  }
}

TEST(Authorizer, SuperUsersMayDoEverything) {
  SecuritySettings settings;
  AclSet acls;
  Authorizer authorizer(settings, acls);
  Client client;
  auto may = [&](const std::string& principal) {
    client.principal = principal;
    return authorizer.allows_cluster(client, kAlter);
  };
  EXPECT_TRUE(may("User:anybody"));  // There is no authorizer.
  settings.super_users = "User:admin;User:CN=root,O=Acme";
  EXPECT_TRUE(may("User:admin"));
  EXPECT_TRUE(may("User:CN=root,O=Acme"));
  for (const char* other : {"User:adm", "User:administrator", "ser:admin", "User:CN=root", "User:anybody", ""}) {
    EXPECT_FALSE(may(other)) << other;
  }
  settings.allows_without_rule = true;
  EXPECT_TRUE(may("User:anybody"));
  acls.add(
      {AclResource::kCluster, AclPattern::kLiteral, kClusterName, "User:bob", "*", kDescribe, AclPermission::kAllow});
  EXPECT_FALSE(may("User:anybody"));
}

}  // namespace
}  // namespace leat
