// The checker of job_sim can fail: each of these worlds has one bug in it, and the runs must say so.
#include <gtest/gtest.h>

#include <optional>

#include "sim/passing_files.h"
#include "test/job_sim/job_sim.h"

namespace leat::sim {
namespace {

// Whether one of the first seeds sees that something is wrong.
bool is_seen(World& world, uint64_t seeds_max) {
  for (uint64_t seed = 1; seed <= seeds_max; ++seed) {
    if (!JobSimulation(seed, world).go().empty()) return true;
  }
  return false;
}

template <class Files>
struct WorldWith final : World {
  std::optional<Files> planted;
  FileSystem& files(FileSystem& real) override { return planted.emplace(real); }
};

class UnsyncedOutputs final : public PassingFiles {
 public:
  using PassingFiles::PassingFiles;
  Status sync(const std::string& path, File& real) override {
    return path.starts_with(kOutput) ? Status() : real.sync();
  }
};

TEST(PlantedBug, OutputsAreNotSyncedBeforeTheCommit) {
  WorldWith<UnsyncedOutputs> world;
  EXPECT_TRUE(is_seen(world, 100));
}

// The journal says that records are committed which the disk may lose.
class JournalAhead final : public PassingFiles {
 public:
  using PassingFiles::PassingFiles;
  Status sync(const std::string& path, File& real) override {
    return path.find("/topics/") != std::string::npos ? Status() : real.sync();
  }
};

TEST(PlantedBug, TheJournalIsAheadOfThePartitions) {
  WorldWith<JournalAhead> world;
  EXPECT_TRUE(is_seen(world, 100));
}

TEST(PlantedBug, AFailedSyncIsTriedAgain) {
  WorldWith<RetriedSync> world;
  EXPECT_TRUE(is_seen(world, 1000));
}

class ShownEarly final : public PassingFiles {
 public:
  using PassingFiles::PassingFiles;
  Status rename(std::string_view from, std::string_view to) override {
    std::string shown(to);
    if (size_t dot = shown.find("/.part-"); dot != std::string::npos) shown.erase(dot + 1, 1);
    return from.find("/.part-") != std::string_view::npos ? Status() : PassingFiles::rename(from, shown);
  }
};

TEST(PlantedBug, OutputsAreShownBeforeTheCommit) {
  WorldWith<ShownEarly> world;
  EXPECT_TRUE(is_seen(world, 100));
}

// Commits what belongs together in two pieces: positions and state, then dead letters.
class SplitTransaction final : public Transaction {
 public:
  SplitTransaction(std::unique_ptr<Transaction> first, std::unique_ptr<Transaction> second)
      : first_(std::move(first)), second_(std::move(second)) {}

  Status send(const TopicPartition& partition, Record record) override {
    return (partition.topic.starts_with("job.") ? first_ : second_)->send(partition, std::move(record));
  }
  Status send_offset(std::string_view group, const TopicPartition& partition, Offset offset,
                     std::string_view metadata) override {
    return first_->send_offset(group, partition, offset, metadata);
  }
  Status commit() override {
    TRY(first_->commit());
    return second_->commit();
  }
  Status abort() override {
    TRY(first_->abort());
    return second_->abort();
  }

 private:
  std::unique_ptr<Transaction> first_, second_;
};

class SplitTopics final : public Topics {
 public:
  explicit SplitTopics(Topics& real) : real_(real) {}
  Admin& admin() override { return real_.admin(); }
  Result<std::unique_ptr<Consumer>> consumer(const TopicPartition& partition, Offset from) override {
    return real_.consumer(partition, from);
  }
  Result<std::unique_ptr<Transaction>> transaction(std::string_view id) override {
    TRY_ASSIGN(auto first, real_.transaction(id));
    TRY_ASSIGN(auto second, real_.transaction(id));
    return std::unique_ptr<Transaction>(std::make_unique<SplitTransaction>(std::move(first), std::move(second)));
  }
  Result<std::optional<CommittedOffset>> committed(std::string_view group, const TopicPartition& partition) override {
    return real_.committed(group, partition);
  }

 private:
  Topics& real_;
};

TEST(PlantedBug, PositionsAreCommittedBeforeTheDeadLetters) {
  struct : World {
    std::optional<SplitTopics> planted;
    Topics& topics(Topics& real) override { return planted.emplace(real); }
  } world;
  EXPECT_TRUE(is_seen(world, 100));
}

}  // namespace
}  // namespace leat::sim
