#include "plan/settings.h"

#include <gtest/gtest.h>

namespace leat {
namespace {

std::string error_of(Settings& settings, const std::string& name, const std::string& value) {
  Status set = settings.set(name, value);
  return set ? "" : set.error().message;
}

TEST(Settings, HaveDefaults) {
  Settings settings;
  EXPECT_EQ(settings.checkpoint_interval_ms(), 1000);
  EXPECT_EQ(settings.parallelism(), 1);
  EXPECT_EQ(settings.state_ttl_ms(), 0);
  EXPECT_EQ(settings.batch_rows(), 1024u);
  EXPECT_EQ(settings.on_error(), "dead-letter");
  EXPECT_EQ(settings.time_zone(), "UTC");
  EXPECT_EQ(settings.job_name(), "");
  EXPECT_TRUE(settings.changed().empty());
}

TEST(Settings, EveryDefaultIsAValueThatCanBeSet) {
  for (const SettingInfo& info : Settings::known()) {
    Settings settings;
    EXPECT_EQ(error_of(settings, info.name, info.default_value), "") << info.name;
    EXPECT_FALSE(info.description.empty()) << info.name;
  }
}

TEST(Settings, TakeFlinksDurations) {
  Settings settings;
  for (const auto& [text, ms] : {std::pair("10s", 10'000), {"500 ms", 500}, {"2 min", 120'000}, {"1 h", 3'600'000}}) {
    EXPECT_EQ(error_of(settings, "execution.checkpointing.interval", text), "");
    EXPECT_EQ(settings.checkpoint_interval_ms(), ms) << text;
  }
}

TEST(Settings, SayWhatIsWrongWithAValue) {
  Settings settings;
  EXPECT_EQ(error_of(settings, "leat.batch-rows", "0"),
            "setting 'leat.batch-rows' = '0': expected a whole number from 1 to 1024");
  EXPECT_EQ(error_of(settings, "leat.batch-rows", "7x"),
            "setting 'leat.batch-rows' = '7x': expected a whole number from 1 to 1024");
  EXPECT_EQ(error_of(settings, "leat.on-error", "stop"),
            "setting 'leat.on-error' = 'stop': expected one of dead-letter|fail");
  EXPECT_EQ(error_of(settings, "table.exec.mini-batch.enabled", "yes"),
            "setting 'table.exec.mini-batch.enabled' = 'yes': expected true or false");
  EXPECT_NE(error_of(settings, "execution.checkpointing.interval", "soon"), "");
  EXPECT_TRUE(settings.changed().empty());
}

TEST(Settings, NameTheNearestOfAnUnknownOne) {
  Settings settings;
  EXPECT_EQ(error_of(settings, "execution.checkpointing.intervall", "1 s"),
            "unknown setting 'execution.checkpointing.intervall'; did you mean 'execution.checkpointing.interval'?");
  EXPECT_FALSE(settings.reset("parallelism.defaults"));
}

TEST(Settings, AreResetOneByOneOrAll) {
  Settings settings;
  ASSERT_TRUE(settings.set("parallelism.default", "4"));
  ASSERT_TRUE(settings.set("leat.on-error", "fail"));
  EXPECT_EQ(settings.changed().size(), 2u);
  ASSERT_TRUE(settings.reset("parallelism.default"));
  EXPECT_EQ(settings.parallelism(), 1);
  EXPECT_TRUE(settings.is_set("leat.on-error"));
  settings.reset_all();
  EXPECT_EQ(settings.on_error(), "dead-letter");
}

}  // namespace
}  // namespace leat
