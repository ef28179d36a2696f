// Page views by section and hour, although they arrive late and out of order, and some of them are no page views.
//
//   page_views VIEWS.ndjson [DATA_DIRECTORY]
#include <leat/leat.h>

#include <iostream>

using namespace leat;
using namespace std::chrono_literals;

// A line of the file: the columns are found by name, a field that may be missing is optional.
struct View {
  std::string url;
  Timestamp event_time;
  std::optional<int32_t> seconds;
};
LEAT_FIELDS(View, url, event_time, seconds)

// What we want to know of it.
struct Visit {
  std::string section;
  Timestamp event_time;  // Called like the event time of View, so it is that of Visit.
  int32_t seconds = 0;
};
LEAT_FIELDS(Visit, section, event_time, seconds)

// A result.
struct Hour {
  Timestamp window_start;
  std::string section;
  int64_t visits = 0;
  std::optional<int32_t> longest;
};
LEAT_FIELDS(Hour, window_start, section, visits, longest)

// "/news/2026/leat" is in "news". Throws for what is no path: that view becomes a dead letter, and the job goes on.
Visit visit_of(const View& view) {
  if (!view.url.starts_with('/')) throw std::invalid_argument("'" + view.url + "' is no path");
  return {view.url.substr(1, view.url.find('/', 1) - 1), view.event_time, view.seconds.value_or(0)};
}

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: page_views VIEWS.ndjson [DATA_DIRECTORY]\n";
    return 2;
  }
  const std::string data = argc > 2 ? argv[2] : "leat-data";

  Program program("page-views");
  program.files<View>("views", {.path = argv[1]})
      .with_watermark("event_time", 10min)
      .filter([](const View& view) { return !view.url.starts_with("/health"); })
      .map(visit_of)
      .group_by(window("event_time", 1h), col("section"))
      .aggregate(count().as("visits"), max("seconds").where(col("seconds") > 0).as("longest"))
      .as<Hour>()
      .for_each([](const Hour& hour) {
        std::cout << to_text(hour.window_start).substr(0, 16) << "  " << hour.section << "  " << hour.visits;
        if (hour.longest) std::cout << "  longest " << *hour.longest << " s";
        std::cout << '\n';
      });

  RunResult result = program.run({.data_directory = data});
  if (!result.ok()) {
    std::cerr << result.error << '\n';
    return result.exit_code();
  }
  const Report& report = result.report;
  std::cout << report.rows_in << " views: " << report.filtered << " filtered, " << report.late << " late, "
            << report.dead << " dead\n";
  std::string error = program.dead_letters(data, [](const LostRow& lost) {
    std::cout << "line " << lost.line << ", " << lost.letter_class << ": " << lost.message << '\n';
    return true;
  });
  std::cerr << error;
  return error.empty() ? 0 : 1;
}
