// Stopped anywhere, gone on, at any parallelism: one result.
#include "api/scratch_test.h"

namespace leat::testing {
namespace {

struct Sum {
  Timestamp window_start;
  std::string page_id;
  int64_t n = 0, seconds = 0;
};
LEAT_FIELDS(Sum, window_start, page_id, n, seconds)

constexpr int kViews = 20000;

// Out of order by up to 20 minutes, some a day late, some of them nothing.
std::string many_views() {
  std::string out;
  uint64_t random = 1;
  for (int i = 0; i < kViews; ++i) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    auto seconds = std::chrono::seconds(i - static_cast<int>(random >> 40) % 1200);
    auto late = random >> 33 & 127 ? 0s : std::chrono::seconds(86400);
    Timestamp time = at("00:00:00") + seconds - late;
    out += R"({"page_id":"p)" + std::to_string(random >> 50 & 15) + R"(","event_time":")" + leat::to_text(time) +
           R"(","seconds":)" + (i % 911 == 0 ? "\"many\"" : std::to_string(i % 60)) + "}\n";
    if (i % 1009 == 0) out += "{\"page_id\n";
  }
  return out;
}

void build(Program& program, const Scratch& scratch) {
  program.files<Sum>("sums", {.path = scratch / "sums"});
  program.files<View>("events", {.path = scratch / "events.json"})
      .with_watermark("event_time", 10min)
      .filter([](const View& view) {
        if (view.seconds == 59) throw std::runtime_error("59");
        return view.page_id != "p3";
      })
      .group_by(session("event_time", {.gap = 5s}), "page_id")
      .aggregate(count().as("n"), sum(col("seconds").cast("BIGINT")).as("seconds"))
      .select("window_start", "page_id", "n", "seconds")
      .insert_into("sums");
}

struct Facts {
  Lines sums, letters;
  int64_t rows_in, filtered, late, dead, rows_out;
  bool operator==(const Facts&) const = default;
};

// What a failed comparison prints.
std::ostream& operator<<(std::ostream& out, const Facts& facts) {
  return out << facts.sums.size() << " sums, " << facts.letters.size() << " letters, " << facts.rows_in << " in, "
             << facts.filtered << " filtered, " << facts.late << " late, " << facts.dead << " dead, " << facts.rows_out
             << " out";
}

// Runs until the job is done, stopping it each time it has asked `asks_a_run` times whether it should.
Facts facts(const std::vector<std::pair<std::string, std::string>>& settings, int asks_a_run, int* runs = nullptr) {
  Scratch scratch;
  scratch.write("events.json", many_views());
  RunOptions options = scratch.options();
  options.settings = settings;
  RunResult result;
  for (bool done = false; !done; done = result.outcome == RunResult::Outcome::kDone) {
    Program program("sums");
    build(program, scratch);
    int asks = 0;
    options.stop_requested = [&] { return ++asks > asks_a_run; };
    result = program.run(options);
    EXPECT_EQ(result.error, "");
    if (!result.ok()) break;
    if (runs != nullptr) ++*runs;
  }
  EXPECT_TRUE(result.report.balanced);
  Facts out{
      scratch.lines("sums"), {}, result.report.rows_in, result.report.filtered, result.report.late, result.report.dead,
      result.report.rows_out};
  Program program("sums");
  for (const LostRow& lost : lost_rows(program, options)) {
    out.letters.push_back(std::to_string(lost.line) + " " + lost.reason + " " + lost.value);
  }
  // Of one batch the source's letters come first, then each operator's: their order is no promise.
  std::sort(out.letters.begin(), out.letters.end());
  return out;
}

TEST(Restart, TheResultIsThatOfAnUndisturbedRun) {
  Facts calm = facts({}, 1 << 30);
  EXPECT_EQ(calm.rows_in, kViews + kViews / 1009 + 1);
  EXPECT_GT(calm.late, 100);
  EXPECT_GT(calm.dead, 100);
  EXPECT_GT(calm.sums.size(), 1000u);
  int runs = 0;
  EXPECT_EQ(facts({}, 1, &runs), calm);
  EXPECT_GT(runs, 1);
  for (const char* threads : {"2", "4"}) EXPECT_EQ(facts({{"parallelism.default", threads}}, 1 << 30), calm) << threads;
  EXPECT_EQ(facts({{"leat.batch-rows", "7"}}, 40), calm);
  EXPECT_EQ(facts({{"leat.batch-rows", "500"}, {"parallelism.default", "2"}}, 2), calm);
}

TEST(Restart, RowsInMemoryGoOnWhereTheyWere) {
  Scratch scratch;
  RunOptions options = scratch.options();
  options.settings = {{"leat.batch-rows", "10"}};
  std::vector<View> input(1000, views()[0]);
  int64_t seen = 0, runs = 0;
  RunResult result;
  do {
    Program program("memory");
    program.rows("events", input).for_each([&](const View&) { ++seen; });
    int64_t before = seen;
    options.stop_requested = [&] { return seen > before; };
    result = program.run(options);
    ++runs;
  } while (result.outcome == RunResult::Outcome::kStopped);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(seen, 1000);
  EXPECT_EQ(result.report.rows_out, 1000);
  EXPECT_GT(runs, 2);
}

TEST(Restart, AFinishedJobDoesNothingUnlessAfresh) {
  Scratch scratch;
  int seen = 0;
  Program program("once");
  program.rows("events", views()).for_each([&](const View&) { ++seen; });
  run(program, scratch.options());
  run(program, scratch.options());
  EXPECT_EQ(seen, 8);
  RunOptions fresh = scratch.options();
  fresh.fresh = true;
  EXPECT_EQ(run(program, fresh).rows_in, 8);
  EXPECT_EQ(seen, 16);
}

TEST(Restart, AnotherPlanIsRefused) {
  Scratch scratch;
  Program one("job"), other("job");
  one.rows("events", views()).for_each([](const View&) {});
  run(one, scratch.options());
  other.rows("events", views()).filter(col("seconds") > 1).as<View>().for_each([](const View&) {});
  RunResult result = other.run(scratch.options());
  EXPECT_EQ(result.outcome, RunResult::Outcome::kInvalid);
  EXPECT_NE(result.error.find("another plan"), std::string::npos) << result.error;
}

TEST(Restart, ProgressAndTheReport) {
  Scratch scratch;
  Program program("report");
  Report last;
  RunOptions options = scratch.options();
  options.progress = [&](const Report& report) { last = report; };
  program.rows("events", views())
      .with_watermark("event_time", 10min)
      .filter(col("page_id") == "a")
      .as<View>()
      .for_each([](const View&) {});
  Report report = run(program, options);
  EXPECT_TRUE(last.finished);
  EXPECT_EQ(last.rows_in, 8);
  EXPECT_EQ(report.filtered, 4);
  EXPECT_EQ(report.rows_out, 4);
  EXPECT_GE(report.checkpoints, 1);
  ASSERT_EQ(report.operators.size(), 4u);
  EXPECT_EQ(report.operators[0].name, "Source[events]");
  EXPECT_EQ(report.operators[1].filtered, 4);
}

}  // namespace
}  // namespace leat::testing
