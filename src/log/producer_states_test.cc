#include "log/producer_states.h"

#include <gtest/gtest.h>

#include "log/record_batch_builder.h"

namespace leat {
namespace {

using Verdict = ProducerStates::Verdict;

// A batch of `count` records of producer 7.
Bytes batch_of(int16_t epoch, int32_t sequence, int count, int64_t offset = 0) {
  RecordBatchBuilder builder;
  for (int i = 0; i < count; ++i) builder.add(WallTime{1000}, std::nullopt, BytesView("v"));
  std::span<char> bytes = builder.finish({7, epoch, sequence, false, false});
  set_base_offset(bytes.data(), Offset{offset});
  return Bytes(bytes.data(), bytes.size());
}

class ProducerStatesTest : public testing::Test {
 protected:
  Verdict judge(const Bytes& batch, bool starts_at_zero = false) {
    return states_.judge(*RecordBatchView::parse(batch), starts_at_zero).verdict;
  }
  void apply(const Bytes& batch) { states_.apply(*RecordBatchView::parse(batch)); }

  ProducerStates states_;
};

TEST_F(ProducerStatesTest, TakesSequencesInOrder) {
  apply(batch_of(0, 0, 3));
  EXPECT_EQ(judge(batch_of(0, 3, 1)), Verdict::kAppend);
  EXPECT_EQ(judge(batch_of(0, 4, 1)), Verdict::kOutOfOrder);
  EXPECT_EQ(judge(batch_of(0, 1, 1)), Verdict::kOutOfOrder);
}

TEST_F(ProducerStatesTest, KnowsTheLastFiveBatchesAgain) {
  for (int i = 0; i < 6; ++i) apply(batch_of(0, i * 2, 2, 100 + i * 2));
  EXPECT_EQ(judge(batch_of(0, 0, 2)), Verdict::kOutOfOrder);  // The sixth last is forgotten.
  auto judged = states_.judge(*RecordBatchView::parse(batch_of(0, 2, 2)), false);
  ASSERT_EQ(judged.verdict, Verdict::kDuplicate);
  EXPECT_EQ(judged.duplicate->first, Offset{102});
  EXPECT_EQ(judge(batch_of(0, 2, 1)), Verdict::kOutOfOrder);  // Not the same batch.
}

TEST_F(ProducerStatesTest, ANewerEpochBeginsAnewAndFencesTheOlder) {
  apply(batch_of(0, 0, 3));
  EXPECT_EQ(judge(batch_of(1, 3, 1)), Verdict::kOutOfOrder);
  EXPECT_EQ(judge(batch_of(1, 0, 1)), Verdict::kAppend);
  apply(batch_of(1, 0, 1));
  EXPECT_EQ(judge(batch_of(0, 3, 1)), Verdict::kFenced);
}

TEST_F(ProducerStatesTest, TakesAnythingFromAProducerThatItDoesNotKnow) {
  EXPECT_EQ(judge(batch_of(4, 17, 1)), Verdict::kAppend);
  EXPECT_EQ(judge(batch_of(4, 17, 1), true), Verdict::kOutOfOrder);
  EXPECT_EQ(judge(batch_of(4, 0, 1), true), Verdict::kAppend);
}

TEST_F(ProducerStatesTest, SequencesGoRound) {
  constexpr int32_t kLast = std::numeric_limits<int32_t>::max();
  apply(batch_of(0, kLast - 1, 2));
  EXPECT_EQ(judge(batch_of(0, 0, 1)), Verdict::kAppend);
  apply(batch_of(0, 0, 1));
  apply(batch_of(0, 1, 1));
  EXPECT_EQ(judge(batch_of(0, kLast - 1, 2)), Verdict::kDuplicate);
  // A batch across the end.
  ProducerStates fresh;
  fresh.apply(*RecordBatchView::parse(batch_of(0, kLast, 3)));
  EXPECT_EQ(fresh.find(7)->last_sequence(), 1);
}

TEST_F(ProducerStatesTest, ForgetsWhoWasNotSeenForLong) {
  apply(batch_of(0, 0, 1));
  states_.touch(7, Instant{1000});
  states_.forget_idle(10, Instant{2000}, [](int64_t) { return true; });
  EXPECT_NE(states_.find(7), nullptr);
  states_.forget_idle(1000, Instant{2000}, [](int64_t) { return false; });
  EXPECT_NE(states_.find(7), nullptr);
  states_.forget_idle(999, Instant{2000}, [](int64_t) { return false; });
  EXPECT_EQ(states_.find(7), nullptr);
}

TEST_F(ProducerStatesTest, IsTheSameAfterItWasSaved) {
  apply(batch_of(0, 0, 3));
  apply(batch_of(2, 0, 1));
  EXPECT_EQ(ProducerStates(states_.all()), states_);
}

}  // namespace
}  // namespace leat
