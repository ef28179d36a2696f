#include "server/arguments.h"

#include <gtest/gtest.h>

namespace leat {
namespace {

const std::vector<OptionInfo> kKnown{{"--data", 'd', "DIR", ""},
                                     {"--fresh", 0, "", ""},
                                     {"--set", 's', "KEY=VALUE", ""},
                                     {"--format", 0, "FORMAT", "", {"csv", "json"}}};

Result<Arguments> parse(const std::vector<std::string>& words) {
  return Arguments::parse(words, kKnown);
}

std::string error_of(const std::vector<std::string>& words) {
  auto parsed = parse(words);
  return parsed ? "" : parsed.error().message;
}

TEST(Arguments, OptionsAndOperandsInAnyOrder) {
  auto parsed = parse({"a.sql", "--data", "x", "--fresh", "--set=k=v", "-s", "l=w", "-dy", "b"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->operands(), (std::vector<std::string>{"a.sql", "b"}));
  EXPECT_EQ(parsed->last("--data"), "y");
  EXPECT_TRUE(parsed->has("--fresh"));
  EXPECT_EQ(parsed->all("--set"), (std::vector<std::string>{"k=v", "l=w"}));
  EXPECT_EQ(parsed->value_or("--format", "table"), "table");
}

TEST(Arguments, AfterTwoDashesEverythingIsAnOperand) {
  auto parsed = parse({"--", "--fresh", "-"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->operands(), (std::vector<std::string>{"--fresh", "-"}));
}

TEST(Arguments, HelpIsAlwaysKnown) {
  EXPECT_TRUE(parse({"-h"})->has("--help"));
  EXPECT_TRUE(parse({"x", "--help"})->has("--help"));
}

TEST(Arguments, ErrorsNameTheOptionTheValueAndTheNearest) {
  EXPECT_EQ(error_of({"--dtaa", "x"}), "unknown option '--dtaa'; did you mean '--data'?");
  EXPECT_EQ(error_of({"--zzzzzzzzzz"}), "unknown option '--zzzzzzzzzz'");
  EXPECT_EQ(error_of({"--data"}), "--data wants a value: --data DIR");
  EXPECT_EQ(error_of({"--fresh=yes"}), "--fresh takes no value, and got 'yes'");
  EXPECT_EQ(error_of({"--format", "xml"}), "--format 'xml': expected csv, json");
}

TEST(Arguments, Numbers) {
  EXPECT_EQ(*parse({"--data", "12"})->number_or("--data", 1), 12);
  EXPECT_EQ(*parse({})->number_or("--data", 1), 1);
  for (const char* bad : {"-1", "1x", "", "99999999999999999999"}) {
    EXPECT_FALSE(parse({"--data", bad})->number_or("--data", 1)) << bad;
  }
}

}  // namespace
}  // namespace leat
