#include "broker/group/assignor.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/seeds.h"
#include "sim/sim_random.h"

namespace leat {
namespace {

Uuid topic(uint8_t number) {
  Uuid out;
  out.bytes[0] = number;
  return out;
}

size_t count(const PartitionsByTopic& partitions) {
  size_t out = 0;
  for (const auto& [id, indexes] : partitions) out += indexes.size();
  return out;
}

// Each partition of each topic that somebody wants has one owner, who wants it.
void check_owners(const std::vector<AssignorMember>& members, const std::map<Uuid, int32_t>& topics,
                  const Assignment& assignment) {
  std::map<std::pair<Uuid, int32_t>, int> owners;
  for (const AssignorMember& member : members) {
    for (const auto& [id, indexes] : assignment.at(member.id)) {
      EXPECT_TRUE(member.topics.contains(id));
      EXPECT_FALSE(indexes.empty());
      for (int32_t index : indexes) ++owners[{id, index}];
    }
  }
  size_t wanted = 0;
  for (const auto& [id, partitions] : topics) {
    bool by_any = std::any_of(members.begin(), members.end(),
                              [&, each = id](const auto& member) { return member.topics.contains(each); });
    if (by_any) wanted += static_cast<size_t>(partitions);
  }
  EXPECT_EQ(owners.size(), wanted);
  for (const auto& [partition, number] : owners) EXPECT_EQ(number, 1);
}

struct Drawn {
  std::vector<AssignorMember> members;
  std::map<Uuid, int32_t> topics;
};

Drawn draw(sim::SimRandom& random, bool alike) {
  Drawn out;
  for (uint8_t i = 0; i <= random.below(4); ++i) out.topics[topic(i)] = static_cast<int32_t>(1 + random.below(9));
  for (uint64_t i = 0; i <= random.below(6); ++i) {
    AssignorMember& member = out.members.emplace_back();
    member.id = "m" + std::to_string(i);
    if (random.below(3) == 0) member.instance_id = "i" + std::to_string(random.next() % 100) + member.id;
    for (const auto& [id, partitions] : out.topics) {
      if (alike || random.below(2) == 0) member.topics.insert(id);
    }
  }
  return out;
}

TEST(Assignor, UniformGivesEverybodyAsMuchAndKeepsWhatItCan) {
  for (uint64_t seed : sim::seeds(500)) {
    SCOPED_TRACE("LEAT_SEED=" + std::to_string(seed));
    sim::SimRandom random(seed);
    Drawn drawn = draw(random, true);
    Assignment first = assign_uniform(drawn.members, drawn.topics);
    check_owners(drawn.members, drawn.topics, first);
    for (AssignorMember& member : drawn.members) member.before = first[member.id];
    EXPECT_EQ(assign_uniform(drawn.members, drawn.topics), first);
    drawn.members.push_back({"new", {}, drawn.members.front().topics, {}});
    Assignment second = assign_uniform(drawn.members, drawn.topics);
    check_owners(drawn.members, drawn.topics, second);
    size_t least = SIZE_MAX, most = 0;
    for (const AssignorMember& member : drawn.members) {
      least = std::min(least, count(second[member.id]));
      most = std::max(most, count(second[member.id]));
      // Nobody but the new member gets what it did not have.
      for (const auto& [id, indexes] : second[member.id]) {
        for (int32_t index : indexes) EXPECT_TRUE(member.id == "new" || first[member.id][id].contains(index));
      }
    }
    EXPECT_LE(most - least, 1u);
  }
}

TEST(Assignor, UniformIsAsEvenAsSubscriptionsAllow) {
  for (uint64_t seed : sim::seeds(500)) {
    SCOPED_TRACE("LEAT_SEED=" + std::to_string(seed));
    sim::SimRandom random(seed);
    Drawn drawn = draw(random, false);
    Assignment out = assign_uniform(drawn.members, drawn.topics);
    check_owners(drawn.members, drawn.topics, out);
    for (AssignorMember& member : drawn.members) member.before = out[member.id];
    EXPECT_EQ(assign_uniform(drawn.members, drawn.topics), out);
    for (const AssignorMember& rich : drawn.members) {
      for (const AssignorMember& poor : drawn.members) {
        bool could_give = std::any_of(out[rich.id].begin(), out[rich.id].end(),
                                      [&](const auto& entry) { return poor.topics.contains(entry.first); });
        if (could_give) {
          EXPECT_LT(count(out[rich.id]), count(out[poor.id]) + 2);
        }
      }
    }
  }
}

TEST(Assignor, RangeGivesConsecutivePartitionsOfEachTopic) {
  for (uint64_t seed : sim::seeds(300)) {
    SCOPED_TRACE("LEAT_SEED=" + std::to_string(seed));
    sim::SimRandom random(seed);
    Drawn drawn = draw(random, false);
    Assignment out = assign_range(drawn.members, drawn.topics);
    check_owners(drawn.members, drawn.topics, out);
    for (const auto& [member, partitions] : out) {
      for (const auto& [id, indexes] : partitions) {
        EXPECT_EQ(*indexes.rbegin() - *indexes.begin() + 1, static_cast<int32_t>(indexes.size()));
      }
    }
  }
}

TEST(Assignor, RangeDividesTopicsOfEqualSizeAlike) {
  std::set<Uuid> both{topic(1), topic(2)};
  Assignment out = assign_range({{"a", {}, both, {}}, {"b", "i", both, {}}}, {{topic(1), 3}, {topic(2), 3}});
  for (const Uuid& id : both) {
    EXPECT_EQ(out["b"][id], (std::set<int32_t>{0, 1}));  // Static members come first.
    EXPECT_EQ(out["a"][id], (std::set<int32_t>{2}));
  }
}

TEST(Assignor, SharedPartitionsHaveAMemberAndMembersAPartition) {
  for (uint64_t seed : sim::seeds(300)) {
    SCOPED_TRACE("LEAT_SEED=" + std::to_string(seed));
    sim::SimRandom random(seed);
    Drawn drawn = draw(random, random.below(2) == 0);
    Assignment out = assign_shared(drawn.members, drawn.topics);
    std::set<std::pair<Uuid, int32_t>> given, wanted;
    for (const AssignorMember& member : drawn.members) {
      EXPECT_EQ(out[member.id].empty(), member.topics.empty());
      for (const auto& [id, indexes] : out[member.id]) {
        EXPECT_TRUE(member.topics.contains(id));
        for (int32_t index : indexes) given.insert({id, index});
      }
      for (const Uuid& id : member.topics) {
        for (int32_t index = 0; index < drawn.topics[id]; ++index) wanted.insert({id, index});
      }
    }
    EXPECT_EQ(given, wanted);
  }
}

}  // namespace
}  // namespace leat
