// What a broker writes about its groups, on simulated clock, disk and network, and what is made of it: every cause that
// the coordinator can see, from the requests of members to the name in the diagnosis.
#include <gtest/gtest.h>

#include "broker/group/groups.h"
#include "explain/diagnosis.h"
#include "log/record_batch_builder.h"
#include "log/record_reader.h"
#include "protocol/all.h"
#include "sim/kafka_client.h"

namespace leat {
namespace {

using protocol::ErrorCode;

Bytes subscription(const std::vector<std::string>& topics) {
  Bytes out;
  Encoder encoder(out, false);
  encoder(int16_t{0});
  encoder(topics);
  encoder(std::optional<BytesView>());
  return out;
}

Bytes assignment(const std::string& topic, const std::vector<int32_t>& partitions) {
  Bytes out;
  Encoder encoder(out, false);
  encoder(int16_t{0});
  encoder(int32_t{1});
  encoder(topic);
  encoder(partitions);
  encoder(std::optional<BytesView>());
  return out;
}

struct MemberOptions {
  std::string instance, protocol = "range";
  std::vector<std::string> topics{"t"};
  int32_t session_ms = 10'000, poll_ms = 60'000;
};

// A consumer with two connections, as clients have: one to its coordinator, one to read on.
class Consumer {
 public:
  Consumer(TestBroker& broker, const std::string& name, MemberOptions options = {})
      : options_(std::move(options)), group_(std::in_place, broker, name), reads_(std::in_place, broker, name) {
    protocol::ApiVersionsRequest who;
    who.client_software_name = "librdkafka";
    who.client_software_version = "2.15.1";
    group_->call<protocol::ApiVersions>(who, 3);
  }

  int16_t join(std::string reason = {}) {
    send_join(reason);
    return finish();
  }
  void send_join(const std::string& reason = {}) {
    protocol::JoinGroupRequest request;
    request.group_id = "g";
    request.session_timeout_ms = options_.session_ms;
    request.rebalance_timeout_ms = options_.poll_ms;
    request.member_id = id;
    if (!options_.instance.empty()) request.group_instance_id = options_.instance;
    request.protocol_type = "consumer";
    metadata_ = subscription(options_.topics);
    request.protocols.push_back({options_.protocol, metadata_});
    if (!reason.empty()) request.reason = reason;
    if (id.empty() && options_.instance.empty()) {
      auto first = group_->call<protocol::JoinGroup>(request);
      if (first.error_code != static_cast<int16_t>(ErrorCode::kMemberIdRequired)) {
        error_ = first.error_code;
        return;
      }
      id = request.member_id = first.member_id;
    }
    group_->send<protocol::JoinGroup>(request);
  }
  // Takes the answer to send_join() and, as a leader, gives itself every partition; then the assignment.
  int16_t finish() {
    int16_t refused = take_join();
    if (refused != 0) return refused;
    protocol::SyncGroupRequest sync;
    sync.group_id = "g";
    sync.generation_id = generation;
    sync.member_id = id;
    if (!options_.instance.empty()) sync.group_instance_id = options_.instance;
    Bytes all = assignment("t", {0});
    if (leads) sync.assignments.push_back({id, all});
    group_->send<protocol::SyncGroup>(sync);
    return 0;
  }
  int16_t take_join() {
    if (error_ != 0) return error_;
    auto joined = group_->receive<protocol::JoinGroup>();
    if (!joined || joined->error_code != 0) return joined ? joined->error_code : int16_t{-1};
    id = joined->member_id;
    generation = joined->generation_id;
    leads = joined->leader == id;
    return 0;
  }
  void take_assignment() { group_->receive<protocol::SyncGroup>(); }
  int16_t heartbeat() {
    protocol::HeartbeatRequest request;
    request.group_id = "g";
    request.generation_id = generation;
    request.member_id = id;
    if (!options_.instance.empty()) request.group_instance_id = options_.instance;
    return group_->call<protocol::Heartbeat>(request).error_code;
  }
  void leave(const std::string& reason = {}) {
    protocol::LeaveGroupRequest request;
    request.group_id = "g";
    auto& member = request.members.emplace_back();
    member.member_id = id;
    if (!reason.empty()) member.reason = reason;
    group_->call<protocol::LeaveGroup>(request);
    id.clear();
  }
  void read(int64_t offset) {
    protocol::FetchRequest request;
    request.max_wait_ms = 0;
    request.max_bytes = 1 << 20;
    request.topics.push_back({"t", {}, {{}}});
    request.topics[0].partitions[0].fetch_offset = offset;
    request.topics[0].partitions[0].partition_max_bytes = 1 << 20;
    reads_->call<protocol::Fetch>(request, 11);
  }
  void commit(int64_t offset) {
    protocol::OffsetCommitRequest request;
    request.group_id = "g";
    request.generation_id_or_member_epoch = generation;
    request.member_id = id;
    request.topics.push_back({"t", {}, {{0, offset, -1, ""}}});
    group_->call<protocol::OffsetCommit>(request, 9);
  }
  void close() {
    group_.reset();
    reads_.reset();
  }
  void subscribe(std::vector<std::string> topics) { options_.topics = std::move(topics); }
  TestClient& connection() { return *group_; }

  std::string id;
  int32_t generation = -1;
  bool leads = false;

 private:
  MemberOptions options_;
  std::optional<TestClient> group_, reads_;
  Bytes metadata_;
  int16_t error_ = 0;
};

class GroupHistoryTest : public testing::Test {
 protected:
  GroupHistoryTest() {
    broker.stop();
    broker.settings.group.initial_rebalance_delay_ms = 0;
    broker.start();
    admin.emplace(broker, "admin");
    make_topic("t", 1);
  }
  void make_topic(const std::string& name, int32_t partitions) {
    protocol::CreateTopicsRequest request;
    request.topics.push_back({name, partitions, 1, {}, {}});
    ASSERT_EQ(admin->call<protocol::CreateTopics>(request).topics[0].error_code, 0);
  }
  void join(Consumer& one, const std::string& reason = {}) {
    ASSERT_EQ(one.join(reason), 0);
    one.take_assignment();
  }
  // Time passes, and these go on sending heartbeats.
  void pass(int64_t ms, const std::vector<Consumer*>& alive = {}) {
    for (; ms > 0; ms -= 3000) {
      broker.loop.advance_ms(std::min<int64_t>(ms, 3000));
      for (Consumer* each : alive) each->heartbeat();
    }
  }
  std::vector<HistoryRecord> history() {
    broker.loop.run();
    std::vector<HistoryRecord> out;
    TestClient reader(broker, "reader");
    protocol::FetchRequest request;
    request.max_bytes = 1 << 24;
    request.topics.push_back({kHistoryTopic, {}, {{}}});
    request.topics[0].partitions[0].partition_max_bytes = 1 << 24;
    auto response = reader.call<protocol::Fetch>(request, 11);
    BytesView bytes = response.responses[0].partitions[0].records->bytes;
    while (!bytes.empty()) {
      auto batch = RecordBatchView::parse(bytes);
      if (!batch) break;
      auto records = RecordReader::open(*batch);
      RecordView record;
      while (records) {
        auto more = records->next(record);
        if (!more || !*more) break;
        EXPECT_EQ(record.key, "g");
        auto decoded = decode_history(record.value.value_or(""));
        EXPECT_TRUE(decoded) << decoded.error().message;
        if (decoded) out.push_back(std::move(*decoded));
      }
      bytes.remove_prefix(batch->bytes().size());
    }
    return out;
  }
  // The gravest cause of what began after `from`.
  std::string named() {
    auto seen = diagnose(history(), from_, broker.broker->wall());
    return seen.findings.empty() ? "nothing" : to_string(seen.findings[0].cause);
  }
  void begin() {
    pass(2000);
    from_ = broker.broker->wall();
  }

  TestBroker broker;
  std::optional<TestClient> admin;
  WallTime from_;
};

TEST_F(GroupHistoryTest, ANewMember) {
  Consumer a(broker, "a");
  join(a);
  EXPECT_EQ(named(), "new_member");
  auto records = history();
  ASSERT_EQ(records.size(), 1u);
  const auto& rebalance = std::get<Rebalance>(records[0].what);
  ASSERT_EQ(rebalance.members.size(), 1u);
  EXPECT_EQ(rebalance.members[0].software_name, "librdkafka");
  EXPECT_EQ(rebalance.members[0].assigned, (PartitionSets{{"t", {0}}}));
  EXPECT_EQ(rebalance.members[0].topics, (std::vector<std::string>{"t"}));
}

TEST_F(GroupHistoryTest, OneThatDies) {
  Consumer a(broker, "a");
  join(a);
  begin();
  a.heartbeat();
  a.close();
  pass(12'000);
  EXPECT_EQ(named(), "crashed");
}

TEST_F(GroupHistoryTest, OneThatIsSilent) {
  Consumer a(broker, "a");
  join(a);
  begin();
  a.heartbeat();
  pass(12'000);
  EXPECT_EQ(named(), "stalled");
  EXPECT_EQ(a.heartbeat(), static_cast<int16_t>(ErrorCode::kUnknownMemberId));  // It wakes up.
  auto seen = diagnose(history(), from_, broker.broker->wall());
  EXPECT_EQ(seen.incidents.at(0).confidence, Confidence::kObserved);
  EXPECT_GE(seen.incidents.at(0).needed_ms, 12'000);
}

TEST_F(GroupHistoryTest, OneThatPollsTooLate) {
  Consumer a(broker, "a");
  join(a);
  begin();
  a.read(0);
  a.commit(0);
  pass(63'000, {&a});
  a.leave();  // As librdkafka does, without a word.
  pass(5000);
  join(a);
  EXPECT_EQ(named(), "poll_interval_exceeded");
  auto seen = diagnose(history(), from_, broker.broker->wall());
  EXPECT_EQ(seen.incidents.at(0).needed_ms, 65'000);
}

TEST_F(GroupHistoryTest, OneThatLeavesAndOneThatComesBack) {
  Consumer a(broker, "a");
  join(a);
  begin();
  a.leave();
  a.close();
  EXPECT_EQ(named(), "left");
  pass(3000);
  Consumer again(broker, "a");
  join(again);
  EXPECT_EQ(named(), "restarted");
}

TEST_F(GroupHistoryTest, TopicsThatComeGrowAndGo) {
  Consumer a(broker, "a");
  join(a);
  begin();
  protocol::CreatePartitionsRequest more;
  more.topics.push_back({"t", 3, std::nullopt});
  admin->call<protocol::CreatePartitions>(more);
  join(a);
  EXPECT_EQ(named(), "partitions_changed");
  begin();
  make_topic("u", 1);
  a.subscribe({"t", "u"});
  join(a);
  EXPECT_EQ(named(), "topic_created");
  begin();
  protocol::DeleteTopicsRequest gone;
  gone.topics.push_back({"u", {}});
  admin->call<protocol::DeleteTopics>(gone);
  a.subscribe({"t"});
  join(a);
  EXPECT_EQ(named(), "topic_deleted");
  begin();
  join(a);
  EXPECT_EQ(named(), "leader_rejoined");
}

TEST_F(GroupHistoryTest, ASubscriptionThatChanges) {
  make_topic("u", 1);
  Consumer a(broker, "a");
  join(a);
  begin();
  a.subscribe({"t", "u"});
  join(a);
  EXPECT_EQ(named(), "subscription_changed");
}

TEST_F(GroupHistoryTest, OneInstanceIdTwice) {
  MemberOptions is_static;
  is_static.instance = "i";
  Consumer a(broker, "a", is_static);
  join(a);
  begin();
  Consumer b(broker, "b", is_static);
  join(b);
  EXPECT_EQ(a.heartbeat(), static_cast<int16_t>(ErrorCode::kFencedInstanceId));
  EXPECT_EQ(named(), "duplicate_instance");
}

TEST_F(GroupHistoryTest, AStaticMemberThatIsRestarted) {
  MemberOptions is_static;
  is_static.instance = "i";
  Consumer a(broker, "a", is_static);
  join(a);
  begin();
  a.close();
  Consumer b(broker, "a", is_static);
  join(b);
  auto seen = diagnose(history(), from_, broker.broker->wall());
  EXPECT_EQ(seen.findings.at(0).cause, Cause::kRestarted);
  EXPECT_TRUE(seen.rebalances.empty());
}

TEST_F(GroupHistoryTest, NoAssignorInCommon) {
  Consumer a(broker, "a");
  join(a);
  begin();
  MemberOptions other;
  other.protocol = "roundrobin";
  Consumer b(broker, "b", other);
  EXPECT_EQ(b.join(), static_cast<int16_t>(ErrorCode::kInconsistentGroupProtocol));
  EXPECT_EQ(named(), "assignor_mismatch");
  auto seen = diagnose(history(), from_, broker.broker->wall());
  EXPECT_EQ(seen.incidents.at(0).offered, (std::vector<std::string>{"roundrobin"}));
  EXPECT_EQ(seen.incidents.at(0).wanted, (std::vector<std::string>{"range"}));
}

TEST_F(GroupHistoryTest, OneThatDoesNotFetchItsAssignment) {
  MemberOptions patient;
  patient.session_ms = 100'000;
  Consumer a(broker, "a", patient);
  begin();
  a.send_join();
  EXPECT_EQ(a.take_join(), 0);
  pass(65'000, {&a});
  EXPECT_EQ(named(), "sync_timeout");
}

TEST_F(GroupHistoryTest, OneThatDoesNotRejoin) {
  Consumer a(broker, "a"), b(broker, "b");
  join(a);
  begin();
  b.send_join();
  pass(65'000, {&a});
  EXPECT_EQ(b.finish(), 0);
  b.take_assignment();
  EXPECT_EQ(named(), "poll_interval_exceeded");
}

TEST_F(GroupHistoryTest, OneThatIsRemoved) {
  MemberOptions is_static;
  is_static.instance = "i";
  Consumer a(broker, "a", is_static);
  join(a);
  begin();
  protocol::LeaveGroupRequest request;
  request.group_id = "g";
  request.members.push_back({"", "i", std::nullopt});
  admin->call<protocol::LeaveGroup>(request);
  EXPECT_EQ(named(), "removed_by_admin");
}

TEST_F(GroupHistoryTest, ARestartOfTheCoordinator) {
  Consumer a(broker, "a");
  join(a);
  a.close();
  broker.loop.run();
  begin();
  broker.stop();
  broker.start();
  EXPECT_EQ(named(), "coordinator_restarted");
  auto records = history();  // What was written before is still there.
  EXPECT_TRUE(std::holds_alternative<Rebalance>(records.at(0).what));
}

TEST_F(GroupHistoryTest, RecordsThatAreReadAgain) {
  Consumer a(broker, "a");
  join(a);
  begin();
  a.read(0);
  a.commit(0);
  for (Offset next{0}; next.value < 5; ++next.value) {
    RecordBatchBuilder builder;
    builder.add(broker.broker->wall(), std::nullopt, BytesView("x"));
    auto partition = broker.broker->partition("t", 0);
    ASSERT_TRUE(partition && *partition);
    ASSERT_TRUE((*partition)->append(builder.finish({})));
  }
  broker.loop.run();
  a.read(5);
  a.close();
  pass(12'000);
  auto seen = diagnose(history(), from_, broker.broker->wall());
  ASSERT_FALSE(seen.findings.empty());
  EXPECT_EQ(seen.findings[0].cause, Cause::kCrashed);
  EXPECT_EQ(seen.findings[0].read_again_max, 5);
}

TEST_F(GroupHistoryTest, IsMarkedAsInternalAndBounded) {
  Consumer a(broker, "a");
  for (int i = 0; i < 700; ++i) join(a);  // All at one moment: only so many are kept.
  auto records = history();
  EXPECT_LE(records.size(), 500u);
  EXPECT_GE(records.size(), 100u);
  protocol::MetadataRequest request;
  request.topics.emplace().push_back({{}, kHistoryTopic});
  EXPECT_TRUE(admin->call<protocol::Metadata>(request).topics.at(0).is_internal);
}

}  // namespace
}  // namespace leat
