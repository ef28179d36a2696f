// PartitionLog::stretch and the sync in two: what a broker serves fetches and acknowledges with.
#include <gtest/gtest.h>

#include "log/partition_log.h"
#include "log/record_batch_builder.h"
#include "sim/sim_env.h"

namespace leat {
namespace {

class StretchTest : public testing::Test {
 protected:
  void SetUp() override {
    options_.segment_bytes = 3000;
    log_ = std::move(*PartitionLog::open(sim_.env(), "/p", options_));
    for (int i = 0; i < 20; ++i) append(2);
    ASSERT_TRUE(log_->sync());
  }
  void append(int records) {
    RecordBatchBuilder builder;
    for (int i = 0; i < records; ++i) builder.add(WallTime{1}, std::nullopt, BytesView(value_));
    std::span<char> batch = builder.finish({});
    ASSERT_TRUE(log_->append(batch));
    batch_bytes_ = batch.size();
  }
  // The base offsets of the batches in the stretch, and how many bytes of a cut off one follow.
  std::pair<std::vector<int64_t>, size_t> read(const PartitionLog::Stretch& stretch) {
    Bytes bytes(stretch.size, '\0');
    EXPECT_EQ(*(*stretch.segment->file())->read_at(stretch.position, bytes), bytes.size());
    std::vector<int64_t> bases;
    BytesView rest = bytes;
    while (auto batch = RecordBatchView::parse(rest)) {
      bases.push_back(batch->base_offset().value);
      rest.remove_prefix(batch->bytes().size());
    }
    return {bases, rest.size()};
  }

  sim::SimEnv sim_{1};
  LogOptions options_;
  std::string value_ = std::string(300, 'v');
  std::unique_ptr<PartitionLog> log_;
  size_t batch_bytes_ = 0;
};

TEST_F(StretchTest, BeginsWithTheBatchThatHoldsTheOffset) {
  for (int64_t from = 0; from < 40; ++from) {
    auto stretch = *log_->stretch(Offset{from}, log_->end(), 1 << 20);
    ASSERT_TRUE(stretch) << from;
    auto [bases, rest] = read(*stretch);
    ASSERT_FALSE(bases.empty());
    EXPECT_EQ(bases.front(), from / 2 * 2);
    EXPECT_EQ(rest, 0u);
    EXPECT_EQ(bases.back() + 2, stretch->segment->end().value);  // A stretch stays within a segment.
  }
}

TEST_F(StretchTest, GivesAWholeBatchHoweverSmallTheLimit) {
  auto stretch = *log_->stretch(Offset{3}, log_->end(), 1);
  ASSERT_TRUE(stretch);
  EXPECT_EQ(read(*stretch), (std::pair<std::vector<int64_t>, size_t>({2}, 0)));
  stretch = *log_->stretch(Offset{0}, log_->end(), batch_bytes_ + 10);
  ASSERT_TRUE(stretch);
  EXPECT_EQ(read(*stretch), (std::pair<std::vector<int64_t>, size_t>({0}, 10)));
}

TEST_F(StretchTest, StopsAtTheLimit) {
  auto stretch = *log_->stretch(Offset{0}, Offset{4}, 1 << 20);
  ASSERT_TRUE(stretch);
  EXPECT_EQ(read(*stretch).first, (std::vector<int64_t>{0, 2}));
  EXPECT_FALSE(*log_->stretch(Offset{4}, Offset{4}, 1 << 20));
  EXPECT_FALSE(*log_->stretch(Offset{40}, Offset{40}, 1 << 20));
}

TEST_F(StretchTest, RefusesWhatWasDeleted) {
  ASSERT_TRUE(log_->truncate_prefix(Offset{10}));
  auto stretch = log_->stretch(Offset{9}, log_->end(), 1000);
  ASSERT_FALSE(stretch);
  EXPECT_EQ(stretch.error().code, Errc::kOutOfRange);
}

TEST_F(StretchTest, WhatIsAppendedDuringASyncIsNotDurableByIt) {
  append(1);
  auto pending = *log_->begin_sync();
  ASSERT_TRUE(pending);
  append(1);
  EXPECT_EQ(log_->durable_end(), Offset{40});
  ASSERT_TRUE(log_->finish_sync(*pending, pending->work()));
  EXPECT_EQ(log_->durable_end(), Offset{41});
  ASSERT_TRUE(*log_->begin_sync());  // The other one is still to be synced.
  ASSERT_TRUE(log_->sync());
  EXPECT_EQ(log_->durable_end(), Offset{42});
  EXPECT_FALSE(*log_->begin_sync());
}

TEST_F(StretchTest, AFailedSyncClosesTheLogToWriting) {
  append(1);
  auto pending = *log_->begin_sync();
  ASSERT_FALSE(log_->finish_sync(*pending, Error{Errc::kIo, "the disk is gone"}));
  EXPECT_EQ(log_->durable_end(), Offset{40});
  EXPECT_FALSE(log_->begin_sync());
}

}  // namespace
}  // namespace leat
