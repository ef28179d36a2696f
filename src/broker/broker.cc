#include "broker/broker.h"

#include <cstring>
#include <set>

#include "broker/catalog/group_setting_table.h"
#include "broker/catalog/topic_settings.h"
#include "broker/group/groups.h"
#include "broker/quota/client_quotas.h"
#include "broker/transaction/transactions.h"
#include "broker/upkeep/compactor.h"
#include "broker/upkeep/offsets_keeper.h"
#include "broker/upkeep/retention_keeper.h"

namespace leat {
namespace {

constexpr size_t kUuidTextSize = 22;
constexpr int kSecretWords = 4;
constexpr int64_t kProducerIdsAtOnce = 1000;  // As Kafka takes them: ids that a crash leaves unused are of no account.

}  // namespace

Broker::Broker(Env env, Loop& loop, std::string directory, const BrokerSettings& settings)
    : env_(env), loop_(loop), directory_(std::move(directory)), started_with_(settings), settings_(settings) {}

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
  authorizer_ = std::make_unique<Authorizer>(settings_.security, state().acls());
  // Each life of the broker is an epoch of its leadership: a consumer that has read what a torn tail took away learns
  // of it (KIP-101).
  std::string new_cluster_id = leat::to_string(random_uuid());
  Bytes new_secret;
  for (int i = 0; i < kSecretWords; ++i) put_big(new_secret, static_cast<int64_t>(random()));
  TRY_ASSIGN(Status started, durable_->run([&](const BrokerState& state, WallTime) {
    std::string cluster_id = state.cluster_id().empty() ? new_cluster_id : state.cluster_id();
    std::vector<BrokerEvent> events{broker_event::Started{cluster_id, state.epoch() + 1}};
    if (state.credentials().secret().empty()) events.emplace_back(broker_event::SecretMade{new_secret});
    return Decision<BrokerEvent, Status>{std::move(events), {}};
  }));
  TRY(std::move(started));
  take_configs();
  next_producer_id_ = producer_ids_end_ = state().next_producer_id();
  groups_ = std::make_unique<Groups>(*this);
  TRY(groups_->restore());
  TRY(remove_orphans());
  transactions_ = std::make_unique<Transactions>(*this);
  quotas_ = std::make_unique<ClientQuotas>(*this);
  transactions_->restore();
  forget_producers();
  retention_ = std::make_unique<RetentionKeeper>(*this);
  compactor_ = std::make_unique<Compactor>(*this);
  offsets_keeper_ = std::make_unique<OffsetsKeeper>(*this);
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

void Broker::forget_producers() {
  for (auto& [name, partition] : partitions_) partition->log().forget_producers(settings_.producer_expiration_ms);
  producers_timer_ = loop_.after(settings_.producer_check_interval_ms, [this] { forget_producers(); });
}

BrokerConfigs Broker::configs() const {
  return {state().configs(ConfigResource::kBroker, own_name()), state().configs(ConfigResource::kBroker, ""),
          settings_.given};
}

EffectiveConfigs Broker::topic_configs(const TopicInfo& topic) const {
  return {topic_settings(), topic.configs, configs()};
}

EffectiveConfigs Broker::group_configs(const std::string& group) const {
  return {group_settings(), state().configs(ConfigResource::kGroup, group), configs()};
}

std::string Broker::config(const std::string& name) const {
  const Setting* setting = broker_settings().find(name);
  CHECK(setting != nullptr);
  auto value = value_of(configs().of_broker(*setting));
  CHECK(value);
  return *value;
}

void Broker::take_configs() {
  BrokerSettings taken = started_with_;
  taken.advertised = settings_.advertised;
  for (const std::string& name : {std::string(), own_name()}) {
    for (const auto& [key, value] : state().configs(ConfigResource::kBroker, name)) {
      assign_broker_setting(taken, key, value);
    }
  }
  settings_ = std::move(taken);
  for (auto& [name, partition] : partitions_) {
    const TopicInfo* topic = state().topic(name.topic);
    if (topic != nullptr) partition->set_policy(TopicPolicy::of(topic_configs(*topic)));
  }
}

Uuid Broker::random_uuid() {
  Uuid out;
  for (size_t i = 0; i < out.bytes.size(); i += sizeof(uint64_t)) {
    uint64_t bits = random();
    std::memcpy(out.bytes.data() + i, &bits, sizeof bits);
  }
  return out;
}

void Broker::decide(BrokerState::Command command, std::function<void(Status)> done) {
  auto noting = [&](const BrokerState& state, WallTime now) {
    auto decision = command(state, now);
    note_topics(decision.events);
    return decision;
  };
  durable_->submit(noting, [done = std::move(done)](Result<Status> outcome) {
    done(outcome ? std::move(*outcome) : Status(outcome.error()));
  });
  commit_soon();
}

// Groups in which the broker assigns rebalance when topics change, whoever changed them.
void Broker::note_topics(const std::vector<BrokerEvent>& events) {
  bool due = !changed_topics_.empty();
  for (const BrokerEvent& event : events) {
    if (auto* changed = std::get_if<broker_event::TopicChanged>(&event)) changed_topics_.insert(changed->topic.name);
    if (auto* deleted = std::get_if<broker_event::TopicDeleted>(&event)) changed_topics_.insert(deleted->name);
  }
  if (due || changed_topics_.empty()) return;
  loop_.post([this] { groups_->consumers().topics_changed(std::exchange(changed_topics_, {})); });
}

void Broker::record(std::vector<BrokerEvent> events, std::function<void(Status)> done) {
  decide(
      [&events](const BrokerState&, WallTime) {
        return Decision<BrokerEvent, Status>{std::move(events), {}};
      },
      std::move(done));
}

// What the disk has is not known any more, so nothing can be decided: the next start looks.
void Broker::fail(const Error& error) {
  if (failure_) return;
  failure_ = error;
  loop_.stop();
}

void Broker::commit_soon() {
  if (commit_is_due_) return;
  commit_is_due_ = true;
  loop_.post([this] {
    commit_is_due_ = false;
    if (Status committed = durable_->commit(); !committed) fail(committed.error());
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
  options.recovery_point_bytes = settings_.recovery_point_bytes;
  TopicPolicy policy = TopicPolicy::of(topic_configs(*topic));
  static_cast<LogLimits&>(options) = policy.limits;
  TRY_ASSIGN(auto log, PartitionLog::open(env_, directory_of(*topic, index), options));
  log->begin_epoch(state().epoch());
  auto opened = std::make_shared<Partition>(loop_, std::move(log), policy, state().epoch());
  TopicPartition key{name, PartitionId{index}};
  partitions_.emplace(key, opened);
  transactions_->adopt(key, *opened);
  return opened;
}

Result<PartitionGlance> Broker::glance(const TopicInfo& topic, int32_t index) const {
  return glance_at(env_.files, directory_of(topic, index));
}

void Broker::close_idle(const TopicPartition& name) {
  auto found = partitions_.find(name);
  bool idle = found != partitions_.end() && found->second.use_count() == 1;
  if (!idle || !found->second->log().transactions().open().empty()) return;
  (void)found->second->log().close();
  partitions_.erase(found);
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
