// The C++ API and SQL make one logical plan: explain() says the same of both.
#include "api/scratch_test.h"

namespace leat::testing {
namespace {

constexpr const char* kTables = R"(
CREATE TABLE events (page_id STRING, event_time TIMESTAMP(3), seconds INT)
WITH ('connector' = 'filesystem', 'path' = '/nowhere/events', 'format' = 'json');
CREATE TABLE late_events (page_id STRING, event_time TIMESTAMP(3), seconds INT,
                          WATERMARK FOR event_time AS event_time - INTERVAL '10' MINUTE)
WITH ('connector' = 'filesystem', 'path' = '/nowhere/events', 'format' = 'json');
CREATE TABLE counts (window_start TIMESTAMP(3), window_end TIMESTAMP(3), page_id STRING, n BIGINT)
WITH ('connector' = 'print');
CREATE TABLE rows_out (page_id STRING, n BIGINT) WITH ('connector' = 'print');
)";

// Both programs have these tables; `build` says in C++ what `sql` says.
void expect_same_plan(const std::function<void(Program&)>& build, const std::string& sql) {
  Program by_api("plan"), by_sql("plan");
  by_api.sql(kTables);
  build(by_api);
  by_sql.sql(kTables);
  by_sql.sql(sql);
  EXPECT_EQ(by_sql.error(), "");
  EXPECT_EQ(by_api.explain(), by_sql.explain());
}

// A copy of `events` that with_watermark() makes is the table with a WATERMARK, but for its name.
std::string with_watermark_of_ddl(std::string text) {
  for (size_t at = text.find("late_events"); at != std::string::npos; at = text.find("late_events")) text.erase(at, 5);
  return text;
}

TEST(Plan, TheSentenceOfTheReadme) {
  Program by_api("plan"), by_sql("plan");
  by_api.sql(kTables);
  by_api.from("events")
      .with_watermark("event_time", 10min)
      .group_by(window("event_time", 1h), col("page_id"))
      .count()
      .insert_into("counts");
  by_sql.sql(kTables);
  by_sql.sql(
      "INSERT INTO counts SELECT window_start, window_end, page_id, COUNT(*) AS `count` FROM TABLE(TUMBLE(TABLE "
      "late_events, DESCRIPTOR(event_time), INTERVAL '1' HOUR)) GROUP BY window_start, window_end, page_id;");
  EXPECT_EQ(by_api.explain(), with_watermark_of_ddl(by_sql.explain()));
  EXPECT_NE(by_api.explain().find("WindowAggregate"), std::string::npos) << by_api.explain();
}

TEST(Plan, Windows) {
  struct Case {
    TimeWindow window;
    std::string sql;
  };
  const Case cases[] = {
      {window("event_time", 1h), "TUMBLE(TABLE late_events, DESCRIPTOR(event_time), INTERVAL '1' HOUR)"},
      {window("event_time", 24h, 8h),
       "TUMBLE(TABLE late_events, DESCRIPTOR(event_time), INTERVAL '1' DAY, INTERVAL '8' HOUR)"},
      {window("event_time", 24h, -8h),
       "TUMBLE(TABLE late_events, DESCRIPTOR(event_time), INTERVAL '1' DAY, INTERVAL -'8' HOUR)"},
      {window("event_time", 1500ms),
       "TUMBLE(TABLE late_events, DESCRIPTOR(event_time), INTERVAL '1.500' SECOND(1, 3))"},
      {hopping("event_time", {.size = 1h, .slide = 10min}),
       "HOP(TABLE late_events, DESCRIPTOR(event_time), INTERVAL '10' MINUTE, INTERVAL '1' HOUR)"},
      {cumulating("event_time", {.max_size = 24h, .step = 1h, .offset = 30min}),
       "CUMULATE(TABLE late_events, DESCRIPTOR(event_time), INTERVAL '1' HOUR, INTERVAL '1' DAY, INTERVAL '30' "
       "MINUTE)"},
      {session("event_time", {.gap = 30min}),
       "SESSION(TABLE late_events PARTITION BY page_id, DESCRIPTOR(event_time), INTERVAL '30' MINUTE)"},
      {session("event_time", {.gap = 30min, .max_duration = 24h}),
       "SESSION(TABLE late_events /*+ OPTIONS('session.max-duration' = '24 h') */ PARTITION BY page_id, "
       "DESCRIPTOR(event_time), INTERVAL '30' MINUTE)"},
  };
  for (const Case& one : cases) {
    expect_same_plan(
        [&](Program& program) {
          program.from("late_events").group_by(one.window, "page_id").aggregate(count().as("n")).insert_into("counts");
        },
        "INSERT INTO counts SELECT window_start, window_end, page_id, COUNT(*) AS n FROM TABLE(" + one.sql +
            ") GROUP BY window_start, window_end, page_id;");
  }
}

TEST(Plan, FiltersProjectionsAndAggregates) {
  expect_same_plan(
      [](Program& program) {
        program.from("events")
            .filter(col("seconds") > 15 && (col("page_id") != "it's" || col("event_time") > at("10:00:00")))
            .select("page_id", (col("seconds") * 2 + 1).cast("BIGINT").as("n"))
            .insert_into("rows_out");
      },
      "INSERT INTO rows_out SELECT page_id, CAST(seconds * 2 + 1 AS BIGINT) AS n FROM events WHERE seconds > 15 AND "
      "(page_id <> 'it''s' OR event_time > TIMESTAMP '2026-01-01 10:00:00.000');");
  expect_same_plan(
      [](Program& program) {
        program.from("late_events")
            .filter(!col("seconds").is_null())
            .group_by(window("event_time", 1h), "page_id")
            .aggregate(sum("seconds").distinct().where(col("seconds") < 60).as("n"))
            .filter(col("n") > 100L)
            .select("page_id", "n")
            .insert_into("rows_out");
      },
      "INSERT INTO rows_out SELECT page_id, n FROM (SELECT * FROM (SELECT window_start, window_end, page_id, "
      "SUM(DISTINCT "
      "seconds) FILTER (WHERE seconds < 60) AS n FROM TABLE(TUMBLE(TABLE late_events, DESCRIPTOR(event_time), INTERVAL "
      "'1' HOUR)) WHERE NOT (seconds IS NULL) GROUP BY window_start, window_end, page_id) WHERE n > CAST(100 AS "
      "BIGINT));");
}

TEST(Plan, UnionDistinctAndGroupsWithoutAWindow) {
  expect_same_plan(
      [](Program& program) {
        Stream events = program.from("events");
        events.union_all(events).select("page_id").distinct().group_by("page_id").count().insert_into("rows_out");
      },
      "INSERT INTO rows_out SELECT page_id, COUNT(*) AS `count` FROM (SELECT DISTINCT page_id FROM (SELECT * FROM "
      "events "
      "UNION ALL SELECT * FROM events)) GROUP BY page_id;");
}

struct Seconds {
  std::optional<int32_t> seconds;
};
LEAT_FIELDS(Seconds, seconds)

TEST(Plan, OnlyTheFieldsOfTheStructAreRead) {
  Program program("plan");
  program.sql(kTables);
  program.from("events").as<Seconds>().for_each([](const Seconds&) {});
  EXPECT_NE(program.explain().find("Scan(table=[events], columns=[seconds])"), std::string::npos) << program.explain();
}

}  // namespace
}  // namespace leat::testing
