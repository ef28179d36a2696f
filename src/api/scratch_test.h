#pragma once
// For tests of the C++ API: directories that go with the test, events, and rows as text.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "leat/leat.h"

namespace leat::testing {

using namespace std::chrono_literals;  // NOLINT: what every user of the API writes.

class Scratch {
 public:
  Scratch() : path_((std::filesystem::temp_directory_path() / "leat-api-XXXXXX").string()) {
    EXPECT_NE(mkdtemp(path_.data()), nullptr);
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  RunOptions options() const { return {.data_directory = path_ + "/data"}; }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path_ + "/" + name) << text; }
  // The lines of every file that is shown in a directory, sorted.
  std::vector<std::string> lines(const std::string& directory) const {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(path_ + "/" + directory)) {
      if (std::string(".~_").find(entry.path().filename().string()[0]) != std::string::npos) continue;
      std::ifstream file(entry.path());
      for (std::string line; std::getline(file, line);) out.push_back(line);
    }
    std::sort(out.begin(), out.end());
    return out;
  }

 private:
  std::string path_;
};

struct View {
  std::string page_id;
  Timestamp event_time;
  std::optional<int32_t> seconds;
};
LEAT_FIELDS(View, page_id, event_time, seconds)

inline Timestamp at(const char* text) {
  auto time = parse_timestamp(std::string("2026-01-01 ") + text);
  EXPECT_TRUE(time.has_value()) << text;
  return *time;
}

// Out of order; the last but one is too late if the watermark's delay is below an hour.
inline std::vector<View> views() {
  return {{"a", at("10:05:00"), 10},           {"b", at("10:10:00"), 20},
          {"a", at("10:01:00"), 30},           {"a", at("11:02:00"), 5},
          {"b", at("10:59:00"), std::nullopt}, {"a", at("12:30:00"), 7},
          {"b", at("10:30:00"), 40},           {"b", at("12:45:00"), 8}};
}

inline std::string to_text(const detail::Cell& cell) {
  if (const auto* truth = std::get_if<bool>(&cell)) return *truth ? "true" : "false";
  if (const auto* whole = std::get_if<int64_t>(&cell)) return std::to_string(*whole);
  if (const auto* real = std::get_if<double>(&cell)) return std::to_string(*real);
  if (const auto* text = std::get_if<std::string_view>(&cell)) return std::string(*text);
  return "NULL";
}

// "a|3|NULL"; times as their time of day, "10:00".
template <Row T>
std::string text_of(const T& row) {
  std::string out;
  auto fields = detail::fields_of<T>();
  auto cells = detail::write_cells(row);
  for (size_t i = 0; i < cells.size(); ++i) {
    bool time = fields[i].kind == detail::FieldKind::kTimestamp && cells[i].index() != 0;
    std::string text = to_text(cells[i]);
    if (time) {
      auto micros = std::chrono::microseconds(std::get<int64_t>(cells[i]));
      text = leat::to_text(Timestamp(std::chrono::floor<std::chrono::milliseconds>(micros))).substr(11, 5);
    }
    out += (i == 0 ? "" : "|") + text;
  }
  return out;
}

template <Row T>
void collect(const TypedStream<T>& stream, std::vector<std::string>& into) {
  stream.for_each([&into](const T& row) { into.push_back(text_of(row)); });
}

// Runs the program to its end, which must be good.
inline Report run(Program& program, const RunOptions& options) {
  RunResult result = program.run(options);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.outcome, RunResult::Outcome::kDone);
  EXPECT_TRUE(result.report.balanced);
  return result.report;
}

inline std::vector<LostRow> lost_rows(const Program& program, const RunOptions& options) {
  std::vector<LostRow> out;
  std::string error = program.dead_letters(options.data_directory, [&out](const LostRow& lost) {
    out.push_back(lost);
    return true;
  });
  EXPECT_EQ(error, "");
  return out;
}

using Lines = std::vector<std::string>;

}  // namespace leat::testing
