#include "broker/home_state.h"

#include <gtest/gtest.h>

#include "sim/sim_random.h"

namespace leat {
namespace {

void apply(HomeState& state, const HomeState::Command& command) {
  for (const auto& event : state.decide(command, {}).events) state.apply(event);
}

HomeState some_state() {
  HomeState state;
  apply(state, HomeState::CreateTopic{"a:1", {.partitions = 3, .retention_ms = -1, .retention_bytes = 5}});
  apply(state, HomeState::CreateTopic{"gone", {}});
  apply(state, HomeState::CreateTopic{"b", {}});
  apply(state, HomeState::DropTopic{"gone"});
  apply(state, HomeState::Commit{{{{"a:1", PartitionId{2}}, Offset{70}}},
                                 {{{"group", {"a file: 9", PartitionId{0}}}, {Offset{-1}, "note 3:x"}}}});
  return state;
}

std::vector<FoldRecord> records_of(const HomeState& state) {
  std::vector<FoldRecord> out;
  for (const auto& event : state.snapshot()) out.push_back(HomeState::encode(event));
  return out;
}

std::string text_of(const std::vector<FoldRecord>& records) {
  std::string out;
  for (const FoldRecord& record : records) out += record.key + " -> " + record.value.value_or("null") + '\n';
  return out;
}

// The format is a promise to the data that is there: docs/formats/transactions.md.
TEST(HomeState, RecordsAreAsTheFormatSays) {
  EXPECT_EQ(text_of(records_of(some_state())),
            "i -> 1:4\n"
            "t3:a:1 -> 1:11:32:-11:5\n"
            "p3:a:11:0 -> 1:0\n"
            "p3:a:11:1 -> 1:0\n"
            "p3:a:11:2 -> 2:70\n"
            "t1:b -> 1:31:19:6048000002:-1\n"
            "p1:b1:0 -> 1:0\n"
            "o5:group9:a file: 91:0 -> 2:-18:note 3:x\n");
  EXPECT_FALSE(HomeState::encode(HomeState::TopicDropped{"x"}).value);
}

TEST(HomeState, ASnapshotMakesTheSameState) {
  HomeState again;
  for (const FoldRecord& record : records_of(some_state())) {
    auto event = HomeState::decode(record.key, record.value ? std::optional<BytesView>(*record.value) : std::nullopt);
    ASSERT_TRUE(event) << event.error().message;
    again.apply(*event);
  }
  EXPECT_EQ(text_of(records_of(again)), text_of(records_of(some_state())));
}

TEST(HomeState, RefusesWhatCannotBe) {
  HomeState state = some_state();
  auto code = [&state](const HomeState::Command& command) {
    auto decision = state.decide(command, {});
    EXPECT_TRUE(decision.events.empty());
    return decision.reply.error().code;
  };
  EXPECT_EQ(code(HomeState::CreateTopic{"b", {}}), Errc::kAlreadyExists);
  EXPECT_EQ(code(HomeState::CreateTopic{"", {}}), Errc::kInvalidArgument);
  EXPECT_EQ(code(HomeState::DropTopic{"gone"}), Errc::kNotFound);
  EXPECT_EQ(code(HomeState::Commit{{{{"gone", PartitionId{0}}, Offset{1}}}, {}}), Errc::kNotFound);
  EXPECT_EQ(code(HomeState::Commit{{{{"a:1", PartitionId{3}}, Offset{1}}}, {}}), Errc::kNotFound);
}

TEST(HomeState, BytesThatAreNoEventAreErrors) {
  sim::SimRandom random(1);
  std::vector<FoldRecord> records = records_of(some_state());
  for (int round = 0; round < 20'000; ++round) {
    FoldRecord hostile = records[random.below(records.size())];
    Bytes& bytes = random.chance(0.5) ? hostile.key : *hostile.value;
    if (random.chance(0.3)) bytes.resize(random.below(bytes.size() + 1));
    if (!bytes.empty()) bytes[random.below(bytes.size())] = static_cast<char>(random.next());
    auto event = HomeState::decode(hostile.key, BytesView(*hostile.value));
    ASSERT_TRUE(event || event.error().code == Errc::kCorruption);
  }
}

}  // namespace
}  // namespace leat
