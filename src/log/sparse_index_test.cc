#include "log/sparse_index.h"

#include "sim/log_harness.h"

namespace leat {
namespace {

constexpr const char* kPath = "/log/00000000000000000100.index";
constexpr Offset kBase{100};

class SparseIndexTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(env_.disk().create_directories(kDirectory)); }

  // Batches of about 1 KiB, one record each, from where the last one ended.
  void add(SparseIndex& index, int count) {
    for (int i = 0; i < count; ++i) {
      RecordBatchBuilder builder;
      builder.add({next_.value * 10}, std::nullopt, BytesView(Bytes(1000, 'x')));
      std::span<char> batch = builder.finish({});
      set_base_offset(batch.data(), next_);
      index.add(RecordBatchView::trusted({batch.data(), batch.size()}), bytes_);
      bytes_ += batch.size();
      next_ = Offset{next_.value + 1};
    }
  }
  uint64_t size() { return env_.disk().contents(kPath).size(); }

  sim::SimEnv env_{1};
  Offset next_ = kBase;
  uint64_t bytes_ = 0;
};

TEST_F(SparseIndexTest, TheFileGrowsByWhatIsNew) {
  SparseIndex index;
  add(index, 100);
  ASSERT_TRUE(index.save(env_.disk(), kPath, kBase));
  Bytes first = env_.disk().contents(kPath);
  ASSERT_TRUE(index.save(env_.disk(), kPath, kBase));
  EXPECT_EQ(size(), first.size());
  add(index, 100);
  ASSERT_TRUE(index.save(env_.disk(), kPath, kBase));
  EXPECT_TRUE(env_.disk().contents(kPath).starts_with(first));

  SparseIndex loaded;
  uint64_t covered = loaded.load(env_.disk(), kPath, kBase, bytes_);
  EXPECT_GT(covered, bytes_ - 8192);
  for (int64_t offset = 100; offset < 300; ++offset) {
    EXPECT_EQ(loaded.before(Offset{offset}).position, index.before(Offset{offset}).position);
    EXPECT_EQ(loaded.before(WallTime{offset * 10}).position, index.before(WallTime{offset * 10}).position);
  }
}

TEST_F(SparseIndexTest, WhatIsTornOrBehindTheSegmentIsLeftOut) {
  SparseIndex index;
  add(index, 100);
  ASSERT_TRUE(index.save(env_.disk(), kPath, kBase));
  uint64_t bytes = bytes_, whole = size();
  add(index, 100);
  ASSERT_TRUE(index.save(env_.disk(), kPath, kBase));

  SparseIndex loaded;
  EXPECT_LT(loaded.load(env_.disk(), kPath, kBase, bytes), bytes);
  EXPECT_GT(loaded.load(env_.disk(), kPath, kBase, bytes), bytes - 8192);
  EXPECT_EQ(loaded.load(env_.disk(), kPath, kBase, 4000), 0U);

  env_.disk().overwrite(kPath, whole + 20, "!");
  EXPECT_LT(loaded.load(env_.disk(), kPath, kBase, bytes_), bytes);
  add(loaded, 1);  // It goes on behind what was whole.
  ASSERT_TRUE(loaded.save(env_.disk(), kPath, kBase));
  EXPECT_EQ(size(), whole + 8 + 16);

  env_.disk().overwrite(kPath, 20, "!");
  EXPECT_EQ(loaded.load(env_.disk(), kPath, kBase, bytes_), 0U);
  EXPECT_EQ(loaded.before(Offset{250}).position, 0U);
}

}  // namespace
}  // namespace leat
