// Histories as a coordinator writes them, and what is made of them.
#include "explain/diagnosis.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "explain/report.h"

namespace leat {
namespace {

constexpr int64_t kStart = 1'800'000'000'000;

// A history that grows; times are in seconds since its beginning.
class Story {
 public:
  RebalanceTrigger trigger(RebalanceCause cause, double at_s, const std::string& client, uint64_t connection) const {
    RebalanceTrigger out;
    out.cause = cause;
    out.at = at(at_s);
    out.client_id = client;
    out.client_host = "10.0.0.7";
    out.member_id = client + "-" + std::to_string(connection);
    out.software_name = software;
    out.session_timeout_ms = 10'000;
    out.rebalance_timeout_ms = 300'000;
    out.evidence.connection = connection;
    out.evidence.member_ms = 1'000'000;
    out.evidence.heartbeats = {300, 900, 3010, 3001};
    out.evidence.topics_before = out.evidence.topics_after = {"orders"};
    return out;
  }
  static WallTime at(double s) { return {kStart + static_cast<int64_t>(s * 1000)}; }

  Rebalance& rebalance(RebalanceTrigger trigger, double took_s = 2) {
    Rebalance out;
    out.from_generation = generation_++;
    out.to_generation = generation_;
    out.began = trigger.at;
    out.ended = WallTime{trigger.at.value + static_cast<int64_t>(took_s * 1000)};
    out.protocol = "range";
    out.members_before = out.members_after = 3;
    out.triggers.push_back(std::move(trigger));
    records.push_back({*out.ended, std::move(out)});
    return std::get<Rebalance>(records.back().what);
  }
  template <class Fact>
  void fact(double at_s, Fact what) {
    records.push_back({at(at_s), std::move(what)});
  }
  MemberIdentity identity(const RebalanceTrigger& of) const {
    return {of.member_id, "", of.client_id, of.client_host, of.software_name, "", of.evidence.connection};
  }
  Diagnosis diagnosis(double from_s = -1) const { return diagnose(records, at(from_s), at(100'000)); }

  std::string software = "librdkafka";
  std::vector<HistoryRecord> records;

 private:
  int32_t generation_ = 1;
};

bool has(const std::vector<std::string>& texts, const std::string& part) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const auto& each) { return each.find(part) != std::string::npos; });
}

TEST(Diagnosis, APollIntervalIsExceededAndTheNumbersAreComputed) {
  Story story;
  RebalanceTrigger left = story.trigger(RebalanceCause::kLeft, 1000, "worker", 7);
  left.evidence.commits = {20, 299'000, 30'000, 30'000};
  left.evidence.commit_records_max = 500;
  story.rebalance(left);
  RebalanceTrigger back = story.trigger(RebalanceCause::kNewMember, 1112, "worker", 7);
  back.member_id = "worker-again";
  story.rebalance(back);
  Diagnosis seen = story.diagnosis();
  ASSERT_EQ(seen.findings.size(), 1u);
  const Finding& finding = seen.findings[0];
  EXPECT_EQ(finding.cause, Cause::kPollIntervalExceeded);
  EXPECT_EQ(finding.confidence, Confidence::kInferred);
  EXPECT_EQ(finding.rebalances, 2u);  // It went, and it came back.
  EXPECT_EQ(finding.paused_ms, 4000);
  EXPECT_EQ(seen.incidents[0].needed_ms, 412'000);
  EXPECT_NE(finding.why.find("max.poll.interval.ms is 300 s; this member needed 412 s for about 500 records"),
            std::string::npos)
      << finding.why;
  EXPECT_TRUE(has(finding.changes, "fewer than 360 records"));
  EXPECT_TRUE(has(finding.changes, "620,000 (620 s)"));
}

TEST(Diagnosis, TheJavaClientSaysItItself) {
  Story story;
  story.software = "apache-kafka-java";
  RebalanceTrigger left = story.trigger(RebalanceCause::kLeft, 1000, "worker", 7);
  left.client_reason = "consumer poll timeout has expired.";
  left.evidence.commit_records_max = 500;
  story.rebalance(left);
  const Finding finding = story.diagnosis().findings.at(0);
  EXPECT_EQ(finding.cause, Cause::kPollIntervalExceeded);
  EXPECT_EQ(finding.confidence, Confidence::kReported);
  EXPECT_TRUE(has(finding.changes, "max.poll.records below"));
}

TEST(Diagnosis, WhoClosesItsConnectionAfterLeavingMeantToLeave) {
  Story story;
  RebalanceTrigger left = story.trigger(RebalanceCause::kLeft, 1000, "worker", 7);
  story.rebalance(left);
  story.fact(1000.1, ClosedAfterwards{story.identity(left), 100, "closed by the peer"});
  EXPECT_EQ(story.diagnosis().findings.at(0).cause, Cause::kLeft);
  story.rebalance(story.trigger(RebalanceCause::kNewMember, 1004, "worker", 9));
  Diagnosis seen = story.diagnosis();
  EXPECT_EQ(seen.findings.at(0).cause, Cause::kRestarted);
  EXPECT_EQ(seen.incidents.at(0).back_ms, 4000);
  EXPECT_TRUE(has(seen.findings[0].changes, "group.instance.id"));
}

TEST(Diagnosis, SomebodyElseWithTheSameNameDoesNotComeBack) {
  Story story;
  RebalanceTrigger left = story.trigger(RebalanceCause::kLeft, 1000, "worker", 7);  // Its connection stays open...
  story.rebalance(left);
  story.rebalance(story.trigger(RebalanceCause::kNewMember, 1004, "worker", 9));  // ...and this is another one.
  Diagnosis seen = story.diagnosis();
  EXPECT_TRUE(std::any_of(seen.incidents.begin(), seen.incidents.end(),
                          [](const Incident& each) { return each.cause == Cause::kNewMember; }));
}

TEST(Diagnosis, ASessionExpiresInThreeWays) {
  Story story;
  RebalanceTrigger crashed = story.trigger(RebalanceCause::kSessionExpired, 1000, "a", 1);
  crashed.evidence.closed_ms = 8200;
  crashed.evidence.closed_why = "Connection reset by peer";
  story.rebalance(crashed);
  RebalanceTrigger frozen = story.trigger(RebalanceCause::kSessionExpired, 2000, "b", 2);
  frozen.evidence.heartbeats.age_ms = 10'000;
  frozen.evidence.unsent_bytes = 0;
  story.rebalance(frozen);
  story.fact(2014, MemberRefused{story.identity(frozen), "heartbeat", "UNKNOWN_MEMBER_ID", 1, -1, {}, {}});
  RebalanceTrigger lost = story.trigger(RebalanceCause::kSessionExpired, 3000, "c", 3);
  lost.evidence.unsent_bytes = 77;
  story.rebalance(lost);
  Diagnosis seen = story.diagnosis();
  ASSERT_EQ(seen.incidents.size(), 3u);
  EXPECT_EQ(seen.incidents[0].cause, Cause::kCrashed);
  EXPECT_EQ(seen.incidents[0].unserved_ms, 8200);
  EXPECT_EQ(seen.incidents[1].cause, Cause::kStalled);
  EXPECT_EQ(seen.incidents[1].confidence, Confidence::kObserved);
  EXPECT_EQ(seen.incidents[1].needed_ms, 24'000);
  EXPECT_EQ(seen.incidents[2].cause, Cause::kNetwork);
}

TEST(Diagnosis, TopicsThatCameWentAndGrew) {
  auto cause = [](RebalanceCause trigger, TopicChange change, std::vector<std::string> after) {
    Story story;
    RebalanceTrigger rejoined = story.trigger(trigger, 1000, "a", 1);
    change.at = Story::at(998);
    rejoined.evidence.changes = {change};
    rejoined.evidence.topics_after = std::move(after);
    story.rebalance(rejoined);
    return story.diagnosis().findings.at(0).cause;
  };
  EXPECT_EQ(cause(RebalanceCause::kLeaderRejoined, {"orders", 3, 6, {}, "admin"}, {"orders"}),
            Cause::kPartitionsChanged);
  EXPECT_EQ(cause(RebalanceCause::kSubscriptionChanged, {"more", 0, 6, {}, ""}, {"orders", "more"}),
            Cause::kTopicCreated);
  EXPECT_EQ(cause(RebalanceCause::kSubscriptionChanged, {"orders", 3, 0, {}, ""}, {}), Cause::kTopicDeleted);
}

TEST(Diagnosis, TheLeaderFollowsWhatAnotherMemberSaw) {
  for (bool deleted : {false, true}) {
    Story story;
    RebalanceTrigger changed = story.trigger(RebalanceCause::kSubscriptionChanged, 1000, "a", 1);
    changed.evidence.topics_after = {};
    if (deleted) changed.evidence.changes = {{"orders", 3, 0, Story::at(998), "admin"}};
    story.rebalance(changed);
    RebalanceTrigger leader = story.trigger(RebalanceCause::kSubscriptionChanged, 1003, "b", 2);
    leader.client_reason = "cached metadata has changed";
    story.rebalance(leader);
    Diagnosis seen = story.diagnosis();
    ASSERT_EQ(seen.findings.size(), 1u);
    EXPECT_EQ(seen.findings[0].cause, deleted ? Cause::kTopicDeleted : Cause::kSubscriptionChanged);
    EXPECT_EQ(seen.findings[0].rebalances, 2u);
  }
}

TEST(Diagnosis, AMemberThatRejoins) {
  Story story;
  RebalanceTrigger changed = story.trigger(RebalanceCause::kSubscriptionChanged, 1000, "a", 1);
  changed.evidence.topics_after = {"orders", "returns"};
  story.rebalance(changed);
  story.rebalance(story.trigger(RebalanceCause::kLeaderRejoined, 2000, "a", 1)).protocol = "cooperative-sticky";
  RebalanceTrigger second = story.trigger(RebalanceCause::kSubscriptionChanged, 2003, "b", 2);
  story.rebalance(second);
  Diagnosis seen = story.diagnosis();
  EXPECT_EQ(seen.incidents.at(0).cause, Cause::kSubscriptionChanged);
  EXPECT_EQ(seen.incidents.at(1).cause, Cause::kLeaderRejoined);
  EXPECT_EQ(seen.incidents.at(2).cause, Cause::kCooperativeRound);
}

TEST(Diagnosis, WhatHappensWithoutARebalance) {
  Story story;
  RebalanceTrigger a = story.trigger(RebalanceCause::kNewMember, 1, "a", 1),
                   b = story.trigger(RebalanceCause::kNewMember, 2, "b", 2);
  InstanceTaken taken{story.identity(a), story.identity(b), true, false};
  taken.by.instance_id = "i";
  story.fact(10, taken);
  story.fact(11,
             MemberRefused{story.identity(a), "join", "INCONSISTENT_GROUP_PROTOCOL", 4, -1, {"roundrobin"}, {"range"}});
  story.fact(12, CoordinatorStarted{7, 2});
  story.fact(13, MemberReturned{story.identity(b), 1000});
  Diagnosis seen = story.diagnosis();
  ASSERT_EQ(seen.findings.size(), 3u);
  EXPECT_EQ(seen.findings[0].cause, Cause::kDuplicateInstance);
  EXPECT_EQ(seen.findings[1].cause, Cause::kAssignorMismatch);
  EXPECT_NE(seen.findings[1].why.find("roundrobin"), std::string::npos);
  EXPECT_EQ(seen.findings[2].cause, Cause::kCoordinatorRestarted);
}

TEST(Diagnosis, TheOthers) {
  Story story;
  story.rebalance(story.trigger(RebalanceCause::kSyncTimeout, 1, "a", 1));
  story.rebalance(story.trigger(RebalanceCause::kRemovedByAdmin, 2, "b", 2));
  story.rebalance(story.trigger(RebalanceCause::kRebalanceTimeout, 3, "c", 3));
  story.rebalance(story.trigger(RebalanceCause::kMemberFenced, 4, "d", 4));
  story.rebalance(story.trigger(RebalanceCause::kNewMember, 50, "e", 5));
  std::vector<Cause> causes;
  for (const Incident& each : story.diagnosis().incidents) causes.push_back(each.cause);
  EXPECT_EQ(causes, (std::vector<Cause>{Cause::kSyncTimeout, Cause::kRemovedByAdmin, Cause::kPollIntervalExceeded,
                                        Cause::kMemberFenced, Cause::kNewMember}));
}

TEST(Diagnosis, HundredsOfRebalancesAreOneParagraph) {
  Story story;
  for (int i = 0; i < 100; ++i) {
    auto connection = static_cast<uint64_t>(i + 10);
    RebalanceTrigger died = story.trigger(RebalanceCause::kSessionExpired, i * 60 + 100, "worker", connection);
    died.evidence.closed_ms = 9000;
    died.evidence.closed_why = "closed by the peer";
    died.evidence.member_ms = 40'000;
    died.evidence.fetched_ahead = 12;
    story.rebalance(died);
    story.rebalance(story.trigger(RebalanceCause::kNewMember, i * 60 + 110, "worker", connection + 1));
  }
  Diagnosis seen = story.diagnosis();
  EXPECT_EQ(seen.rebalances.size(), 200u);
  ASSERT_EQ(seen.findings.size(), 1u);
  EXPECT_EQ(seen.findings[0].rebalances, 200u);
  EXPECT_EQ(seen.findings[0].title, "Crash loop: a member dies again and again");
  EXPECT_EQ(seen.findings[0].read_again_max, 1200);
  std::string text = report_text({"orders", "Stable", "range", false, 201, "", {}}, seen, std::nullopt, {});
  EXPECT_NE(text.find("It lives for 40 s (median)"), std::string::npos) << text;
  EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 40);
}

TEST(Diagnosis, OnlyWhatIsAskedForIsShown) {
  Story story;
  RebalanceTrigger left = story.trigger(RebalanceCause::kLeft, 1000, "worker", 7);
  left.client_reason = "the consumer is being closed";
  left.evidence.closed_ms = 0;
  story.rebalance(left);
  story.rebalance(story.trigger(RebalanceCause::kNewMember, 1010, "worker", 8));
  Diagnosis seen = story.diagnosis(1005);
  ASSERT_EQ(seen.rebalances.size(), 1u);
  EXPECT_EQ(seen.findings.at(0).cause, Cause::kRestarted);  // What came before still tells why.
  EXPECT_TRUE(story.diagnosis(2000).findings.empty());
}

TEST(Report, IsWrappedAndItsJsonIsWhole) {
  Story story;
  RebalanceTrigger left = story.trigger(RebalanceCause::kLeft, 1000, "wor\"k\x1b[31mer", 7);
  story.rebalance(left);
  Diagnosis seen = story.diagnosis();
  ReportStyle style;
  style.width = 72;
  GroupNow group{"orders", "Stable", "range", false, 2, "", {}};
  std::string text = report_text(group, seen, std::nullopt, style);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  std::string json = report_json(group, seen, std::nullopt);
  EXPECT_TRUE(json.starts_with(R"({"group":"orders","state":"Stable")")) << json;
  EXPECT_EQ(json.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace leat
