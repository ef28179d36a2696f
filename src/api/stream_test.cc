// What each operation of a stream gives.
#include "api/scratch_test.h"

namespace leat::testing {
namespace {

struct Count {
  Timestamp window_start, window_end;
  std::string page_id;
  int64_t count = 0;
};
LEAT_FIELDS(Count, window_start, window_end, page_id, count)

class Streams : public ::testing::Test {
 protected:
  TypedStream<View> events() { return program.rows("events", views()); }
  Stream in_time() { return events().Stream::with_watermark("event_time", 10min); }
  template <Row T>
  Lines rows_of(const Stream& stream) {
    Lines out;
    collect(stream.as<T>(), out);
    report = run(program, scratch.options());
    return out;
  }

  Scratch scratch;
  Program program{"test"};
  Report report;
};

TEST_F(Streams, FilterBySqlAndByFunction) {
  Stream longer = events().filter(col("seconds") >= 20);
  EXPECT_EQ(rows_of<View>(longer.as<View>().filter([](const View& view) { return view.page_id == "b"; })),
            (Lines{"b|10:10|20", "b|10:30|40"}));
  EXPECT_EQ(report.rows_in, 8);
  EXPECT_EQ(report.filtered, 6);
}

struct Minutes {
  std::string page;
  double minutes = 0;
};
LEAT_FIELDS(Minutes, page, minutes)

TEST_F(Streams, SelectNamesComputesAndCasts) {
  Stream selected = events().select(call("UPPER", col("page_id")).as("page"), (col("seconds") / 60.0).as("minutes"));
  EXPECT_EQ(rows_of<Minutes>(selected.filter(col("minutes") > 0.4)), (Lines{"A|0.500000", "B|0.666667"}));
}

TEST_F(Streams, TextIsAConstantInExpressionsAndAColumnInSelect) {
  Stream stream =
      events().filter(col("page_id") == "a" && col("event_time") < at("10:30:00")).select("page_id", "event_time");
  EXPECT_EQ(rows_of<View>(stream.select("page_id", "event_time", lit(1).as("seconds"))),
            (Lines{"a|10:05|1", "a|10:01|1"}));
}

TEST_F(Streams, TumblingCount) {
  Stream counts = in_time().group_by(window("event_time", 1h), col("page_id")).count();
  EXPECT_EQ(rows_of<Count>(counts),
            (Lines{"10:00|11:00|a|2", "10:00|11:00|b|2", "11:00|12:00|a|1", "12:00|13:00|a|1", "12:00|13:00|b|1"}));
  EXPECT_EQ(report.late, 1);
}

TEST_F(Streams, HoppingCumulatingAndSessions) {
  Lines hops, steps, sessions;
  Stream stream = in_time().filter(col("page_id") == "a");
  collect(stream.group_by(hopping("event_time", {.size = 1h, .slide = 30min}), "page_id").count().as<Count>(), hops);
  collect(stream.group_by(cumulating("event_time", {.max_size = 2h, .step = 1h}), "page_id").count().as<Count>(),
          steps);
  collect(stream.group_by(session("event_time", {.gap = 58min}), "page_id").count().as<Count>(), sessions);
  run(program, scratch.options());
  EXPECT_EQ(hops, (Lines{"09:30|10:30|a|2", "10:00|11:00|a|2", "10:30|11:30|a|1", "11:00|12:00|a|1", "12:00|13:00|a|1",
                         "12:30|13:30|a|1"}));
  EXPECT_EQ(steps, (Lines{"10:00|11:00|a|2", "10:00|12:00|a|3", "12:00|13:00|a|1", "12:00|14:00|a|1"}));
  EXPECT_EQ(sessions, (Lines{"10:01|12:00|a|3", "12:30|13:28|a|1"}));
}

TEST_F(Streams, OffsetsAndTheLongestSession) {
  Lines shifted, capped;
  Stream stream = in_time().filter(col("page_id") == "a");
  collect(stream.group_by(window("event_time", 1h, 4min), "page_id").count().as<Count>(), shifted);
  collect(stream.group_by(session("event_time", {.gap = 58min, .max_duration = 1h}), "page_id").count().as<Count>(),
          capped);
  run(program, scratch.options());
  EXPECT_EQ(shifted, (Lines{"09:04|10:04|a|1", "10:04|11:04|a|2", "12:04|13:04|a|1"}));
  EXPECT_EQ(capped, (Lines{"10:01|11:01|a|2", "11:02|12:00|a|1", "12:30|13:28|a|1"}));
}

struct Hour {
  Timestamp window_start;
  bool is_a = false;
  int64_t n = 0;
};
LEAT_FIELDS(Hour, window_start, is_a, n)

TEST_F(Streams, KeysThatAreComputed) {
  NamedExpression is_a = (col("page_id") == "a").as("is_a");
  Lines tumbling, sessions;
  Stream stream = in_time();
  collect(stream.group_by(window("event_time", 2h), is_a).aggregate(count().as("n")).as<Hour>(), tumbling);
  collect(stream.group_by(session("event_time", {.gap = 3h}), is_a).aggregate(count().as("n")).as<Hour>(), sessions);
  run(program, scratch.options());
  EXPECT_EQ(tumbling, (Lines{"10:00|true|3", "10:00|false|2", "12:00|true|1", "12:00|false|1"}));
  EXPECT_EQ(sessions, (Lines{"10:01|true|4", "10:10|false|4"}));
}

struct Everything {
  std::string page_id;
  int64_t rows = 0, known = 0, different = 0;
  std::optional<int32_t> total, mean, least, most;
  std::optional<int32_t> long_ones;
  std::string first;
};
LEAT_FIELDS(Everything, page_id, rows, known, different, total, mean, least, most, long_ones, first)

TEST_F(Streams, AggregatesFiltersAndDistinct) {
  Stream all =
      in_time()
          .group_by(window("event_time", 24h), "page_id")
          .aggregate(count().as("rows"), count("seconds").as("known"), count("page_id").distinct().as("different"),
                     sum("seconds").as("total"), avg("seconds").as("mean"), min("seconds").as("least"),
                     max("seconds").as("most"), sum("seconds").where(col("seconds") > 9).as("long_ones"),
                     aggregation("FIRST_VALUE", call("UPPER", col("page_id"))).as("first"));
  EXPECT_EQ(rows_of<Everything>(all), (Lines{"a|4|4|1|52|13|5|30|40|A", "b|4|3|1|68|22|8|40|60|B"}));
}

struct Day {
  Timestamp window_start;
  int64_t most = 0;
};
LEAT_FIELDS(Day, window_start, most)

TEST_F(Streams, WindowsOfWindows) {
  Stream hours = in_time().group_by(window("event_time", 1h), "page_id", "window_time").count();
  Stream days = hours.group_by(window("window_time", 24h)).aggregate(max("count").as("most"));
  EXPECT_EQ(rows_of<Day>(days), (Lines{"00:00|2"}));
}

TEST_F(Streams, RowsWithTheirWindows) {
  Stream windows = in_time().windowed(hopping("event_time", {.size = 1h, .slide = 30min}));
  EXPECT_EQ(
      rows_of<Day>(windows.filter(col("page_id") == "a").select("window_start", col("seconds").as("most"))).size(), 8u);
}

TEST_F(Streams, AMappedRowKeepsItsEventTime) {
  auto shouted = events().with_watermark("event_time", 10min).map([](const View& view) {
    return View{view.page_id + "!", view.event_time, view.seconds};
  });
  EXPECT_EQ(rows_of<Count>(shouted.group_by(window("event_time", 24h), "page_id").count()),
            (Lines{"00:00|00:00|a!|4", "00:00|00:00|b!|4"}));
}

struct Letter {
  std::string page_id;
  int32_t number = 0;
};
LEAT_FIELDS(Letter, page_id, number)

TEST_F(Streams, FlatMapMakesAnyNumberOfRows) {
  Lines many, some;
  collect(events().flat_map([](const View& view) {
    std::vector<Letter> out;
    for (int32_t i = 0; i < view.seconds.value_or(0) / 10; ++i) out.push_back({view.page_id, i});
    return out;
  }),
          many);
  collect(program.from("events").as<View>().flat_map([](const View& view) -> std::optional<Letter> {
    if (!view.seconds) return Letter{view.page_id, -1};
    return std::nullopt;
  }),
          some);
  run(program, scratch.options());
  EXPECT_EQ(many, (Lines{"a|0", "b|0", "b|1", "a|0", "a|1", "a|2", "b|0", "b|1", "b|2", "b|3"}));
  EXPECT_EQ(some, (Lines{"b|-1"}));
}

TEST_F(Streams, ManyRowsOfOne) {
  int64_t sum = 0, rows = 0;
  program.rows("one", std::vector<Letter>{{"x", 5000}})
      .flat_map([](const Letter& one) {
        std::vector<Letter> out;
        for (int32_t i = 0; i < one.number; ++i) out.push_back({std::string(100, 'x'), i});
        return out;
      })
      .for_each([&](const Letter& letter) {
        sum += letter.number;
        rows += letter.page_id == std::string(100, 'x') ? 1 : 0;
      });
  run(program, scratch.options());
  EXPECT_EQ(rows, 5000);
  EXPECT_EQ(sum, 5000 * 4999 / 2);
}

struct Total {
  std::string page_id;
  int64_t count = 0;
};
LEAT_FIELDS(Total, page_id, count)

TEST_F(Streams, AnUpdatingResultSaysWhatChanges) {
  Lines changes;
  events()
      .filter(col("page_id") == "b")
      .group_by("page_id")
      .count()
      .as<Total>()
      .for_each([&](const Total& total, Change change) {
        const char* kinds[] = {"+I ", "-U ", "+U ", "-D "};
        changes.push_back(kinds[static_cast<size_t>(change)] + text_of(total));
      });
  run(program, scratch.options());
  EXPECT_EQ(changes, (Lines{"+I b|1", "-U b|1", "+U b|2", "-U b|2", "+U b|3", "-U b|3", "+U b|4"}));
}

TEST_F(Streams, UnionDistinctViewsAndSql) {
  Stream twice = events().union_all(program.from("events"));
  twice.as<View>().map([](const View& view) { return Total{view.page_id, 1}; }).create_view("ones");
  EXPECT_EQ(rows_of<Total>(program.query("SELECT page_id, `count` FROM ones WHERE page_id <> 'b'")).size(), 8u);
}

}  // namespace
}  // namespace leat::testing
