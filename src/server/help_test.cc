#include "server/help.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace leat {
namespace {

std::string file_text(const std::string& path) {
  std::ifstream in(std::string(LEAT_SOURCE_DIR) + "/" + path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(Help, EveryCommandHasWhatTheHelpShows) {
  std::set<std::string> names;
  for (const Command& command : commands()) {
    EXPECT_TRUE(names.insert(command.name).second) << command.name;
    EXPECT_FALSE(command.summary.empty()) << command.name;
    EXPECT_FALSE(command.examples.empty()) << command.name;
    EXPECT_NE(command.run, nullptr) << command.name;
    for (const Example& example : command.examples) {
      EXPECT_NE(example.line.find("leat "), std::string::npos) << example.line;
    }
    std::set<std::string> options{"--help"};
    std::set<char> letters{'h'};
    for (const OptionInfo& option : command.options) {
      EXPECT_TRUE(options.insert(option.name).second) << command.name << option.name;
      EXPECT_TRUE(option.letter == 0 || letters.insert(option.letter).second) << command.name << option.letter;
      EXPECT_NE(command_help(command).find(option.name), std::string::npos);
    }
  }
}

TEST(Help, TheManualAndTheReferenceAreThoseOfThisProgram) {
  EXPECT_EQ(file_text("docs/man/leat.1"), manual_page()) << "run: build/release/leat help --man > docs/man/leat.1";
  EXPECT_NE(file_text("docs/cli.md").find(commands_markdown()), std::string::npos)
      << "replace the commands in docs/cli.md by those of: build/release/leat help --markdown";
}

TEST(Help, TheUsageSaysWhatMayBeRepeatedAndBreaksNoOption) {
  std::string sql = usage_line(*find_command("sql"));
  EXPECT_NE(sql.find("[--file FILE]... [--execute SQL]..."), std::string::npos) << sql;
  for (const Command& command : commands()) {
    std::string usage = usage_line(command);
    for (size_t end = usage.find('\n'); end != std::string::npos; end = usage.find('\n', end + 1)) {
      EXPECT_EQ(usage[end - 1] == ']' || usage[end - 1] == '.', true) << usage;
    }
  }
}

TEST(Help, FitsATerminal) {
  std::string all = program_help();
  for (const Command& command : commands()) all += command_help(command);
  std::istringstream lines(all);
  bool example = false;  // An example is a line to copy, however long.
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(example || line.size() <= 80) << line;
    example = line.starts_with("  # ");
  }
}

TEST(Help, TheSettingsPageIsThatOfThisProgram) {
  EXPECT_NE(file_text("docs/settings.md").find(settings_markdown()), std::string::npos)
      << "replace the table in docs/settings.md by: build/release/leat help settings --markdown";
}

}  // namespace
}  // namespace leat
