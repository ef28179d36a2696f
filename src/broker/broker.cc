#include "broker/broker.h"

#include <cstring>
#include <set>

#include "broker/group/groups.h"

namespace leat {
namespace {

constexpr int64_t kHouseMs = 5 * 60'000;  // As Kafka's log.retention.check.interval.ms.
constexpr size_t kUuidTextSize = 22;
constexpr int64_t kProducerIdsAtOnce = 1000;  // As Kafka takes them: ids that a crash leaves unused are of no account.

}  // namespace

Broker::Broker(Env env, Loop& loop, std::string directory, const BrokerSettings& settings)
    : env_(env), loop_(loop), directory_(std::move(directory)), settings_(settings) {}

Broker::~Broker() {
  for (auto& [name, partition] : partitions_) (void)partition->log().close();
}

Result<std::unique_ptr<Broker>> Broker::open(Env env, Loop& loop, std::string directory,
                                             const BrokerSettings& settings) {
  std::unique_ptr<Broker> out(new Broker(env, loop, std::move(directory), settings));
  TRY(out->start());
  return out;
}

Status Broker::start() {
  FoldOptions options;
  options.durable = settings_.durable;
  TRY_ASSIGN(durable_, Durable<BrokerState>::open(env_, directory_ + "/state", options));
  // Each life of the broker is an epoch of its leadership: a consumer that has read what a torn tail took away learns
  // of it (KIP-101).
  std::string new_cluster_id = leat::to_string(random_uuid());
  TRY_ASSIGN(Status started, durable_->run([&](const BrokerState& state, WallTime) {
    std::string cluster_id = state.cluster_id().empty() ? new_cluster_id : state.cluster_id();
    return Decision<BrokerEvent, Status>{{broker_event::Started{cluster_id, state.epoch() + 1}}, {}};
  }));
  TRY(std::move(started));
  next_producer_id_ = producer_ids_end_ = state().next_producer_id();
  groups_ = std::make_unique<Groups>(*this);
  TRY(groups_->restore());
  TRY(remove_orphans());
  keep_house();
  return {};
}

Status Broker::remove_orphans() {
  auto names = env_.files.list(directory_ + "/partitions");
  if (!names && names.error().code == Errc::kNotFound) return {};
  if (!names) return names.error();
  std::set<std::string> known;
  for (const auto& [name, topic] : state().topics()) known.insert(leat::to_string(topic.id));
  for (const std::string& name : *names) {
    if (!known.contains(name.substr(0, kUuidTextSize))) TRY(remove_directory(directory_ + "/partitions/" + name));
  }
  return {};
}

// Retention, now and then. A partition that fails says so to those who use it.
void Broker::keep_house() {
  for (const auto& [name, topic] : state().topics()) {
    if (!topic.configs.deletes()) continue;
    for (int32_t index = 0; index < topic.partitions; ++index) {
      auto opened = partition(name, index);
      if (opened && *opened) (void)(*opened)->log().apply_retention();
    }
  }
  std::shared_ptr<Loop::Timer> last = std::move(house_timer_);
  house_timer_ = loop_.after(kHouseMs, [this] { keep_house(); });
  if (last) loop_.post([last] {});  // It is running this very call.
}

Uuid Broker::random_uuid() {
  Uuid out;
  for (size_t i = 0; i < out.bytes.size(); i += sizeof(uint64_t)) {
    uint64_t bits = env_.random.next();
    std::memcpy(out.bytes.data() + i, &bits, sizeof bits);
  }
  return out;
}

void Broker::decide(BrokerState::Command command, std::function<void(Status)> done) {
  durable_->submit(command, [done = std::move(done)](Result<Status> outcome) {
    done(outcome ? std::move(*outcome) : Status(outcome.error()));
  });
  commit_soon();
}

void Broker::commit_soon() {
  if (commit_is_due_) return;
  commit_is_due_ = true;
  loop_.post([this] {
    commit_is_due_ = false;
    (void)durable_->commit();  // Whoever waits is told of an error.
  });
}

std::string Broker::directory_of(const TopicInfo& topic, int32_t index) const {
  return directory_ + "/partitions/" + leat::to_string(topic.id) + "-" + std::to_string(index);
}

Result<std::shared_ptr<Partition>> Broker::partition(const std::string& name, int32_t index) {
  auto found = partitions_.find({name, PartitionId{index}});
  if (found != partitions_.end()) return found->second;
  const TopicInfo* topic = state().topic(name);
  if (topic == nullptr || index < 0 || index >= topic->partitions) return std::shared_ptr<Partition>();
  LogOptions options;
  options.durable = settings_.durable;
  options.segment_bytes = static_cast<uint64_t>(topic->configs.number("segment.bytes"));
  options.retention_ms = topic->configs.deletes() ? topic->configs.number("retention.ms") : -1;
  options.retention_bytes = topic->configs.deletes() ? topic->configs.number("retention.bytes") : -1;
  TRY_ASSIGN(auto log, PartitionLog::open(env_, directory_of(*topic, index), options));
  auto opened = std::make_shared<Partition>(loop_, std::move(log), settings_.durable, state().epoch());
  partitions_.emplace(TopicPartition{name, PartitionId{index}}, opened);
  return opened;
}

void Broker::drop_partitions(const TopicInfo& topic) {
  for (int32_t index = 0; index < topic.partitions; ++index) {
    auto found = partitions_.find({topic.name, PartitionId{index}});
    if (found != partitions_.end()) {
      found->second->abandon();
      partitions_.erase(found);
    }
    (void)remove_directory(directory_of(topic, index));  // What is left is an orphan, which the next start removes.
  }
}

Status Broker::remove_directory(const std::string& path) {
  TRY_ASSIGN(auto names, env_.files.list(path));
  for (const std::string& name : names) TRY(env_.files.remove(path + "/" + name));
  return env_.files.remove(path);
}

void Broker::new_producer_id(std::function<void(Result<int64_t>)> done) {
  if (next_producer_id_ < producer_ids_end_) return done(next_producer_id_++);
  decide(
      [](const BrokerState& state, WallTime) {
        return Decision<BrokerEvent, Status>{
            {broker_event::ProducerIdsGiven{state.next_producer_id() + kProducerIdsAtOnce}}, {}};
      },
      [this, done = std::move(done)](Status outcome) {
        if (!outcome) return done(outcome.error());
        if (next_producer_id_ >= producer_ids_end_) {
          producer_ids_end_ = state().next_producer_id();
          next_producer_id_ = producer_ids_end_ - kProducerIdsAtOnce;
        }
        done(next_producer_id_++);
      });
}

}  // namespace leat
