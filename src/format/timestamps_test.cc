#include "format/timestamps.h"

#include <gtest/gtest.h>

#include <random>

#include "columnar/civil.h"

namespace leat {
namespace {

std::string text_of(int64_t micros, bool iso, bool utc) {
  Bytes out;
  append_format_timestamp(out, micros, iso, utc);
  return out;
}

int64_t some_time(std::mt19937_64& rng, int64_t step) {
  int64_t first = days_from_civil(1, 1, 1) * kMicrosPerDay, last = days_from_civil(9999, 12, 31) * kMicrosPerDay;
  auto range = static_cast<uint64_t>(last - first);
  return floor_div(first + static_cast<int64_t>(rng() % range), step) * step;
}

TEST(Timestamps, WhatIsWrittenIsRead) {
  std::mt19937_64 rng(1);
  for (int i = 0; i < 20000; ++i) {
    bool iso = rng() % 2 == 0, utc = rng() % 2 == 0;
    int64_t micros = some_time(rng, rng() % 2 == 0 ? kMicrosPerSecond : 1);
    EXPECT_EQ(parse_timestamp(text_of(micros, iso, utc), iso, utc), micros) << text_of(micros, iso, utc);
  }
}

// A text with one byte changed is refused, or means what it says.
TEST(Timestamps, NothingElseIs) {
  std::mt19937_64 rng(2);
  size_t refused = 0;
  for (int i = 0; i < 100000; ++i) {
    std::string text = text_of(some_time(rng, kMicrosPerSecond), true, false);
    text[rng() % text.size()] = static_cast<char>(rng() % 2 == 0 ? '0' + rng() % 10 : rng());
    auto micros = parse_timestamp(text, true, false);
    if (text[10] == 't') text[10] = 'T';
    EXPECT_EQ(micros ? text_of(*micros, true, false) : text, text);
    refused += !micros;
  }
  EXPECT_GT(refused, 50000U);
}

TEST(Timestamps, AnIsoTimestampKeepsTheCalendar) {
  for (const char* good : {"2024-02-29T00:00:00", "2000-02-29T23:59:59", "2023-12-31T00:00:00.123456789",
                           "2023-01-01T00:00:00.", "2023-01-01t00:00"}) {
    EXPECT_TRUE(parse_timestamp(good, true, false)) << good;
  }
  for (const char* bad : {"2023-02-29T00:00:00", "1900-02-29T00:00:00", "2023-04-31T00:00:00", "2023-00-01T00:00:00",
                          "2023-13-01T00:00:00", "2023-01-00T00:00:00", "2023-01-01T24:00:00", "2023-01-01T00:60:00",
                          "2023-01-01T00:00:60", "2023-01-01T00:0", "2023-01-01", "2023-01-01T00:00:00.1234567890",
                          "2023-01-01T00:00:00x", "2023-01-01 00:00:00"}) {
    EXPECT_FALSE(parse_timestamp(bad, true, false)) << bad;
  }
  EXPECT_EQ(parse_timestamp("2023-01-01T10:20", true, false), parse_timestamp("2023-01-01T10:20:00", true, false));
}

TEST(Timestamps, OthersAreMovedIntoIt) {
  const auto read = [](BytesView text) {
    return text_of(parse_timestamp(text, false, false).value_or(0), false, false);
  };
  EXPECT_EQ(read("2023-02-31 12:00:00"), "2023-02-28 12:00:00");
  EXPECT_EQ(read("2024-04-31 12:00:00"), "2024-04-30 12:00:00");
  EXPECT_EQ(read("2023-12-31 24:00:00"), "2024-01-01 00:00:00");
  EXPECT_TRUE(parse_timestamp("2023-02-29T24:00:00Z", true, true));
  for (const char* bad : {"2023-04-32 00:00:00", "2023-01-01 24:00:01", "2023-01-01 00:00", "2023-01-01 25:00:00"}) {
    EXPECT_FALSE(parse_timestamp(bad, false, false)) << bad;
  }
}

}  // namespace
}  // namespace leat
