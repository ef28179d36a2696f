#include "log/leader_epochs.h"

#include <gtest/gtest.h>

namespace leat {
namespace {

std::string end_of(const LeaderEpochs& epochs, int32_t epoch) {
  auto end = epochs.end_of(epoch, Offset{100});
  return end ? std::to_string(end->epoch) + ":" + std::to_string(end->offset.value) : "?";
}

TEST(LeaderEpochs, EndWhereTheNextOneBegins) {
  LeaderEpochs epochs;
  EXPECT_EQ(end_of(epochs, 1), "?");
  epochs.begin(3, Offset{10});
  epochs.begin(3, Offset{20});
  epochs.begin(7, Offset{30});
  EXPECT_EQ(end_of(epochs, 1), "1:10");
  EXPECT_EQ(end_of(epochs, 3), "3:30");
  EXPECT_EQ(end_of(epochs, 5), "3:30");
  EXPECT_EQ(end_of(epochs, 7), "7:100");
  EXPECT_EQ(end_of(epochs, 8), "?");
  EXPECT_EQ(end_of(epochs, -1), "?");
}

TEST(LeaderEpochs, OneInWhichNothingWasWrittenIsPassedOver) {
  LeaderEpochs epochs;
  epochs.begin(3, Offset{10});
  epochs.begin(4, Offset{30});
  epochs.begin(5, Offset{30});
  EXPECT_EQ(epochs.all(), (std::vector<LeaderEpochs::Epoch>{{3, Offset{10}}, {5, Offset{30}}}));
}

TEST(LeaderEpochs, OfAnOffset) {
  LeaderEpochs epochs({{3, Offset{10}}, {7, Offset{30}}});
  EXPECT_EQ(epochs.epoch_at(Offset{9}), -1);
  EXPECT_EQ(epochs.epoch_at(Offset{10}), 3);
  EXPECT_EQ(epochs.epoch_at(Offset{29}), 3);
  EXPECT_EQ(epochs.epoch_at(Offset{30}), 7);
}

TEST(LeaderEpochs, WhatIsDeletedIsForgotten) {
  LeaderEpochs epochs({{3, Offset{10}}, {7, Offset{30}}, {9, Offset{40}}});
  epochs.forget_before(Offset{35});
  EXPECT_EQ(epochs.all(), (std::vector<LeaderEpochs::Epoch>{{7, Offset{35}}, {9, Offset{40}}}));
}

}  // namespace
}  // namespace leat
