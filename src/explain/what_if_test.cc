#include "explain/what_if.h"

#include <gtest/gtest.h>

namespace leat {
namespace {

RebalanceMember member(const std::string& id, std::vector<int32_t> partitions) {
  RebalanceMember out;
  out.id = out.client_id = id;
  out.topics = {"t"};
  out.assigned = {{"t", std::move(partitions)}};
  return out;
}

const WhatIfPlan& plan(const WhatIf& what, const std::string& assignor) {
  for (const WhatIfPlan& each : what.plans) {
    if (each.assignor == assignor) return each;
  }
  throw std::out_of_range(assignor);
}

TEST(WhatIf, OneMore) {
  std::vector<RebalanceMember> members{member("a", {0, 1, 2}), member("b", {3, 4, 5})};
  WhatIf what = what_if(members, {{"t", 6}}, "range", false, 1);
  EXPECT_EQ(what.partitions, 6);
  const WhatIfPlan& range = plan(what, "range");
  EXPECT_TRUE(range.in_use);
  EXPECT_TRUE(range.stops_all);
  EXPECT_EQ(range.members.at(0).gets, (PartitionSets{{"t", {0, 1}}}));
  EXPECT_EQ(range.members.at(1).gets, (PartitionSets{{"t", {2, 3}}}));
  EXPECT_EQ(range.members.at(2).gets, (PartitionSets{{"t", {4, 5}}}));
  EXPECT_EQ(range.moves, 3);
  const WhatIfPlan& cooperative = plan(what, "cooperative-sticky");
  EXPECT_FALSE(cooperative.stops_all);
  EXPECT_EQ(cooperative.moves, 2);
  for (const WhatIfMember& each : cooperative.members) EXPECT_EQ(each.gets_count, 2) << each.name;
  EXPECT_EQ(plan(what, "roundrobin").members.at(0).gets, (PartitionSets{{"t", {0, 3}}}));
}

TEST(WhatIf, OneLess) {
  std::vector<RebalanceMember> members{member("a", {0, 1}), member("b", {2, 3, 4}), member("c", {5})};
  WhatIf what = what_if(members, {{"t", 6}}, "sticky", false, -1);
  EXPECT_EQ(what.leaving, (std::vector<std::string>{"b"}));
  const WhatIfPlan& sticky = plan(what, "sticky");
  EXPECT_EQ(sticky.moves, 3);  // Those of the one that goes, and no others.
  for (const WhatIfMember& each : sticky.members) EXPECT_EQ(each.gets_count, 3) << each.name;
}

TEST(WhatIf, MembersWithDifferentTopics) {
  std::vector<RebalanceMember> members{member("a", {0, 1}), member("b", {})};
  members[1].topics = {"u"};
  members[1].assigned = {{"u", {0}}};
  WhatIf what = what_if(members, {{"t", 2}, {"u", 1}}, "range", false, 1);
  for (const WhatIfPlan& each : what.plans) {
    int32_t all = 0;
    for (const WhatIfMember& one : each.members) all += one.gets_count;
    EXPECT_EQ(all, 3) << each.assignor;
  }
}

TEST(WhatIf, NobodyIsThere) {
  EXPECT_TRUE(what_if({}, {}, "range", false, -1).plans.empty());
}

}  // namespace
}  // namespace leat
