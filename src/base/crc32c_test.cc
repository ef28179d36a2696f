#include "base/crc32c.h"

#include <gtest/gtest.h>

namespace leat {
namespace {

TEST(Crc32c, IsThatOfTheRfc) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(crc32c(Bytes(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc32c(Bytes(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(crc32c(""), 0u);
}

TEST(Crc32c, InstructionAndTableAgreeAtEveryLengthAndAlignment) {
  Bytes bytes;
  for (int i = 0; i < 64; ++i) bytes.push_back(static_cast<char>(i * 37));
  for (size_t from = 0; from < 9; ++from) {
    for (size_t size = 0; from + size <= bytes.size(); ++size) {
      BytesView part = BytesView(bytes).substr(from, size);
      ASSERT_EQ(crc32c(part), crc32c_by_table(part)) << from << " " << size;
    }
  }
}

TEST(Crc32c, InstructionAndTableAgreeAroundWholeLanes) {
  Bytes bytes;
  for (uint32_t i = 0; i < 10'000; ++i) bytes.push_back(static_cast<char>((i * 2654435761u) >> 24));
  for (size_t size : {3071u, 3072u, 3073u, 3080u, 6144u, 9999u, 10'000u}) {
    EXPECT_EQ(crc32c(BytesView(bytes).substr(0, size)), crc32c_by_table(BytesView(bytes).substr(0, size))) << size;
    EXPECT_EQ(crc32c(BytesView(bytes).substr(10'000 - size), 42),
              crc32c_by_table(BytesView(bytes).substr(10'000 - size), 42));
  }
}

TEST(Crc32c, GoesOnFromWhatPrecedes) {
  EXPECT_EQ(crc32c("6789", crc32c("12345")), crc32c("123456789"));
  EXPECT_EQ(crc32c_by_table("6789", crc32c_by_table("12345")), crc32c("123456789"));
}

}  // namespace
}  // namespace leat
