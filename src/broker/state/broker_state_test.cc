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

BrokerEvent draw(sim::SimRandom& random) {
  TopicPartition partition{some(random), PartitionId{static_cast<int32_t>(random.below(3))}};
  switch (random.below(8)) {
    case 0:
      return Started{some(random), static_cast<int32_t>(random.below(100))};
    case 1: {
      TopicInfo topic;
      topic.name = some(random);
      uint64_t id = random.next();  // No two topics ever have the same one.
      std::memcpy(topic.id.bytes.data(), &id, sizeof id);
      topic.partitions = static_cast<int32_t>(1 + random.below(5));
      topic.configs.set[some(random)] = some(random);
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
                                   {"s", ""}}) {
    EXPECT_FALSE(BrokerState::decode(key, BytesView(value))) << key;
  }
}

}  // namespace
}  // namespace leat
