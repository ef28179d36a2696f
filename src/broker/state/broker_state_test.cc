// The live state is the state after replay, whatever happened.
#include "broker/state/broker_state.h"

#include <gtest/gtest.h>

#include <cstring>

#include "sim/seeds.h"
#include "sim/sim_random.h"

namespace leat {
namespace {

using namespace broker_event;

std::string some(sim::SimRandom& random) {
  static const std::string kTexts[] = {"a", "b:c", "", "12:34", std::string("\0x", 2), std::string(300, 'z')};
  return kTexts[random.below(std::size(kTexts))];
}

TransactionState some_transaction(sim::SimRandom& random, const TopicPartition& partition) {
  TransactionState out;
  out.id = some(random);
  out.producer = {static_cast<int64_t>(random.next() >> 1), 7};  // No two ids ever have the same one.
  out.marker = {3, static_cast<int16_t>(random.below(3))};
  out.phase = static_cast<TransactionPhase>(random.below(6));
  out.partitions.insert(partition);
  out.groups.insert(some(random));
  return out;
}

PartitionsByTopic some_partitions(sim::SimRandom& random) {
  PartitionsByTopic out;
  for (uint64_t i = random.below(4); i > 0; --i) {
    Uuid topic;
    topic.bytes[15] = static_cast<uint8_t>(random.below(3));
    out[topic].insert(static_cast<int32_t>(random.below(1000)));
  }
  return out;
}

ConsumerMember some_member(sim::SimRandom& random) {
  ConsumerMember out;
  out.id = some(random);
  if (random.below(2) == 0) out.instance_id = some(random);
  if (random.below(2) == 0) out.assignor = some(random);
  out.rebalance_timeout_ms = static_cast<int32_t>(random.below(1000));
  for (uint64_t i = random.below(3); i > 0; --i) out.topics.push_back(some(random));
  out.pattern = some(random);
  out.state = static_cast<MemberState>(random.below(3));
  out.epoch = static_cast<int32_t>(random.below(5)) - 2;
  out.assigned = some_partitions(random);
  out.revoking = some_partitions(random);
  out.target = some_partitions(random);
  return out;
}

ShareDelta some_share_delta(sim::SimRandom& random) {
  ShareDelta out;
  if (random.below(4) == 0) out.start = static_cast<int64_t>(random.below(20));
  out.exhausted = static_cast<int64_t>(random.below(2));
  int64_t next = static_cast<int64_t>(random.below(10));
  for (uint64_t i = random.below(4); i > 0; --i) {
    int64_t last = next + static_cast<int64_t>(random.below(5));
    out.ranges.push_back({next, last, static_cast<ShareState>(random.below(4)), static_cast<int16_t>(random.below(3))});
    next = last + 1 + static_cast<int64_t>(random.below(2));
  }
  return out;
}

Acl some_acl(sim::SimRandom& random) {
  return {static_cast<AclResource>(2 + random.below(3)),
          random.below(2) == 0 ? AclPattern::kLiteral : AclPattern::kPrefixed,
          some(random),
          some(random),
          "*",
          static_cast<AclOperation>(2 + random.below(5)),
          random.below(2) == 0 ? AclPermission::kAllow : AclPermission::kDeny};
}

BrokerEvent draw_of_access(sim::SimRandom& random) {
  ScramMechanism mechanism = kScramMechanisms[random.below(2)];
  switch (random.below(5)) {
    case 0:
      return SecretMade{some(random)};
    case 1:
      return CredentialSet{some(random), mechanism, {4096, some(random), some(random), "k"}};
    case 2:
      return AclAdded{some_acl(random)};
    case 3:
      return AclRemoved{some_acl(random)};
    default:
      return CredentialRemoved{some(random), mechanism};
  }
}

BrokerEvent draw(sim::SimRandom& random) {
  if (random.below(6) == 0) return draw_of_access(random);
  TopicPartition partition{some(random), PartitionId{static_cast<int32_t>(random.below(3))}};
  switch (random.below(21)) {
    case 0:
      return Started{some(random), static_cast<int32_t>(random.below(100))};
    case 1: {
      TopicInfo topic;
      topic.name = some(random);
      uint64_t id = random.next();  // No two topics ever have the same one.
      std::memcpy(topic.id.bytes.data(), &id, sizeof id);
      topic.partitions = static_cast<int32_t>(1 + random.below(5));
      topic.configs[some(random)] = some(random);
      return TopicChanged{topic};
    }
    case 2:
      return TopicDeleted{some(random)};
    case 3:
      return OffsetCommitted{
          some(random), partition, {Offset{static_cast<int64_t>(random.next() >> 1)}, -1, some(random), {}}};
    case 4:
      return OffsetForgotten{some(random), partition};
    case 5:
      return GenerationSaved{some(random), some(random)};
    case 6:
      return GroupDeleted{some(random)};
    case 7:
      return TransactionChanged{some_transaction(random, partition)};
    case 8:
      return TransactionForgotten{some(random)};
    case 9:
      return TransactionGrew{some(random), {partition}, {some(random)}, {42}};
    case 10:
      return OffsetStaged{some(random), some(random), partition, {Offset{5}, 1, some(random), {}}};
    case 11:
      return GenerationForgotten{some(random)};
    case 12: {
      ConsumerGroupHead head{static_cast<int32_t>(random.below(9)), static_cast<int32_t>(random.below(9)), {}, "range"};
      for (const auto& [topic, partitions] : some_partitions(random)) head.topics[topic] = *partitions.begin();
      return ConsumerGroupSaved{some(random), head};
    }
    case 13:
      return ConsumerGroupForgotten{some(random)};
    case 14:
      return ConsumerMemberGone{some(random), some(random)};
    case 15:
      return ConsumerMemberSaved{some(random), some_member(random)};
    case 16: {
      ConfigsSet set{ConfigResource::kGroup, some(random), {}};
      if (random.below(2) > 0) set.configs[some(random)] = some(random);
      return set;
    }
    case 17:
      return ShareProgressed{some(random), partition, some_share_delta(random)};
    case 18:
      return ShareForgotten{some(random), partition};
    case 19: {
      QuotasSet set;
      set.entity["user"] = random.below(2) > 0 ? std::optional(some(random)) : std::nullopt;
      if (random.below(2) > 0) set.values[some(random)] = 0.1;
      return set;
    }
    default:
      return ProducerIdsGiven{static_cast<int64_t>(random.below(1000))};
  }
}

void replay(const BrokerEvent& event, BrokerState& into) {
  FoldRecord record = BrokerState::encode(event);
  auto read = BrokerState::decode(record.key, record.value ? std::optional<BytesView>(*record.value) : std::nullopt);
  ASSERT_TRUE(read) << read.error().message;
  into.apply(*read);
}

TEST(BrokerState, IsTheSameAfterReplayAndFromItsSnapshot) {
  for (uint64_t seed : sim::seeds(300)) {
    sim::SimRandom random(seed);
    BrokerState live, replayed, from_snapshot;
    for (int i = 0; i < 60; ++i) {
      BrokerEvent event = draw(random);
      live.apply(event);
      replay(event, replayed);
    }
    for (const BrokerEvent& event : live.snapshot()) replay(event, from_snapshot);
    ASSERT_EQ(live, replayed) << "LEAT_SEED=" << seed;
    ASSERT_EQ(live, from_snapshot) << "LEAT_SEED=" << seed;
  }
}

TEST(BrokerState, RefusesWhatIsNoEvent) {
  for (const auto& [key, value] : {std::pair<Bytes, Bytes>{"", ""},
                                   {"?1:a", ""},
                                   {"t", "x"},
                                   {"t1:a", "3:abc"},
                                   {"o1:g1:t1:x", "1:5"},
                                   {"o1:g1:t3:0x1", ""},
                                   {"p", "1:x"},
                                   {"c1:g", "1:1"},
                                   {"m1:g", ""},
                                   {"m1:g1:m", "1:0"},
                                   {"i1:x1:a", ""},
                                   {"i2:321:a", "1:a"},
                                   {"r1:g1:t1:0", "2:-11:01:51:41:01:0"},
                                   {"s", ""}}) {
    EXPECT_FALSE(BrokerState::decode(key, BytesView(value))) << key;
  }
}

}  // namespace
}  // namespace leat
