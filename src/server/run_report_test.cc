#include "server/run_report.h"

#include <gtest/gtest.h>

#include "server/live_line.h"

namespace leat {
namespace {

JobReport small_job() {
  JobReport job;
  job.name = "flights";
  job.finished = true;
  job.checkpoints = 2;
  job.total = {1000, 10, 2000, 100, 7, 3, 5};
  job.operators = {{"Source[flights]", {1000, 995, 995, 0, 0, 0, 5}}, {"Sink[out]", {10, 10, 10, 0, 0, 0, 0}}};
  return job;
}

TEST(RunReport, Json) {
  RunReport report{small_job(), 1.5, {2.25, 4096}};
  EXPECT_EQ(
      report_json(report),
      R"({"job":"flights","finished":true,"rows_in":1000,"rows_out":10,"filtered":100,"late":7,"partly_late":3,)"
      R"("dead":5,"checkpoints":2,"balanced":true,"operators":[)"
      R"({"name":"Source[flights]","rows_in":1000,"rows_out":995,"filtered":0,"late":0,"partly_late":0,"dead":5},)"
      R"({"name":"Sink[out]","rows_in":10,"rows_out":10,"filtered":0,"late":0,"partly_late":0,"dead":0}],)"
      R"("seconds":1.500000,"cpu_seconds":2.250000,"peak_rss_bytes":4096})"
      "\n");
}

TEST(RunReport, TheTableSaysWhetherItBalances) {
  JobReport job = small_job();
  EXPECT_NE(
      ledger_table(job).find(" Source[flights] |   1,000 |    995 |        0 |    0 |    5 |      995 |           0"),
      std::string::npos)
      << ledger_table(job);
  EXPECT_NE(ledger_table(job).find("Balanced"), std::string::npos);
  job.operators[0].account.dead = 4;
  EXPECT_NE(ledger_table(job).find("NOT BALANCED"), std::string::npos);
  EXPECT_NE(report_json({job, 0, {}}).find("\"balanced\":false"), std::string::npos);
}

TEST(RunReport, ANarrowTableLeavesOutColumnsOfZeros) {
  JobReport job = small_job();
  job.operators[0].account = {5, 5, 5, 0, 0, 0, 0};
  std::string wide = ledger_table(job), narrow = ledger_table(job, 60);
  EXPECT_NE(wide.find("partly late"), std::string::npos);
  EXPECT_EQ(ledger_table(job, wide.find('\n')), wide);
  EXPECT_EQ(narrow.substr(0, narrow.find('\n')), " operator        | rows in | passed | rows out") << narrow;
}

TEST(LiveLine, ShowsTheRateOfTheLastSeconds) {
  LiveLine line;
  JobReport job = small_job();
  job.watermark = EventTime{0};
  job.state_bytes = 2048;
  job.last_checkpoint_ms = 8;
  job.total.rows_in = 0;
  line.format(job, Instant{0}, WallTime{60'000}, 500);
  job.total.rows_in = 1'000'000;
  EXPECT_EQ(line.format(job, Instant{2'000'000'000}, WallTime{60'000}, 500),
            "1,000,000 rows · 500,000 rows/s · watermark 1970-01-01 00:00:00, 1 min behind the clock · 7 late · 5 dead"
            " · state 2.0 KB · checkpoint 2, 8 ms, 2.00 s ago");
  line.format(job, Instant{10'000'000'000}, WallTime{60'000}, 500);
  EXPECT_NE(line.format(job, Instant{12'000'000'000}, WallTime{60'000}, 500).find(" 0 rows/s"), std::string::npos);
}

TEST(LiveLine, IsBriefOnNarrowTerminalsAndLeavesOutWhatMattersLess) {
  LiveLine line;
  JobReport job = small_job();
  job.watermark = EventTime{1234};
  job.state_bytes = 2048;
  job.bytes_read = 50;
  job.bytes_total = 100;
  auto format = [&](size_t width) { return line.format(job, Instant{0}, WallTime{3234}, width); };
  EXPECT_EQ(format(90), "50% · 1,000 rows · 0/s · 1970-01-01 00:00:01 (-2.00 s) · 7 late · 5 dead · 2.0 KB · #2");
  EXPECT_EQ(format(80), "50% · 0/s · 1970-01-01 00:00:01 (-2.00 s) · 7 late · 5 dead · 2.0 KB · #2");
  EXPECT_EQ(format(70), "50% · 0/s · 1970-01-01 00:00:01 (-2.00 s) · 7 late · 5 dead · 2.0 KB");
  EXPECT_EQ(format(20), "0/s · 7 late");
  EXPECT_EQ(format(2), "0/");
}

}  // namespace
}  // namespace leat
