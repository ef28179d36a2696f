#include "base/varint.h"

#include <gtest/gtest.h>

#include <limits>

namespace leat {
namespace {

TEST(Varint, ComesBackAtEveryMagnitude) {
  std::vector<int64_t> values = {0, std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()};
  for (int bit = 0; bit < 63; ++bit) {
    for (int64_t near : {-1, 0, 1}) {
      values.push_back((int64_t{1} << bit) + near);
      values.push_back(-(int64_t{1} << bit) + near);
    }
  }
  for (int64_t value : values) {
    Bytes bytes;
    put_varint(bytes, value);
    EXPECT_EQ(bytes.size(), varint_size(value)) << value;
    BytesView rest = bytes;
    int64_t back = 0;
    ASSERT_TRUE(take_varint(rest, back)) << value;
    EXPECT_EQ(back, value);
    EXPECT_TRUE(rest.empty());
  }
}

TEST(Varint, IsKafkasZigzag) {
  Bytes bytes;
  put_varint(bytes, -1);
  put_varint(bytes, 1);
  put_varint(bytes, -65);
  EXPECT_EQ(bytes, "\x01\x02\x81\x01");
}

TEST(Varint, RefusesWhatIsCutOrTooLong) {
  for (Bytes bytes : {Bytes(), Bytes("\x80"), Bytes(10, '\x80') + '\x01'}) {
    BytesView in = bytes;
    int64_t value = 0;
    EXPECT_FALSE(take_varint(in, value));
  }
}

}  // namespace
}  // namespace leat
