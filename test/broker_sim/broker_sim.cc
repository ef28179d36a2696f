#include "test/broker_sim/broker_sim.h"

#include <array>

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
  for (int i = 0; i < 3; ++i) {
    members_.push_back(make_member(broker_, history_, random_));
    assigned_members_.push_back(make_assigned_member(broker_, history_, random_));
    sharers_.push_back(make_sharer(broker_, history_, random_));
  }
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
    for (auto* all : {&actors_, &members_, &assigned_members_, &sharers_}) {
      for (auto& actor : *all) actor->lose_connection();
    }
    broker_.die();
    broker_.sim.restart();
    if (!history_.broken.empty()) return "in life " + std::to_string(life) + ": " + history_.broken;
  }
  return look();
}

void BrokerSimulation::live() {
  if (!broker_.try_start() || !prepare()) return;
  for (int i = 0; i < kStepsMax && !broker_.sim.crashed() && history_.broken.empty(); ++i) {
    auto& group =
        random_.chance(0.6) ? actors_ : *std::array{&members_, &assigned_members_, &sharers_}[random_.below(3)];
    Actor& actor = *group[random_.below(group.size())];
    actor.step();
    if (random_.chance(0.3)) broker_.loop.advance_ms(static_cast<int64_t>(random_.below(20)));
    if (random_.chance(0.005)) broker_.loop.advance_ms(kTransactionsEndMs);  // Every client is paused.
    if (random_.chance(0.01)) actor.lose_connection();
  }
}

// False: the disk failed.
bool BrokerSimulation::prepare() {
  TestClient admin(broker_, "admin");
  return configure_share_group(admin) && make_topic(admin);
}

// What comes when the loop has turned often enough; nullopt: it never does.
template <class Api>
std::optional<typename Api::Response> BrokerSimulation::ask(TestClient& admin, const typename Api::Request& request) {
  admin.send<Api>(request);
  auto response = admin.receive<Api>();
  for (int i = 0; i < 100 && !response && !broker_.sim.crashed(); ++i) {
    broker_.loop.advance_ms(1);
    response = admin.receive<Api>();
  }
  return response;
}

bool BrokerSimulation::make_topic(TestClient& admin) {
  protocol::CreateTopicsRequest request;
  request.topics.push_back({kTopic, kPartitions, 1, {}, {{"retention.ms", "-1"}, {"segment.bytes", "1048576"}}});
  auto response = ask<protocol::CreateTopics>(admin, request);
  auto error =
      response ? protocol::ErrorCode{response->topics[0].error_code} : protocol::ErrorCode::kUnknownServerError;
  return error == protocol::ErrorCode::kNone || error == protocol::ErrorCode::kTopicAlreadyExists;
}

bool BrokerSimulation::configure_share_group(TestClient& admin) {
  constexpr int8_t kGroup = 32, kSet = 0;
  protocol::IncrementalAlterConfigsRequest request;
  request.resources.push_back({kGroup,
                               kShareGroup,
                               {{"share.auto.offset.reset", kSet, "earliest"},
                                {"share.delivery.count.limit", kSet, std::to_string(kDeliveriesMax)}}});
  auto response = ask<protocol::IncrementalAlterConfigs>(admin, request);
  return response && response->responses[0].error_code == 0;
}

// On a calm machine, when every transaction has come to its end.
std::string BrokerSimulation::look() {
  history_.calm = true;
  broker_.loop.set_offload_delay_ms(0, nullptr);
  if (Status started = broker_.try_start(); !started) return "it does not start: " + started.error().message;
  if (!prepare()) return "a topic cannot be made on a calm machine";
  // A partition is opened by whoever first uses it, and what a crash left open in it is found then.
  for (int32_t index = 0; index < kPartitions; ++index) read(index);
  broker_.loop.advance_ms(kTransactionsEndMs);
  if (!members_settle()) return "a group does not come to rest";
  if (!assigned_members_settle()) return "a group in which the broker assigns does not come to rest";
  std::vector<FinalPartition> partitions;
  for (int32_t index = 0; index < kPartitions; ++index) partitions.push_back(read(index));
  if (!share_group_has_all(partitions)) return "no sharer could accept " + unshared(history_, partitions);
  std::string wrong = judge(history_, partitions, positions());
  return wrong.empty() ? compare_with_replay() : wrong;
}

bool BrokerSimulation::comes_to(const std::vector<std::unique_ptr<Actor>>& group, const std::function<bool()>& is_so) {
  for (int i = 0; i < 5000; ++i) {
    if (is_so()) return true;
    group[random_.below(group.size())]->step();
    broker_.loop.advance_ms(static_cast<int64_t>(random_.below(50)));
  }
  return false;
}

// On a calm machine the members that are there share all partitions.
bool BrokerSimulation::members_settle() {
  return comes_to(members_, [this] {
    if (history_.owners.empty()) return false;
    const auto& [generation, members] = *history_.owners.rbegin();
    size_t owned = 0;
    for (const auto& [member, partitions] : members) owned += partitions.size();
    return owned == kPartitions && members.size() == members_.size();
  });
}

bool BrokerSimulation::assigned_members_settle() {
  return comes_to(assigned_members_, [this] {
    size_t owned = 0;
    for (const auto& [member, owns] : history_.assigned) owned += owns.partitions.size();
    return owned == kPartitions && history_.assigned.size() == assigned_members_.size();
  });
}

bool BrokerSimulation::share_group_has_all(const std::vector<FinalPartition>& partitions) {
  return comes_to(sharers_, [&] { return unshared(history_, partitions).empty() || !history_.broken.empty(); });
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
