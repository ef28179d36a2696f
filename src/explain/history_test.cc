// The records of the history come back as they were written, whatever clients put into them.
#include "explain/history.h"

#include <gtest/gtest.h>

#include "explain/consumer_protocol.h"
#include "protocol/encoder.h"

namespace leat {
namespace {

Rebalance some_rebalance() {
  Rebalance out;
  out.from_generation = 4;
  out.to_generation = 5;
  out.began = {1'000};
  out.joined = WallTime{1'200};
  out.ended = WallTime{1'300};
  out.protocol = "range";
  out.leader = "m-1";
  RebalanceTrigger& trigger = out.triggers.emplace_back();
  trigger.cause = RebalanceCause::kSessionExpired;
  trigger.member_id = "m-2";
  trigger.client_reason = "quoted \" and \\ and \n";
  trigger.at = {1'000};
  trigger.evidence.closed_ms = 40;
  trigger.evidence.heartbeats = {12, 6000, 3001, 3072};
  trigger.evidence.owned = {{"t", {0, 1, 2, 7}}};
  trigger.evidence.changes = {{"t", 1, 3, {900}, "admin"}};
  RebalanceMember& member = out.members.emplace_back();
  member.id = "m-1";
  member.topics = {"t", "u"};
  member.assigned = {{"t", {0, 1, 2}}, {"u", {}}};
  return out;
}

TEST(History, ComesBackAsItWasWritten) {
  MemberIdentity who{"m", "i", "c", "127.0.0.1", "librdkafka", "2.15.1", 7};
  for (const HistoryRecord& record :
       {HistoryRecord{{1}, some_rebalance()},
        {{2}, MemberRefused{who, "commit", "ILLEGAL_GENERATION", 3, 500, {"a"}, {"b", "c"}}},
        {{3}, InstanceTaken{who, who, true, false}},
        {{4}, ClosedAfterwards{who, 120, "closed by the peer"}},
        {{5}, CoordinatorStarted{4, 2}},
        {{6}, MemberReturned{who, 812}},
        {{7}, FactsDropped{12}}}) {
    std::string json = encode_history(record);
    auto read = decode_history(json);
    ASSERT_TRUE(read) << read.error().message << "\n" << json;
    EXPECT_EQ(*read, record) << json;
  }
}

TEST(History, TextThatIsNoUtf8IsMended) {
  Rebalance rebalance = some_rebalance();
  rebalance.triggers[0].client_id = "a\xff\xc0\x80z\xed\xa0\x80";
  auto read = decode_history(encode_history({{1}, rebalance}));
  ASSERT_TRUE(read) << read.error().message;
  const std::string& mended = std::get<Rebalance>(read->what).triggers[0].client_id;
  EXPECT_TRUE(mended.starts_with("a\xEF\xBF\xBD")) << mended;
}

TEST(History, IsBounded) {
  Rebalance rebalance = some_rebalance();
  rebalance.members.resize(5000, rebalance.members[0]);
  rebalance.members_after = 5000;
  std::string json = encode_history({{1}, rebalance}, 20'000);
  EXPECT_LE(json.size(), 20'000u);
  auto read = decode_history(json);
  ASSERT_TRUE(read);
  EXPECT_EQ(std::get<Rebalance>(read->what).members_after, 5000);
}

TEST(History, RefusesWhatIsNone) {
  for (const char* text : {"", "x", "[]", "{}", R"({"kind":7})", R"({"kind":"rebalance")"}) {
    EXPECT_FALSE(decode_history(text)) << text;
  }
  auto unknown = decode_history(R"({"kind":"of tomorrow","at":1})");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Errc::kUnsupported);
  auto odd =
      decode_history(R"({"kind":"rebalance","began":"soon","triggers":[3,{"cause":"no such"}],"to":99999999999})");
  ASSERT_TRUE(odd);
  EXPECT_EQ(std::get<Rebalance>(odd->what).triggers.size(), 1u);
}

TEST(ConsumerProtocol, ReadsWhatClientsSend) {
  Bytes bytes;
  Encoder out(bytes, false);
  out(int16_t{2});
  out(std::vector<std::string>{"b", "a"});
  out(std::optional<BytesView>());
  out(int32_t{1});
  out(std::string("a"));
  out(std::vector<int32_t>{3, 1});
  out(int32_t{9});
  auto read = decode_subscription(bytes);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->topics, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(read->owned, (PartitionSets{{"a", {1, 3}}}));
  EXPECT_EQ(read->generation, 9);
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(decode_subscription(bytes.substr(0, size))) << size;
}

TEST(ConsumerProtocol, RangesOfPartitions) {
  EXPECT_EQ(ranges_text({0, 1, 2, 5, 7, 8}), "0-2,5,7-8");
  EXPECT_EQ(parse_ranges("0-2,5,7-8"), (std::vector<int32_t>{0, 1, 2, 5, 7, 8}));
  EXPECT_EQ(parse_ranges("3,x,4"), (std::vector<int32_t>{3}));
  EXPECT_TRUE(parse_ranges("0-2000000000").empty());
  EXPECT_TRUE(parse_ranges("5-1").empty());
}

}  // namespace
}  // namespace leat
