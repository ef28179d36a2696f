// Those who read, and those who keep how far they have come.
#include "log/record_reader.h"
#include "test/broker_sim/actor.h"
#include "test/broker_sim/batches.h"
#include "test/broker_sim/fetched.h"

namespace leat::sim {
namespace {

class Reader final : public Actor {
 public:
  Reader(TestBroker& broker, History& history, SimRandom& random, int32_t partition, bool committed)
      : Actor(broker, history, random), reading_(history.readings.size()) {
    history.readings.push_back({partition, committed, {}, 0});
  }

 private:
  void next() override {
    Reading& reading = history_.readings[reading_];
    protocol::FetchRequest request = fetch_request(reading.partition, reading.position, reading.committed);
    request.max_wait_ms = static_cast<int32_t>(random_.below(20));
    request.min_bytes = 1;
    if (random_.chance(0.3)) request.topics[0].partitions[0].partition_max_bytes = 100;
    ask<protocol::Fetch>(request, 11, [this](const auto& response) {
      Reading& mine = history_.readings[reading_];
      const auto& result = response.responses[0].partitions[0];
      if (ErrorCode(result.error_code) == ErrorCode::kOffsetOutOfRange) {
        history_.broken = "offset " + std::to_string(mine.position) + ", which a reader was given, is no more";
      }
      if (result.error_code == 0) take_fetched(result, mine.committed, mine.position, mine.seen);
    });
  }
  using ErrorCode = protocol::ErrorCode;

  size_t reading_;
};

// Commits offsets that grow, and looks whether they go back.
class Committer final : public Actor {
 public:
  Committer(TestBroker& broker, History& history, SimRandom& random, std::string group)
      : Actor(broker, history, random), group_(std::move(group)) {}

 private:
  void next() override { random_.chance(0.5) ? commit() : look(); }
  void commit() {
    int64_t offset = ++history_.asked[group_];
    protocol::OffsetCommitRequest request;
    request.group_id = group_;
    request.topics.push_back({kTopic, {}, {{0, offset, -1, "at " + std::to_string(offset)}}});
    ask<protocol::OffsetCommit>(request, 7, [this, offset](const auto& response) {
      if (response.topics[0].partitions[0].error_code == 0) history_.positions[group_] = offset;
    });
  }
  void look() {
    protocol::OffsetFetchRequest request;
    request.group_id = group_;
    request.topics.emplace().push_back({kTopic, {0}});
    ask<protocol::OffsetFetch>(request, 7, [this](const auto& response) {
      const auto& result = response.topics[0].partitions[0];
      if (result.error_code != 0) return;
      if (result.committed_offset < history_.positions[group_] || result.committed_offset > history_.asked[group_]) {
        history_.broken = "a group that had committed " + std::to_string(history_.positions[group_]) + " is at " +
                          std::to_string(result.committed_offset);
      }
    });
  }

  std::string group_;
};

}  // namespace

std::unique_ptr<Actor> make_reader(TestBroker& broker, History& history, SimRandom& random, int32_t partition,
                                   bool committed) {
  return std::make_unique<Reader>(broker, history, random, partition, committed);
}

std::unique_ptr<Actor> make_committer(TestBroker& broker, History& history, SimRandom& random, std::string group) {
  history.positions[group] = -1;
  return std::make_unique<Committer>(broker, history, random, std::move(group));
}

}  // namespace leat::sim
