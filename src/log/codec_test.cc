#include "log/codec.h"

#include <gtest/gtest.h>

#include "sim/sim_random.h"

namespace leat {
namespace {

class EachCodec : public testing::TestWithParam<Codec> {};

TEST_P(EachCodec, GivesBackWhatItWasGiven) {
  sim::SimRandom random(1);
  for (size_t size : {0, 1, 100, 40'000, 1'000'000}) {
    Bytes in(size, 'x');
    for (size_t i = 0; i < size; i += 1 + random.below(20)) in[i] = static_cast<char>(random.next());
    auto out = decompress(GetParam(), compress(GetParam(), in));
    ASSERT_TRUE(out) << out.error().message;
    EXPECT_EQ(*out, in);
  }
}

// A bomb: small, and large when it goes off.
TEST_P(EachCodec, StopsAtTheLimit) {
  Bytes packed = compress(GetParam(), Bytes(10 << 20, 'x'));
  auto out = decompress(GetParam(), packed, 1 << 20);
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, Errc::kCorruption);
  EXPECT_TRUE(decompress(GetParam(), packed, 10 << 20));
}

class EachPackingCodec : public testing::TestWithParam<Codec> {};

TEST_P(EachPackingCodec, WhatIsCutOffIsAnError) {
  Bytes packed = compress(GetParam(), Bytes(1000, 'x') + "the end");
  for (size_t size = 1; size < packed.size(); ++size) {
    auto out = decompress(GetParam(), BytesView(packed).substr(0, size));
    EXPECT_FALSE(out && out->ends_with("the end")) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(All, EachCodec,
                         testing::Values(Codec::kNone, Codec::kGzip, Codec::kSnappy, Codec::kLz4, Codec::kZstd));

INSTANTIATE_TEST_SUITE_P(All, EachPackingCodec,
                         testing::Values(Codec::kGzip, Codec::kSnappy, Codec::kLz4, Codec::kZstd));

// librdkafka sends it without snappy-java's framing.
TEST(Codec, RawSnappyIsRead) {
  Bytes raw("\x0b\x28hello world", 13);  // The length, one literal of eleven bytes.
  EXPECT_EQ(*decompress(Codec::kSnappy, raw), "hello world");
}

}  // namespace
}  // namespace leat
