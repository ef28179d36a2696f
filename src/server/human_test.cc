#include "server/human.h"

#include <gtest/gtest.h>

#include "server/text_table.h"

namespace leat {
namespace {

TEST(Human, Counts) {
  EXPECT_EQ(human_count(0), "0");
  EXPECT_EQ(human_count(999), "999");
  EXPECT_EQ(human_count(1000), "1,000");
  EXPECT_EQ(human_count(-1234567), "-1,234,567");
  EXPECT_EQ(human_count(-123), "-123");
}

TEST(Human, SizesAndSpans) {
  EXPECT_EQ(human_bytes(1023), "1023 B");
  EXPECT_EQ(human_bytes(1536), "1.5 KB");
  EXPECT_EQ(human_bytes(85ull << 20), "85 MB");
  EXPECT_EQ(human_duration(8), "8 ms");
  EXPECT_EQ(human_duration(1234), "1.23 s");
  EXPECT_EQ(human_duration(200'000), "3 min 20 s");
  EXPECT_EQ(human_duration(7'200'000), "2 h");
  EXPECT_EQ(human_duration(-7'500'000), "-2 h 5 min");
  EXPECT_EQ(human_duration(400LL * 86'400'000), "1 y 35 d");
}

TEST(Human, Times) {
  EXPECT_EQ(human_time(0), "1970-01-01 00:00:00");
  EXPECT_EQ(human_time(-1), "1969-12-31 23:59:59.999");
  EXPECT_EQ(human_time(983'682'367'089), "2001-03-04 05:06:07.089");
  EXPECT_EQ(human_time(kMinEventTime.value), "-infinity");
}

TEST(Human, NothingReachesTheTerminalThatCouldSteerIt) {
  EXPECT_EQ(printable_line("a\tb\n\x1b[31m\x7f"), "a\\tb\\n\\x1b[31m\\x7f");
  EXPECT_EQ(printable_line("h\xc3\xa9\xff\xc3"), "h\xc3\xa9\\xff\\xc3");
  EXPECT_EQ(printable_line("\xc2\x9b"), "\\xc2\\x9b");  // A control character of Latin-1.
  EXPECT_EQ(printable_text("a\n\tb\r"), "a\n\tb\\r");
}

TEST(Human, WidthsCountColumnsNotBytes) {
  EXPECT_EQ(display_width("abc"), 3u);
  EXPECT_EQ(display_width("h\xc3\xa9"), 2u);
  EXPECT_EQ(display_width("e\xcc\x81"), 1u);
  EXPECT_EQ(display_width("\xe6\x97\xa5\xe6\x9c\xac"), 4u);
  EXPECT_EQ(fit_width("\xe6\x97\xa5\xe6\x9c\xac", 3), "\xe6\x97\xa5");
  EXPECT_EQ(fit_width("abc", 9), "abc");
}

TEST(TextTable, AlignsAsPsqlDoes) {
  EXPECT_EQ(text_table({{"name"}, {"n", Align::kRight}, {"x"}}, {{"\xc3\xa9", "1", "a"}, {"long name", "22", ""}}),
            " name      |  n | x\n"
            "-----------+----+---\n"
            " \xc3\xa9         |  1 | a\n"
            " long name | 22 | \n");
}

}  // namespace
}  // namespace leat
