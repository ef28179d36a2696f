#include "log/record_batch.h"

#include <gtest/gtest.h>

#include "base/big_endian.h"
#include "base/crc32c.h"
#include "log/batch_layout.h"
#include "log/record_batch_builder.h"
#include "log/record_reader.h"
#include "sim/sim_random.h"

namespace leat {
namespace {

constexpr Codec kCodecs[] = {Codec::kNone, Codec::kGzip, Codec::kSnappy, Codec::kLz4, Codec::kZstd};

const std::vector<HeaderView> kHeaders = {{"kind", BytesView("late")}, {"empty", BytesView("")}, {"null", {}}};

const std::vector<HeaderView> kNoHeaders;

// Fifty records: keys and values that are null, empty, short and long, times that go back.
Bytes make_batch(Codec codec, const BatchStamp& stamp = {}) {
  RecordBatchBuilder builder(codec);
  for (int i = 0; i < 50; ++i) {
    Bytes key = "key " + std::to_string(i), value(static_cast<size_t>(i * i), static_cast<char>('a' + i % 26));
    builder.add(WallTime{1'700'000'000'000 - i * 1000}, i % 3 == 0 ? std::nullopt : std::optional<BytesView>(key),
                i % 7 == 0 ? std::nullopt : std::optional<BytesView>(value), i % 2 == 0 ? kHeaders : kNoHeaders);
  }
  auto finished = builder.finish(stamp);
  return {finished.data(), finished.size()};
}

class Codecs : public testing::TestWithParam<Codec> {};

TEST_P(Codecs, RecordsComeBackAsTheyWere) {
  Bytes bytes = make_batch(GetParam());
  set_base_offset(bytes.data(), Offset{7000});
  auto batch = RecordBatchView::parse(bytes);
  ASSERT_TRUE(batch) << batch.error().message;
  EXPECT_EQ(batch->codec(), GetParam());
  EXPECT_EQ(batch->base_offset(), Offset{7000});
  EXPECT_EQ(batch->next_offset(), Offset{7050});
  EXPECT_EQ(batch->max_timestamp(), WallTime{1'700'000'000'000});
  auto reader = *RecordReader::open(*batch);
  RecordView record;
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(*reader.next(record));
    EXPECT_EQ(record.offset, Offset{7000 + i});
    EXPECT_EQ(record.timestamp, WallTime{1'700'000'000'000 - i * 1000});
    EXPECT_EQ(record.key.has_value(), i % 3 != 0);
    ASSERT_EQ(record.value.has_value(), i % 7 != 0);
    EXPECT_EQ(record.value.value_or("").size(), static_cast<size_t>(i % 7 == 0 ? 0 : i * i));
    ASSERT_EQ(record.headers.size(), i % 2 == 0 ? 3U : 0U);
    EXPECT_TRUE(record.headers.empty() || (record.headers[1].value == "" && !record.headers[2].value));
  }
  EXPECT_FALSE(*reader.next(record));
}

TEST_P(Codecs, AnyFlippedBitIsSeen) {
  Bytes bytes = make_batch(GetParam());
  for (size_t at = batch_layout::kMagic; at < bytes.size(); ++at) {
    Bytes flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    EXPECT_FALSE(RecordBatchView::parse(flipped)) << "byte " << at;
  }
}

TEST_P(Codecs, AnyCutIsSeen) {
  Bytes bytes = make_batch(GetParam());
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(RecordBatchView::parse(BytesView(bytes).substr(0, size)));
}

// A batch whose checksum is right, made by an enemy: errors, never a crash, and no more memory than allowed.
TEST_P(Codecs, HostileRecordsAreErrors) {
  sim::SimRandom random(1);
  Bytes bytes = make_batch(GetParam());
  int errors = 0;
  for (int round = 0; round < 2000; ++round) {
    Bytes hostile = bytes;
    for (uint64_t left = 1 + random.below(4); left > 0; --left) {
      hostile[RecordBatchView::kHeaderBytes + random.below(hostile.size() - RecordBatchView::kHeaderBytes)] =
          static_cast<char>(random.next());
    }
    store_big<uint32_t>(hostile.data() + batch_layout::kCrc,
                        crc32c(BytesView(hostile).substr(batch_layout::kAttributes)));
    auto batch = RecordBatchView::parse(hostile);
    ASSERT_TRUE(batch);
    auto reader = RecordReader::open(*batch, 1 << 20);
    RecordView record;
    auto more = reader ? reader->next(record) : Result<bool>(reader.error());
    while (more && *more) more = reader->next(record);
    if (more) continue;
    ASSERT_EQ(more.error().code, Errc::kCorruption);
    ++errors;
  }
  EXPECT_GT(errors, 20);
}

INSTANTIATE_TEST_SUITE_P(All, Codecs, testing::ValuesIn(kCodecs));

TEST(RecordBatch, RefusesSizesThatCannotBe) {
  Bytes prefix(RecordBatchView::kPrefixBytes, '\0');
  for (int32_t length : {-1, 0, 48, std::numeric_limits<int32_t>::max()}) {
    store_big(prefix.data() + batch_layout::kLength, length);
    EXPECT_FALSE(RecordBatchView::size_of(prefix)) << length;
  }
  store_big<int32_t>(prefix.data() + batch_layout::kLength, 49);
  EXPECT_EQ(*RecordBatchView::size_of(prefix), RecordBatchView::kHeaderBytes);
}

TEST(RecordBatch, KeepsItsProducersStamp) {
  BatchStamp stamp{.producer_id = 77, .producer_epoch = 3, .base_sequence = 12, .transactional = true};
  Bytes bytes = make_batch(Codec::kNone, stamp);
  BatchStamp seen = RecordBatchView::parse(bytes)->stamp();
  EXPECT_EQ(seen.producer_id, 77);
  EXPECT_EQ(seen.producer_epoch, 3);
  EXPECT_EQ(seen.base_sequence, 12);
  EXPECT_TRUE(seen.transactional);
  EXPECT_FALSE(seen.control);
}

TEST(RecordBatch, MarkersComeBack) {
  for (MarkerType type : {MarkerType::kAbort, MarkerType::kCommit}) {
    RecordBatchBuilder builder;
    add_marker(builder, WallTime{5}, type);
    auto finished = builder.finish({.producer_id = 1, .transactional = true, .control = true});
    auto batch = RecordBatchView::parse({finished.data(), finished.size()});
    ASSERT_TRUE(batch && batch->is_control());
    EXPECT_EQ(*read_marker(*batch), type);
  }
}

}  // namespace
}  // namespace leat
