#include "broker/transaction/transaction_rules.h"

#include <gtest/gtest.h>

namespace leat {
namespace {

using protocol::ErrorCode;
using enum TransactionPhase;

constexpr WallTime kNow{1'000};

TransactionState state_in(TransactionPhase phase, int16_t epoch = 5) {
  TransactionState out;
  out.id = "tx";
  out.producer = {7, epoch};
  out.last = {7, static_cast<int16_t>(epoch - 1)};
  out.timeout_ms = 60'000;
  out.phase = phase;
  if (phase == kOngoing) out.partitions.insert({"t", PartitionId{0}});
  return out;
}

TransactionVerdict end(const TransactionState& state, bool commit, bool bumps, ProducerIdentity who) {
  return judge_end(&state, {"tx", who, commit, bumps, true}, std::nullopt, kNow);
}

TEST(TransactionRules, AnEndOfTheOldKindKeepsTheEpoch) {
  auto verdict = end(state_in(kOngoing), true, false, {7, 5});
  ASSERT_TRUE(verdict.next);
  EXPECT_EQ(verdict.next->phase, kPrepareCommit);
  EXPECT_EQ(verdict.next->producer, (ProducerIdentity{7, 5}));
  EXPECT_EQ(verdict.next->marker, (ProducerIdentity{7, 5}));
}

TEST(TransactionRules, AnEndOfTheNewKindFencesWhatComesLate) {
  auto verdict = end(state_in(kOngoing), false, true, {7, 5});
  ASSERT_TRUE(verdict.next);
  EXPECT_EQ(verdict.next->phase, kPrepareAbort);
  EXPECT_EQ(verdict.next->producer, (ProducerIdentity{7, 6}));
  EXPECT_EQ(verdict.next->marker, (ProducerIdentity{7, 6}));
  // The same request again, before and after the markers.
  EXPECT_EQ(end(*verdict.next, false, true, {7, 5}).error, ErrorCode::kConcurrentTransactions);
  TransactionState over = complete(*verdict.next, kNow);
  EXPECT_EQ(end(over, false, true, {7, 5}).error, ErrorCode::kNone);
  EXPECT_FALSE(end(over, false, true, {7, 5}).next);
  // But not the other outcome, and not once the next transaction has begun.
  EXPECT_EQ(end(over, true, true, {7, 5}).error, ErrorCode::kInvalidTxnState);
  over.grow({{"t", PartitionId{0}}}, {}, kNow);
  EXPECT_EQ(end(over, false, true, {7, 5}).error, ErrorCode::kProducerFenced);
}

TEST(TransactionRules, ARepeatedEndOfTheOldKindIsAnsweredByWhatWasDecided) {
  for (bool commit : {true, false}) {
    TransactionState over = complete(*end(state_in(kOngoing), commit, false, {7, 5}).next, kNow);
    EXPECT_EQ(end(over, commit, false, {7, 5}).error, ErrorCode::kNone);
    EXPECT_EQ(end(over, !commit, false, {7, 5}).error, ErrorCode::kInvalidTxnState);
  }
}

TEST(TransactionRules, OneWithoutDataCannotBeCommittedAndOnlyAbortedByTheNewKind) {
  for (TransactionPhase phase : {kEmpty, kCompleteCommit, kCompleteAbort}) {
    EXPECT_EQ(end(state_in(phase), true, true, {7, 5}).error, ErrorCode::kInvalidTxnState);
    auto verdict = end(state_in(phase), false, true, {7, 5});
    ASSERT_TRUE(verdict.next);
    EXPECT_EQ(verdict.next->phase, kCompleteAbort);
    EXPECT_EQ(verdict.next->producer.epoch, 6);
  }
  EXPECT_EQ(end(state_in(kEmpty), false, false, {7, 5}).error, ErrorCode::kInvalidTxnState);
}

TEST(TransactionRules, StrangersAndOldEpochsAreRefused) {
  TransactionState state = state_in(kOngoing);
  EXPECT_EQ(end(state, true, true, {8, 5}).error, ErrorCode::kInvalidProducerIdMapping);
  EXPECT_EQ(end(state, true, false, {7, 4}).error, ErrorCode::kProducerFenced);
  EXPECT_EQ(judge_end(nullptr, {"tx", {7, 5}, true, true, true}, std::nullopt, kNow).error,
            ErrorCode::kInvalidProducerIdMapping);
  EXPECT_EQ(judge_end(&state, {"tx", {7, 4}, true, false, false}, std::nullopt, kNow).error,
            ErrorCode::kInvalidProducerEpoch);
}

TEST(TransactionRules, UsedUpEpochsGiveAFreshId) {
  TransactionState state = state_in(kOngoing, 32766);
  EXPECT_TRUE(end(state, true, true, {7, 32766}).needs_id);
  auto verdict = judge_end(&state, {"tx", {7, 32766}, true, true, true}, 99, kNow);
  ASSERT_TRUE(verdict.next);
  EXPECT_EQ(verdict.next->producer, (ProducerIdentity{99, 0}));
  EXPECT_EQ(verdict.next->marker, (ProducerIdentity{7, 32767}));
  TransactionState over = complete(*verdict.next, kNow);
  EXPECT_FALSE(end(over, true, true, {7, 32766}).next);  // Again.
  EXPECT_EQ(end(over, true, true, {7, 32766}).error, ErrorCode::kNone);
  state.phase = kEmpty;
  EXPECT_TRUE(judge_claim(&state, {"tx", 1000, {}, true}, std::nullopt, kNow).needs_id);
  EXPECT_EQ(judge_claim(&state, {"tx", 1000, {}, true}, 99, kNow).next->producer, (ProducerIdentity{99, 0}));
}

TEST(TransactionRules, AClaimBumpsFencesOrIsTheSameAgain) {
  TransactionState state = state_in(kCompleteCommit);
  auto claimed = judge_claim(&state, {"tx", 1000, {}, true}, std::nullopt, kNow);
  EXPECT_EQ(claimed.next->producer, (ProducerIdentity{7, 6}));
  EXPECT_EQ(claimed.next->phase, kEmpty);
  EXPECT_EQ(claimed.next->timeout_ms, 1000);
  // A client that names itself, and one that sends the same again.
  EXPECT_EQ(judge_claim(&state, {"tx", 1000, {7, 5}, true}, std::nullopt, kNow).next->producer.epoch, 6);
  auto again = judge_claim(&*claimed.next, {"tx", 1000, {7, 5}, true}, std::nullopt, kNow);
  EXPECT_EQ(again.error, ErrorCode::kNone);
  EXPECT_FALSE(again.next);
  EXPECT_EQ(judge_claim(&state, {"tx", 1000, {7, 3}, true}, std::nullopt, kNow).error, ErrorCode::kProducerFenced);
  // An open transaction goes first.
  state.phase = kOngoing;
  EXPECT_EQ(judge_claim(&state, {"tx", 1000, {}, true}, std::nullopt, kNow).next->phase, kPrepareAbort);
  state.phase = kPrepareCommit;
  EXPECT_EQ(judge_claim(&state, {"tx", 1000, {}, true}, std::nullopt, kNow).error, ErrorCode::kConcurrentTransactions);
}

TEST(TransactionRules, WritesMustBelong) {
  TransactionState state = state_in(kOngoing);
  TopicPartition other{"t", PartitionId{1}};
  EXPECT_EQ(judge_write(&state, {{"t", PartitionId{0}}, {7, 5}}).error, ErrorCode::kNone);
  EXPECT_EQ(judge_write(&state, {other, {7, 5}}).error, ErrorCode::kInvalidTxnState);
  EXPECT_EQ(judge_write(&state, {other, {7, 5}, false, true}).error, ErrorCode::kTransactionAbortable);
  EXPECT_TRUE(judge_write(&state, {other, {7, 5}, true, true}).adds);
  EXPECT_EQ(judge_write(&state, {{"t", PartitionId{0}}, {7, 4}}).error, ErrorCode::kInvalidProducerEpoch);
  state.phase = kPrepareCommit;
  EXPECT_EQ(judge_write(&state, {{"t", PartitionId{0}}, {7, 5}, true, true}).error, ErrorCode::kTransactionAbortable);
}

}  // namespace
}  // namespace leat
