// What rules say together: Kafka's own meanings.
#include "security/acl.h"

#include <gtest/gtest.h>

namespace leat {
namespace {

using enum AclOperation;
using Verdict = AclSet::Verdict;

constexpr auto kAllow = AclPermission::kAllow;
constexpr auto kDeny = AclPermission::kDeny;

Acl rule(const std::string& name, AclOperation operation, AclPermission permission = kAllow,
         const std::string& principal = "User:alice", const std::string& host = "*") {
  bool prefix = name.size() > 1 && name.back() == '*';
  return {AclResource::kTopic,
          prefix ? AclPattern::kPrefixed : AclPattern::kLiteral,
          prefix ? name.substr(0, name.size() - 1) : name,
          principal,
          host,
          operation,
          permission};
}

AclSet set_of(const std::vector<Acl>& acls) {
  AclSet out;
  for (const Acl& acl : acls) out.add(acl);
  return out;
}

Verdict judge(const AclSet& set, const std::string& name, AclOperation operation,
              const std::string& principal = "User:alice", const std::string& host = "10.0.0.1") {
  return set.judge(AclResource::kTopic, name, principal, host, operation);
}

TEST(Acl, NamesPrefixesAndWildcards) {
  AclSet set = set_of({rule("orders", kRead), rule("pay*", kWrite), rule("*", kDescribe)});
  EXPECT_EQ(judge(set, "orders", kRead), Verdict::kAllowed);
  EXPECT_EQ(judge(set, "orders2", kRead), Verdict::kDenied);
  EXPECT_EQ(judge(set, "payments", kWrite), Verdict::kAllowed);
  EXPECT_EQ(judge(set, "pay", kWrite), Verdict::kAllowed);
  EXPECT_EQ(judge(set, "pa", kWrite), Verdict::kDenied);
  EXPECT_EQ(judge(set, "anything", kDescribe), Verdict::kAllowed);
  EXPECT_EQ(judge(set, "orders", kRead, "User:bob"), Verdict::kDenied);
  EXPECT_EQ(judge(set_of({rule("orders", kRead)}), "other", kRead), Verdict::kNoRule);
  EXPECT_EQ(set.judge(AclResource::kGroup, "orders", "User:alice", "h", kRead), Verdict::kNoRule);
}

TEST(Acl, ADenialCountsMore) {
  AclSet set = set_of({rule("*", kAll), rule("secret*", kRead, kDeny), rule("own", kAll, kDeny, "User:*", "10.0.0.9")});
  EXPECT_EQ(judge(set, "secrets", kRead), Verdict::kDenied);
  EXPECT_EQ(judge(set, "secrets", kWrite), Verdict::kAllowed);
  EXPECT_EQ(judge(set, "secrets", kDescribe), Verdict::kAllowed);  // Only what is named is denied.
  EXPECT_EQ(judge(set, "own", kRead), Verdict::kAllowed);
  EXPECT_EQ(judge(set, "own", kRead, "User:alice", "10.0.0.9"), Verdict::kDenied);
}

TEST(Acl, WhoMayChangeMaySee) {
  for (AclOperation operation : {kRead, kWrite, kDelete, kAlter}) {
    EXPECT_EQ(judge(set_of({rule("t", operation)}), "t", kDescribe), Verdict::kAllowed);
    EXPECT_EQ(judge(set_of({rule("t", operation)}), "t", kDescribeConfigs), Verdict::kDenied);
  }
  EXPECT_EQ(judge(set_of({rule("t", kCreate)}), "t", kDescribe), Verdict::kDenied);
  EXPECT_EQ(judge(set_of({rule("t", kAlterConfigs)}), "t", kDescribeConfigs), Verdict::kAllowed);
  EXPECT_EQ(judge(set_of({rule("t", kDescribe)}), "t", kRead), Verdict::kDenied);
}

TEST(Acl, ManyPrefixesAreFoundAsFewAre) {
  AclSet set;
  for (int i = 0; i < 1000; ++i) set.add(rule("team" + std::to_string(i) + ".*", kRead));
  EXPECT_EQ(judge(set, "team77.orders", kRead), Verdict::kAllowed);
  EXPECT_EQ(judge(set, "team1001.orders", kRead), Verdict::kNoRule);
  set.add(rule("team77.orders", kRead, kDeny));
  EXPECT_EQ(judge(set, "team77.orders", kRead), Verdict::kDenied);
}

bool some(const AclSet& set) {
  return set.allows_some(AclResource::kTopic, "User:alice", "10.0.0.1", kWrite);
}

// KIP-679.
TEST(Acl, SomeResourceOfAKind) {
  EXPECT_FALSE(some({}));
  EXPECT_TRUE(some(set_of({rule("a", kWrite)})));
  EXPECT_FALSE(some(set_of({rule("a", kRead)})));
  EXPECT_FALSE(some(set_of({rule("a", kWrite), rule("a", kWrite, kDeny)})));
  EXPECT_TRUE(some(set_of({rule("a", kWrite), rule("b", kWrite, kDeny)})));
  EXPECT_FALSE(some(set_of({rule("ab*", kWrite), rule("a*", kWrite, kDeny)})));
  EXPECT_TRUE(some(set_of({rule("a*", kWrite), rule("ab*", kWrite, kDeny)})));
  EXPECT_TRUE(some(set_of({rule("*", kAll), rule("ab*", kWrite, kDeny)})));
  EXPECT_FALSE(some(set_of({rule("*", kAll), rule("*", kWrite, kDeny)})));
}

TEST(Acl, Filters) {
  AclFilter every;
  EXPECT_TRUE(every.matches(rule("a", kRead)));
  AclFilter match;
  match.resource = AclResource::kTopic;
  match.pattern = AclPattern::kMatch;
  match.name = "abc";
  EXPECT_TRUE(match.matches(rule("abc", kRead)));
  EXPECT_TRUE(match.matches(rule("ab*", kRead)));
  EXPECT_TRUE(match.matches(rule("*", kRead)));
  EXPECT_FALSE(match.matches(rule("abcd*", kRead)));
  match.pattern = AclPattern::kLiteral;
  EXPECT_FALSE(match.matches(rule("*", kRead)));
  AclFilter other;
  other.operation = kWrite;
  EXPECT_FALSE(other.matches(rule("a", kRead)));
  EXPECT_FALSE(other.matches(rule("a", kAll)));
}

}  // namespace
}  // namespace leat
