// What Apache Kafka's coordinator writes into __consumer_offsets, and what can be told from it.
#include "explain/foreign_history.h"

#include <gtest/gtest.h>

#include "explain/diagnosis.h"
#include "protocol/encoder.h"

namespace leat {
namespace {

class ForeignHistoryTest : public testing::Test {
 protected:
  struct Member {
    std::string id, client;
    std::vector<int32_t> partitions;
    std::vector<std::string> topics{"t"};
  };
  static Bytes key(int16_t kind, const std::string& group = "g") {
    Bytes out;
    Encoder encoder(out, false);
    encoder(kind);
    encoder(group);
    return out;
  }
  // A GroupMetadataValue, version 3.
  void generation(int32_t number, const std::vector<Member>& members, int64_t at_s) {
    Bytes value;
    Encoder out(value, false);
    out(int16_t{3});
    out(std::string("consumer"));
    out(number);
    out(std::optional<std::string>("range"));
    out(std::optional<std::string>(members.empty() ? "" : members[0].id));
    out(at_s * 1000);
    out(static_cast<int32_t>(members.size()));
    for (const Member& member : members) put(out, member);
    history.take(key(2), value, {at_s * 1000});
  }
  static void put(Encoder& out, const Member& member) {
    out(member.id);
    out(std::optional<std::string>());
    out(member.client);
    out(std::string("/10.0.0.7"));
    out(int32_t{300'000});
    out(int32_t{10'000});
    Bytes subscription, assignment;
    Encoder wants(subscription, false), has(assignment, false);
    wants(int16_t{0});
    wants(member.topics);
    wants(std::optional<BytesView>());
    has(int16_t{0});
    has(int32_t{1});
    has(std::string("t"));
    has(member.partitions);
    has(std::optional<BytesView>());
    out(BytesView(subscription));
    out(BytesView(assignment));
  }
  void commit(int32_t partition, int64_t at_s) {
    Bytes committed = key(1);
    Encoder out(committed, false);
    out(std::string("t"));
    out(partition);
    history.take(committed, BytesView("x"), {at_s * 1000});
  }
  std::vector<Incident> incidents() const { return diagnose(history.records(), {0}, {INT64_MAX}).incidents; }

  ForeignHistory history{"g"};
};

TEST_F(ForeignHistoryTest, GenerationsThatFollowEachOther) {
  generation(1, {{"a-1", "a", {0, 1}}}, 100);
  generation(2, {{"a-1", "a", {0}}, {"b-1", "b", {1}}}, 200);
  commit(1, 295);
  generation(3, {{"a-1", "a", {0, 1}}}, 300);                  // b had committed just before.
  generation(4, {{"a-1", "a", {0}}, {"b-2", "b", {1}}}, 310);  // And it is back.
  generation(5, {{"a-1", "a", {0}, {"t", "u"}}, {"b-2", "b", {1}}}, 400);
  generation(6, {{"a-1", "a", {0, 1}, {"t", "u"}}, {"b-2", "b", {2, 3}}}, 500);
  auto seen = incidents();
  ASSERT_EQ(seen.size(), 4u);
  EXPECT_EQ(seen[0].cause, Cause::kNewMember);
  EXPECT_EQ(seen[1].cause, Cause::kRestarted);
  EXPECT_EQ(seen[1].back_ms, 10'000);
  EXPECT_EQ(seen[1].confidence, Confidence::kInferred);
  EXPECT_EQ(seen[1].who.client_host, "10.0.0.7");
  EXPECT_EQ(seen[2].cause, Cause::kSubscriptionChanged);
  EXPECT_EQ(seen[3].cause, Cause::kPartitionsChanged);
}

TEST_F(ForeignHistoryTest, OneThatIsGone) {
  generation(1, {{"a-1", "a", {0}}, {"b-1", "b", {1}}, {"c-1", "c", {2}}}, 100);
  commit(1, 299);
  commit(2, 250);
  generation(2, {{"a-1", "a", {0, 1, 2}}}, 300);
  auto seen = incidents();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].cause, Cause::kLeft);               // It had committed a second before.
  EXPECT_EQ(seen[1].cause, Cause::kMembershipChanged);  // It had been silent for longer than its session.
}

TEST_F(ForeignHistoryTest, OtherGroupsAndNonsenseArePassedOver) {
  generation(1, {{"a-1", "a", {0}}}, 100);
  history.take(key(2, "other"), BytesView("\0\3", 2), {1});
  history.take(key(2), BytesView("\0\3\x7f", 3), {1});
  history.take(key(2), std::nullopt, {1});
  history.take(key(9), BytesView(""), {1});
  history.take("", BytesView(""), {1});
  EXPECT_TRUE(history.records().empty());
  generation(1, {{"a-1", "a", {0}}}, 150);  // Saved again.
  EXPECT_TRUE(history.records().empty());
}

TEST(ForeignHistory, ThePartitionOfAGroupIsKafkas) {
  EXPECT_EQ(ForeignHistory::partition_of("a", 50), 97 % 50);
  EXPECT_EQ(ForeignHistory::partition_of("hello", 50), 99162322 % 50);  // "hello".hashCode() in Java.
}

}  // namespace
}  // namespace leat
