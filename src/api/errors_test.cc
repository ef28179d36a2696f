// Mistakes of programs, rows that fail, and what is said about them.
#include <signal.h>

#include <stdexcept>

#include "api/scratch_test.h"

namespace leat::testing {
namespace {

void expect_mistake(const std::function<void(Program&)>& build, const std::string& step, const std::string& says) {
  Program program("test");
  program.rows("events", views());
  program.sql(
      "CREATE TABLE totals (page_id STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = '/tmp/x', "
      "'format' = 'json')");
  build(program);
  EXPECT_TRUE(program.error().starts_with(step + ": ")) << program.error();
  EXPECT_NE(program.error().find(says), std::string::npos) << program.error();
  EXPECT_EQ(program.explain(), program.error());
  Scratch scratch;
  RunResult result = program.run(scratch.options());
  EXPECT_EQ(result.outcome, RunResult::Outcome::kInvalid);
  EXPECT_EQ(result.exit_code(), 2);
  EXPECT_EQ(result.error, program.error());
}

TEST(Mistakes, AreNamedByTheStepThatMadeThem) {
  expect_mistake([](Program& p) { p.from("evnts").filter(true).insert_into("totals"); }, "from",
                 "did you mean 'events'");
  expect_mistake([](Program& p) { p.from("events").filter(col("secnds") > 1).select("page_id"); }, "filter", "secnds");
  expect_mistake([](Program& p) { p.from("events").filter("page_id"); }, "filter", "BOOLEAN");
  expect_mistake([](Program& p) { p.from("events").select("page_id", "nothing"); }, "select", "nothing");
  expect_mistake([](Program& p) { p.from("events").group_by(window("event_time", 1h), "page_id").count(); },
                 "aggregate", "no event-time column");
  expect_mistake([](Program& p) { p.from("events").filter(true).with_watermark("event_time", 1min); }, "with_watermark",
                 "directly on a table");
  expect_mistake([](Program& p) { p.from("events").with_watermark("seconds", 1min); }, "with_watermark", "seconds");
  expect_mistake([](Program& p) { p.from("events").insert_into("totals"); }, "insert_into", "3 columns");
  expect_mistake([](Program& p) { p.from("events").select("event_time", "seconds").insert_into("totals"); },
                 "insert_into", "page_id");
  expect_mistake([](Program& p) { p.from("events").group_by("page_id").count().insert_into("nowhere"); }, "insert_into",
                 "nowhere");
  expect_mistake([](Program& p) { p.sql("SELECT 1"); }, "sql", "query()");
  expect_mistake([](Program& p) { p.sql("CREATE TABL t (a INT)"); }, "sql", "line 1");
  expect_mistake([](Program& p) { p.rows("events", views()); }, "rows", "already");
  expect_mistake([](Program& p) { p.from("events").create_view("totals"); }, "create_view", "already");
  expect_mistake([](Program& p) { p.files<View>("f", {.path = "/tmp/x", .format = "yaml"}); }, "files", "yaml");
}

struct Other {
  std::string page_id;
  Date event_time;
};
LEAT_FIELDS(Other, page_id, event_time)
struct Unknown {
  std::string name;
};
LEAT_FIELDS(Unknown, name)
struct Total {
  std::string page_id;
  int64_t count = 0;
};
LEAT_FIELDS(Total, page_id, count)

TEST(Mistakes, StructsThatDoNotFit) {
  expect_mistake([](Program& p) { p.from("events").as<Unknown>(); }, "as", "name");
  expect_mistake([](Program& p) { p.from("events").select("page_id", lit(1).as("event_time")).as<Other>(); }, "as",
                 "column 'event_time' is INT");
  expect_mistake(
      [](Program& p) { p.from("events").group_by("page_id").count().as<Total>().for_each([](const Total&) {}); },
      "for_each", "leat::Change");
  expect_mistake(
      [](Program& p) {
        p.from("events").group_by("page_id").count().as<Total>().map([](const Total& total) { return total; });
      },
      "map", "updates");
}

TEST(Mistakes, TheFirstOneIsKept) {
  Program program("test");
  program.from("a").filter(col("b")).insert_into("c");
  program.sql("DROP TABLE d");
  EXPECT_EQ(program.error().substr(0, 5), "from:");
}

TEST(Mistakes, AProgramWithoutAnEndAndABadName) {
  Scratch scratch;
  Program empty("test"), badly_named("a.b");
  RunResult result = empty.run(scratch.options());
  EXPECT_EQ(result.outcome, RunResult::Outcome::kInvalid);
  badly_named.rows("events", views()).for_each([](const View&) {});
  result = badly_named.run(scratch.options());
  EXPECT_EQ(result.outcome, RunResult::Outcome::kInvalid);
  EXPECT_NE(result.error.find("'a.b'"), std::string::npos) << result.error;
}

TEST(Mistakes, SettingsAndFiles) {
  Scratch scratch;
  Program program("test");
  program.files<View>("events", {.path = scratch / "nothing.json"}).for_each([](const View&) {});
  RunOptions options = scratch.options();
  options.settings = {{"parallelism.defalt", "2"}};
  RunResult result = program.run(options);
  EXPECT_EQ(result.outcome, RunResult::Outcome::kInvalid);
  EXPECT_NE(result.error.find("parallelism.default"), std::string::npos) << result.error;
  result = program.run(scratch.options());
  EXPECT_EQ(result.outcome, RunResult::Outcome::kFailed);
  EXPECT_EQ(result.exit_code(), 1);
  EXPECT_NE(result.error.find("nothing.json"), std::string::npos) << result.error;
}

TEST(BadRows, WhatThrowsBecomesADeadLetter) {
  Scratch scratch;
  Program program("test");
  Lines got;
  auto events = program.rows("events", views());
  collect(events
              .filter([](const View& view) {
                if (view.seconds == 20) throw std::out_of_range("twenty");
                return true;
              })
              .map([](const View& view) {
                if (view.seconds == 30) throw 7;  // NOLINT: foreign code throws anything.
                return view;
              })
              .flat_map([](const View& view) {
                std::vector<View> out{view};
                if (view.seconds == 5) throw std::runtime_error("after the first");
                return out;
              }),
          got);
  Report report = run(program, scratch.options());
  EXPECT_EQ(got, (Lines{"a|10:05|10", "b|10:59|NULL", "a|12:30|7", "b|10:30|40", "b|12:45|8"}));
  EXPECT_EQ(report.dead, 3);
  EXPECT_EQ(report.rows_out, 5);
  std::vector<LostRow> lost = lost_rows(program, scratch.options());
  ASSERT_EQ(lost.size(), 3u);
  EXPECT_EQ(lost[0].letter_class, "code");
  EXPECT_EQ(lost[0].reason, "user.exception");
  EXPECT_EQ(lost[0].message, "twenty");
  EXPECT_EQ(lost[0].exception, "std::out_of_range");
  EXPECT_EQ(lost[0].table, "events");
  EXPECT_EQ(lost[0].value, R"(["b","2026-01-01 10:10:00.000","20"])");
  EXPECT_EQ(lost[1].exception, "int");
  EXPECT_EQ(lost[2].exception, "std::runtime_error");
}

TEST(BadRows, TheOriginalLineIsKept) {
  Scratch scratch;
  scratch.write("events.json",
                "{\"page_id\": \"a\", \"event_time\": \"2026-01-01 10:00:00\"}\n{\"page_id\":   \"b\"}\nnonsense\n");
  Program program("test");
  Lines got;
  collect(program.files<View>("events", {.path = scratch / "events.json"}), got);
  Report report = run(program, scratch.options());
  EXPECT_EQ(got, (Lines{"a|10:00|NULL"}));
  EXPECT_EQ(report.dead, 2);
  std::vector<LostRow> lost = lost_rows(program, scratch.options());
  ASSERT_EQ(lost.size(), 2u);
  EXPECT_EQ(lost[0].value, "nonsense");
  EXPECT_EQ(lost[1].letter_class, "data");
  EXPECT_EQ(lost[1].reason, "field.null");
  EXPECT_EQ(lost[1].message, "field 'event_time' is NULL, and its type is not optional");
  EXPECT_EQ(lost[1].value, "{\"page_id\":   \"b\"}");
  EXPECT_EQ(lost[1].line, 2u);
}

TEST(BadRows, EndTheJobIfAskedTo) {
  Scratch scratch;
  Program program("test");
  program.rows("events", views()).for_each([](const View&) { throw std::runtime_error("no"); });
  RunOptions options = scratch.options();
  options.settings = {{"leat.on-error", "fail"}};
  RunResult result = program.run(options);
  EXPECT_EQ(result.outcome, RunResult::Outcome::kFailed);
  EXPECT_NE(result.error.find("no (user.exception)"), std::string::npos) << result.error;
}

void handler_of_ours(int) {}

// The program's own handlers are there again when run() has returned.
TEST(Signals, HandlersAreGivenBack) {
  struct sigaction ours {
  }, before{}, after{};
  ours.sa_handler = handler_of_ours;
  sigaction(SIGFPE, &ours, &before);
  Scratch scratch;
  Program program("test");
  bool inside = false;
  program.rows("events", views()).for_each([&](const View&) {
    struct sigaction now {};
    sigaction(SIGFPE, nullptr, &now);
    inside = now.sa_handler != handler_of_ours;
  });
  run(program, scratch.options());
  sigaction(SIGFPE, &before, &after);
  EXPECT_TRUE(inside);
  EXPECT_EQ(after.sa_handler, handler_of_ours);
}

}  // namespace
}  // namespace leat::testing
