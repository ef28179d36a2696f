#include "job/job_log.h"

#include <gtest/gtest.h>

#include "broker/embedded_topics.h"
#include "sim/sim_env.h"

namespace leat {
namespace {

// Work aside stays undone until somebody waits for it.
class HeldWorkers final : public Workers {
 public:
  int threads() const override { return 0; }
  uint64_t submit(std::function<void()> work) override {
    work();
    return 0;
  }
  uint64_t submit_aside(std::function<void()> work) override {
    work_ = std::move(work);
    return 1;
  }
  void wait(uint64_t) override {
    if (work_) std::exchange(work_, nullptr)();
  }
  bool finished(uint64_t) override { return !work_; }

 private:
  std::function<void()> work_;
};

class JobLogTest : public testing::Test {
 protected:
  JobLogTest() {
    auto topics = EmbeddedTopics::open(env_, "/data");
    CHECK(topics);
    topics_ = std::move(*topics);
    auto log = JobLog::open(env_, *topics_, "j", 1 << 20);
    CHECK(log);
    log_ = std::move(*log);
  }

  std::vector<std::string> values(const std::string& topic) {
    std::vector<std::string> out;
    auto consumer = topics_->consumer({topic, PartitionId{0}}, Offset{});
    if (!consumer) return {consumer.error().message};
    auto records = (*consumer)->poll(1 << 20);
    CHECK(records);
    for (const ConsumedRecord& record : *records) out.push_back(record.record.value.value_or("NULL"));
    return out;
  }
  static Record letter(const std::string& text) {
    Record out;
    out.value = text;
    return out;
  }

  sim::SimEnv sim_{1};
  HeldWorkers workers_;
  Env env_{sim_.env().clock, sim_.env().files, sim_.env().random, workers_};
  std::unique_ptr<EmbeddedTopics> topics_;
  std::unique_ptr<JobLog> log_;
};

using Values = std::vector<std::string>;

TEST_F(JobLogTest, LettersOfACommitThatWasStartedBelongToTheNext) {
  EXPECT_TRUE(log_->add_letter("dlq.j.t", 0, letter("before")));
  EXPECT_TRUE(log_->put("k", "1"));
  log_->start_commit(false);
  EXPECT_FALSE(log_->commit_ended());
  EXPECT_TRUE(log_->add_letter("dlq.j.t", 0, letter("between")));
  EXPECT_EQ(values("job.j"), Values());
  EXPECT_TRUE(log_->finish_commit());
  EXPECT_TRUE(log_->commit_ended());
  EXPECT_EQ(values("job.j"), Values{"1"});
  EXPECT_EQ(values("dlq.j.t"), Values{"before"});
  EXPECT_TRUE(log_->put("k", "2"));
  EXPECT_TRUE(log_->commit(false));
  EXPECT_EQ(values("job.j"), (Values{"1", "2"}));
  EXPECT_EQ(values("dlq.j.t"), (Values{"before", "between"}));
}

TEST_F(JobLogTest, TooManyWaitingLettersEndTheWait) {
  EXPECT_TRUE(log_->put("k", "1"));
  log_->start_commit(false);
  std::string large(1 << 20, 'x');
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(log_->add_letter("dlq.j.t", 0, letter(large)));
  EXPECT_TRUE(log_->commit_ended());
  EXPECT_EQ(values("job.j"), Values{"1"});
}

TEST_F(JobLogTest, ACommitThatFailsSaysSoAtItsEnd) {
  EXPECT_TRUE(log_->put("k", "1"));
  log_->start_commit(false);
  sim_.kill();
  EXPECT_FALSE(log_->finish_commit());
}

TEST_F(JobLogTest, ALogThatGoesFinishesItsCommit) {
  EXPECT_TRUE(log_->put("k", "1"));
  log_->start_commit(false);
  log_.reset();
  EXPECT_EQ(values("job.j"), Values{"1"});
}

}  // namespace
}  // namespace leat
