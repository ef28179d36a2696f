// Values between columns and fields of structs.
#include <limits>
#include <stdexcept>

#include "api/scratch_test.h"

namespace leat::testing {
namespace {

using Micros = std::chrono::local_time<std::chrono::microseconds>;
using Seconds = std::chrono::local_time<std::chrono::seconds>;

struct Every {
  bool truth = false;
  int8_t tiny = 0;
  int16_t small = 0;
  int32_t whole = 0;
  int64_t big = 0;
  float real = 0;
  double wide = 0;
  std::string text;
  Date date;
  Seconds second;
  Timestamp milli;
  Micros micro;
  TimestampLtz moment;
};
LEAT_FIELDS(Every, truth, tiny, small, whole, big, real, wide, text, date, second, milli, micro, moment)

struct Maybe {
  std::optional<bool> truth;
  std::optional<int32_t> whole;
  std::optional<double> wide;
  std::optional<std::string> text;
  std::optional<Timestamp> milli;
  std::optional<Date> date;
};
LEAT_FIELDS(Maybe, truth, whole, wide, text, milli, date)

Every every() {
  Every out{true, -128, 32767, -5, std::numeric_limits<int64_t>::min(), 0.1f, 1e300, "zażółć \"'\\\n", {},
            {},   {},   {},    {}};
  out.date = Date(std::chrono::days(-1));
  out.second = Seconds(-1s);
  out.milli = Timestamp(-1ms);
  out.micro = Micros(1us);
  out.moment = TimestampLtz(1'700'000'000'123ms);
  return out;
}

void expect_equal(const Every& got, const Every& want) {
  EXPECT_EQ(got.truth, want.truth);
  EXPECT_EQ(got.tiny, want.tiny);
  EXPECT_EQ(got.small, want.small);
  EXPECT_EQ(got.whole, want.whole);
  EXPECT_EQ(got.big, want.big);
  EXPECT_EQ(got.real, want.real);
  EXPECT_EQ(got.wide, want.wide);
  EXPECT_EQ(got.text, want.text);
  EXPECT_EQ(got.date, want.date);
  EXPECT_EQ(got.second, want.second);
  EXPECT_EQ(got.milli, want.milli);
  EXPECT_EQ(got.micro, want.micro);
  EXPECT_EQ(got.moment, want.moment);
}

TEST(Fields, EveryTypeThroughEveryKindOfStep) {
  Scratch scratch;
  Program program("test");
  std::vector<Every> got;
  program.rows("input", std::vector<Every>{every()})
      .map([](const Every& row) { return row; })
      .flat_map([](const Every& row) {
        return std::vector<Every>{row, row};
      })
      .filter([](const Every&) { return true; })
      .for_each([&](const Every& row) { got.push_back(row); });
  run(program, scratch.options());
  ASSERT_EQ(got.size(), 2u);
  expect_equal(got[0], every());
  expect_equal(got[1], every());
}

TEST(Fields, EveryTypeThroughAFile) {
  for (const char* format : {"json", "csv"}) {
    Scratch scratch;
    std::vector<Every> got;
    Program write("write"), read("read");
    write.files<Every>("file", {.path = scratch / "file", .format = format});
    write.rows("input", std::vector<Every>{every()}).insert_into("file");
    run(write, scratch.options());
    read.files<Every>("file", {.path = scratch / "file", .format = format}).for_each([&](const Every& row) {
      got.push_back(row);
    });
    run(read, scratch.options());
    ASSERT_EQ(got.size(), 1u) << format;
    expect_equal(got[0], every());
  }
}

TEST(Fields, OptionalFieldsTakeNulls) {
  Scratch scratch;
  Program program("test");
  Lines got;
  Maybe full{true, 1, 0.5, "x", at("10:00:00"), Date(std::chrono::days(1))};
  collect(program.rows("input", std::vector<Maybe>{{}, full}).map([](const Maybe& row) { return row; }), got);
  run(program, scratch.options());
  EXPECT_EQ(got, (Lines{"NULL|NULL|NULL|NULL|NULL|NULL", "true|1|0.500000|x|10:00|1"}));
}

struct Texts {
  std::string truth, whole, milli;
  double decimal = 0;
};
LEAT_FIELDS(Texts, truth, whole, milli, decimal)

TEST(Fields, ColumnsOfOtherTypesAreCast) {
  Scratch scratch;
  Program program("test");
  Lines got;
  collect(program
              .query("SELECT TRUE AS truth, 7 AS whole, TIMESTAMP '2026-01-01 10:00:00.5' AS milli, "
                     "CAST(1.25 AS DECIMAL(10, 2)) AS `decimal`")
              .as<Texts>(),
          got);
  run(program, scratch.options());
  EXPECT_EQ(got, (Lines{"TRUE|7|2026-01-01 10:00:00.5|1.250000"}));
}

// A TIMESTAMP(6) that becomes a Timestamp is cut towards the past, before 1970 too.
TEST(Fields, FinerTimesAreCut) {
  EXPECT_EQ(detail::FieldType<Timestamp>::read(detail::Cell(int64_t{-1})), Timestamp(-1ms));
  EXPECT_EQ(detail::FieldType<Timestamp>::read(detail::Cell(int64_t{1999})), Timestamp(1ms));
  EXPECT_EQ(detail::FieldType<Seconds>::read(detail::Cell(int64_t{-1})), Seconds(-1s));
}

TEST(Fields, TimestampsAsText) {
  EXPECT_EQ(leat::to_text(Timestamp(std::chrono::local_days(2026y / 2 / 28)) + 23h + 5ms), "2026-02-28 23:00:00.005");
  EXPECT_EQ(leat::to_text(Timestamp(-1ms)), "1969-12-31 23:59:59.999");
  EXPECT_EQ(parse_timestamp("2026-02-28 23:00:00.0059"),
            Timestamp(std::chrono::local_days(2026y / 2 / 28)) + 23h + 5ms);
  EXPECT_EQ(parse_timestamp("28.2.2026"), std::nullopt);
}

enum class Device : uint8_t { kPhone, kDesk };
struct Cents {
  int64_t value = 0;
};

}  // namespace
}  // namespace leat::testing

template <>
struct leat::FieldAs<leat::testing::Device> {
  using Stored = std::string_view;
  static testing::Device from(std::string_view text) {
    if (text == "phone") return testing::Device::kPhone;
    if (text == "desk") return testing::Device::kDesk;
    throw std::invalid_argument("no device: " + std::string(text));
  }
  static std::string_view to(const testing::Device& device) {
    return device == testing::Device::kPhone ? "phone" : "desk";
  }
};
template <>
struct leat::FieldAs<leat::testing::Cents> {
  using Stored = int64_t;
  static testing::Cents from(int64_t stored) { return {stored}; }
  static int64_t to(const testing::Cents& cents) { return cents.value; }
};

namespace leat::testing {
namespace {

struct Sale {
  Device device = Device::kDesk;
  std::optional<Cents> price;
};
LEAT_FIELDS(Sale, device, price)

TEST(Fields, TypesOfTheUsersOwn) {
  Scratch scratch;
  Program program("test");
  Lines got;
  Stream sales = program.rows("sales", std::vector<Sale>{{Device::kPhone, Cents{5}}, {}});
  Stream nonsense = program.query("SELECT 'tv' AS device, CAST(1 AS BIGINT) AS price");
  collect(sales.select("device", "price").union_all(nonsense).as<Sale>().map([](const Sale& sale) { return sale; }),
          got);
  EXPECT_EQ(run(program, scratch.options()).dead, 1);
  EXPECT_EQ(got, (Lines{"phone|5", "desk|NULL"}));
  ASSERT_EQ(lost_rows(program, scratch.options()).size(), 1u);
  EXPECT_EQ(lost_rows(program, scratch.options())[0].message, "no device: tv");
}

struct Wide {
  int32_t a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8, i = 9, j = 10, k = 11, l = 12, m = 13, n = 14, o = 15,
          p = 16, q = 17, r = 18, s = 19, t = 20;
};
LEAT_FIELDS(Wide, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t)

TEST(Fields, MoreThanAHandful) {
  EXPECT_EQ(text_of(Wide{}), "1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20");
}

struct Nothing {
  int32_t x = 0;
};
static_assert(!Row<Nothing> && !Row<int> && Row<Wide>, "only structs with LEAT_FIELDS are rows");

}  // namespace
}  // namespace leat::testing
