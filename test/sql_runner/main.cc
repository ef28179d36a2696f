// Runs the SQL tests: sql_cases [--gtest_filter=SqlCases.topic/name]. Each file is one test, run in every way.
//
// LEAT_SQL_ACCEPT=1 writes what the queries gave into the files, for a person to judge: nothing is tested then.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "test/sql_runner/case_run.h"
#include "test/sql_runner/compare.h"

namespace leat::sqltest {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class ScratchDirectory {
 public:
  ScratchDirectory() : path_((parent() / "leat-sql-XXXXXX").string()) { made_ = mkdtemp(path_.data()) != nullptr; }
  ~ScratchDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  bool made() const { return made_; }
  const std::string& path() const { return path_; }

 private:
  // In memory if there is such a place: thousands of small files are made.
  static fs::path parent() { return fs::is_directory("/dev/shm") ? "/dev/shm" : fs::temp_directory_path(); }

  std::string path_;
  bool made_;
};

// What a query gave in the ways that went wrong, the ways with the same difference together.
class Failures {
 public:
  void add(const std::string& difference, const Way& way) {
    for (auto& [known, ways] : found_) {
      if (known == difference) return ways.push_back(way.name());
    }
    found_.push_back({difference, {way.name()}});
  }
  std::string text() const {
    std::string out;
    for (const auto& [difference, ways] : found_) {
      for (const std::string& way : ways) out += "run with " + way + ":\n";
      out += difference;
    }
    return out;
  }
  bool empty() const { return found_.empty(); }

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> found_;
};

class CaseTest : public testing::Test {
 public:
  explicit CaseTest(fs::path path) : path_(std::move(path)) {}
  void TestBody() override {
    auto file = CaseFile::parse(path_.string(), read(path_));
    ASSERT_TRUE(file) << file.error().message;
    ScratchDirectory scratch;
    ASSERT_TRUE(scratch.made()) << scratch.path();
    if (getenv("LEAT_SQL_ACCEPT") != nullptr) {
      accept(std::move(*file), scratch.path());
    } else {
      check(*file, scratch.path());
    }
  }

 private:
  void check(const CaseFile& file, const std::string& scratch) {
    std::vector<Failures> failures(file.steps.size());
    int number = 0;
    for (const Way& way : all_ways()) {
      auto results = run_case(file, way, scratch + "/" + std::to_string(++number));
      ASSERT_TRUE(results) << file.path << ": " << results.error().message;
      for (size_t i = 0; i < file.steps.size(); ++i) {
        std::string difference = differences(file.steps[i], (*results)[i]);
        if (!difference.empty()) failures[i].add(difference, way);
      }
    }
    for (size_t i = 0; i < file.steps.size(); ++i) {
      if (failures[i].empty()) continue;
      const Section& run = file.steps[i].run;
      ADD_FAILURE_AT(file.path.c_str(), run.line) << run.body << failures[i].text();
    }
  }

  void accept(CaseFile file, const std::string& scratch) {
    auto results = run_case(file, all_ways()[0], scratch + "/1");
    ASSERT_TRUE(results) << file.path << ": " << results.error().message;
    for (size_t i = 0; i < file.steps.size(); ++i) file.steps[i] = accepting(file.steps[i], (*results)[i]);
    std::ofstream(file.path, std::ios::binary) << file.to_text();
    std::cout << file.path << ": rewritten; judge it\n";
  }

  fs::path path_;
};

void register_cases(const fs::path& directory) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.path().extension() == ".test") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  for (const fs::path& path : paths) {
    std::string name = fs::relative(path, directory).replace_extension().string();
    testing::RegisterTest("SqlCases", name.c_str(), nullptr, nullptr, path.c_str(), 1,
                          [path] { return new CaseTest(path); });
  }
}

}  // namespace
}  // namespace leat::sqltest

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  leat::sqltest::register_cases(LEAT_SQL_CASES);
  return RUN_ALL_TESTS();
}
