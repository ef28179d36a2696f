#include "test/broker_sim/broker_sim.h"

#include "protocol/all.h"
#include "test/broker_sim/fetched.h"

namespace leat::sim {
namespace {

constexpr uint64_t kChangesMax = 400;
constexpr int kStepsMax = 400;
constexpr int64_t kTransactionsEndMs = 90'000;  // Their time-out, and two looks at it.

}  // namespace

BrokerSimulation::BrokerSimulation(uint64_t seed) : broker_(seed, TestBroker::NotStarted()), random_(seed * 7919) {
  broker_.settings.recovery_point_bytes = 1 + random_.below(5000);
  for (int i = 0; i < 2; ++i) {
    actors_.push_back(make_plain_producer(broker_, history_, random_));
    actors_.push_back(make_idempotent_producer(broker_, history_, random_));
    actors_.push_back(make_transactional_producer(broker_, history_, random_, i == 0));
    actors_.push_back(make_committer(broker_, history_, random_, "g" + std::to_string(i)));
  }
  for (int i = 0; i < 3; ++i) members_.push_back(make_member(broker_, history_, random_));
  for (int32_t partition = 0; partition < kPartitions; ++partition) {
    actors_.push_back(make_reader(broker_, history_, random_, partition, true));
    actors_.push_back(make_reader(broker_, history_, random_, partition, false));
  }
}

size_t BrokerSimulation::acknowledged() const {
  size_t count = 0;
  for (const Sent& sent : history_.sent) count += sent.outcome == Outcome::kDone ? 1 : 0;
  return count;
}

std::string BrokerSimulation::go(int lives) {
  for (int life = 0; life < lives; ++life) {
    broker_.sim.restart(FaultPlan::draw(random_, kChangesMax));
    broker_.loop.set_offload_delay_ms(random_.chance(0.5) ? 0 : 15, &random_);
    live();
    deaths_ += broker_.sim.crashed() ? 1 : 0;
    for (auto& actor : actors_) actor->lose_connection();
    for (auto& member : members_) member->lose_connection();
    broker_.die();
    broker_.sim.restart();
    if (!history_.broken.empty()) return "in life " + std::to_string(life) + ": " + history_.broken;
  }
  return look();
}

void BrokerSimulation::live() {
  if (!broker_.try_start() || !make_topic()) return;
  for (int i = 0; i < kStepsMax && !broker_.sim.crashed() && history_.broken.empty(); ++i) {
    Actor& actor =
        random_.chance(0.2) ? *members_[random_.below(members_.size())] : *actors_[random_.below(actors_.size())];
    actor.step();
    if (random_.chance(0.3)) broker_.loop.advance_ms(static_cast<int64_t>(random_.below(20)));
    if (random_.chance(0.005)) broker_.loop.advance_ms(kTransactionsEndMs);  // Every client is paused.
    if (random_.chance(0.01)) actor.lose_connection();
  }
}

// False: the disk failed.
bool BrokerSimulation::make_topic() {
  TestClient admin(broker_, "admin");
  protocol::CreateTopicsRequest request;
  request.topics.push_back({kTopic, kPartitions, 1, {}, {{"retention.ms", "-1"}, {"segment.bytes", "1048576"}}});
  admin.send<protocol::CreateTopics>(request);
  auto response = admin.receive<protocol::CreateTopics>();
  for (int i = 0; i < 100 && !response && !broker_.sim.crashed(); ++i) {
    broker_.loop.advance_ms(1);
    response = admin.receive<protocol::CreateTopics>();
  }
  auto error =
      response ? protocol::ErrorCode{response->topics[0].error_code} : protocol::ErrorCode::kUnknownServerError;
  return error == protocol::ErrorCode::kNone || error == protocol::ErrorCode::kTopicAlreadyExists;
}

// On a calm machine, when every transaction has come to its end.
std::string BrokerSimulation::look() {
  broker_.loop.set_offload_delay_ms(0, nullptr);
  if (Status started = broker_.try_start(); !started) return "it does not start: " + started.error().message;
  if (!make_topic()) return "a topic cannot be made on a calm machine";
  // A partition is opened by whoever first uses it, and what a crash left open in it is found then.
  for (int32_t index = 0; index < kPartitions; ++index) read(index);
  broker_.loop.advance_ms(kTransactionsEndMs);
  if (!members_settle()) return "a group does not come to rest";
  std::vector<FinalPartition> partitions;
  for (int32_t index = 0; index < kPartitions; ++index) partitions.push_back(read(index));
  std::string wrong = judge(history_, partitions, positions());
  return wrong.empty() ? compare_with_replay() : wrong;
}

// On a calm machine the members that are there share all partitions.
bool BrokerSimulation::members_settle() {
  for (int i = 0; i < 3000; ++i) {
    members_[random_.below(members_.size())]->step();
    broker_.loop.advance_ms(static_cast<int64_t>(random_.below(50)));
    if (history_.owners.empty()) continue;
    const auto& [generation, members] = *history_.owners.rbegin();
    size_t owned = 0;
    for (const auto& [member, partitions] : members) owned += partitions.size();
    if (owned == kPartitions && members.size() == members_.size()) return true;
  }
  return false;
}

// The live state is the state after replay, but for the start that is one more.
std::string BrokerSimulation::compare_with_replay() {
  BrokerState live = broker_.broker->state();
  broker_.die();
  broker_.sim.lose_power();
  if (Status started = broker_.try_start(); !started) return "it does not start again: " + started.error().message;
  live.apply(broker_event::Started{live.cluster_id(), live.epoch() + 1});
  return live == broker_.broker->state() ? "" : "the state after replay is another one than the live one was";
}

FinalPartition BrokerSimulation::read(int32_t partition) {
  FinalPartition out;
  TestClient client(broker_, "judge");
  for (bool committed : {false, true}) {
    int64_t position = 0;
    while (true) {
      auto response = client.call<protocol::Fetch>(fetch_request(partition, position, committed), 11);
      const auto& result = response.responses[0].partitions[0];
      if (result.error_code != 0) history_.broken = "a partition cannot be read on a calm machine";
      out.end = result.high_watermark;
      out.last_stable = result.last_stable_offset;
      int64_t before = position;
      take_fetched(result, committed, position, committed ? out.committed : out.all);
      if (position == before) break;
    }
  }
  return out;
}

std::map<std::string, int64_t> BrokerSimulation::positions() {
  std::map<std::string, int64_t> out;
  TestClient client(broker_, "judge");
  auto look_at = [&](const std::string& group) {
    protocol::OffsetFetchRequest request;
    request.group_id = group;
    request.topics.emplace().push_back({kTopic, {0}});
    out[group] = client.call<protocol::OffsetFetch>(request, 7).topics[0].partitions[0].committed_offset;
  };
  for (const auto& [group, position] : history_.positions) look_at(group);
  for (size_t i = 0; i < history_.by_producer.size(); ++i) look_at("tx" + std::to_string(i));
  return out;
}

}  // namespace leat::sim
