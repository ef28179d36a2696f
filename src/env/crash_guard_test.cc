#include "env/crash_guard.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>

namespace leat {
namespace {

constexpr GuardedRow kRow{7, 42, 0}, kOther{7, 42, 1};

class Guards : public ::testing::Test {
 protected:
  ~Guards() override { unlink(path_.c_str()); }

  std::unique_ptr<CrashGuard> open(bool forget = false) {
    auto guard = CrashGuard::open(path_, forget);
    EXPECT_TRUE(guard);
    return std::move(*guard);
  }
  // Another process has `row` in hand when it ends by `end`.
  void die_at(const GuardedRow& row, void (*end)()) {
    EXPECT_EXIT(
        {
          auto guard = open();
          guard->enter(row);
          end();
        },
        [](int) { return true; }, "");
  }

  std::string path_ = ::testing::TempDir() + "crash_guard_" + std::to_string(getpid());
};

TEST_F(Guards, DeathsAreCountedByRow) {
  EXPECT_TRUE(open()->suspects().empty());
  die_at(kRow, [] { abort(); });
  die_at(kOther, [] { abort(); });
  die_at(kRow, [] { abort(); });
  auto guard = open();
  ASSERT_EQ(guard->suspects().size(), 2u);
  EXPECT_EQ(guard->suspects()[0].row, kRow);
  EXPECT_EQ(guard->suspects()[0].deaths, 2);
  EXPECT_EQ(guard->suspects()[0].cause, SIGABRT);
  EXPECT_NE(guard->suspects()[0].stack, "");
  EXPECT_EQ(guard->suspects()[1].deaths, 1);
}

TEST_F(Guards, WhatCameBackIsForgottenWithTheCheckpoint) {
  die_at(kRow, [] { abort(); });
  {
    auto guard = open();
    guard->enter(kRow);
    guard->leave();
  }
  {
    auto guard = open();
    ASSERT_EQ(guard->suspects().size(), 1u);  // No checkpoint has it.
    guard->enter(kRow);
    guard->leave();
    guard->committed();
    EXPECT_TRUE(guard->suspects().empty());
  }
  EXPECT_TRUE(open()->suspects().empty());
}

TEST_F(Guards, WhatIsSetAsideWantsACheckpoint) {
  die_at(kRow, [] { abort(); });
  auto guard = open();
  EXPECT_FALSE(guard->wants_checkpoint());
  guard->set_aside(kRow);
  EXPECT_TRUE(guard->wants_checkpoint());
  guard->committed();
  EXPECT_FALSE(guard->wants_checkpoint());
  EXPECT_TRUE(guard->suspects().empty());
}

TEST_F(Guards, ExitCountsAndKillDoesNot) {
  die_at(kRow, [] { exit(0); });
  die_at(kOther, [] { kill(getpid(), SIGKILL); });
  auto guard = open();
  ASSERT_EQ(guard->suspects().size(), 1u);
  EXPECT_EQ(guard->suspects()[0].cause, CrashGuard::kExit);
  EXPECT_STREQ(cause_slug(guard->suspects()[0].cause), "exit");
}

TEST_F(Guards, ACrashBetweenRowsBlamesNone) {
  EXPECT_EXIT(
      {
        auto guard = open();
        guard->enter(kRow);
        guard->leave();
        abort();
      },
      [](int) { return true; }, "");
  EXPECT_TRUE(open()->suspects().empty());
}

TEST_F(Guards, ForgetsWhenToldToAndWhatItDoesNotUnderstand) {
  die_at(kRow, [] { abort(); });
  EXPECT_TRUE(open(true)->suspects().empty());
  die_at(kRow, [] { abort(); });
  std::ofstream(path_) << "another layout";
  EXPECT_TRUE(open()->suspects().empty());
}

}  // namespace
}  // namespace leat
