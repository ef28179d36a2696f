#pragma once
// Broker: what the handlers of requests work on (broker/api/). One object, one thread.
//
// Lifecycle: open() recovers; serve() makes a Service know every request. The loop stops before the broker is
// destroyed. When its state cannot be written the broker stops the loop, and failure() says why. Durability: what
// decide() was given is durable when `done` is called; Partition has its own.
#include <map>
#include <memory>
#include <set>
#include <string>

#include "broker/access/authorizer.h"
#include "broker/catalog/broker_setting_table.h"
#include "broker/catalog/config_layers.h"
#include "broker/partition.h"
#include "broker/service.h"
#include "broker/state/broker_state.h"
#include "broker/telemetry/client_telemetry.h"
#include "env/env.h"
#include "fold/durable.h"
#include "log/partition_glance.h"

namespace leat {

class ClientQuotas;
class Groups;
class Transactions;
class RetentionKeeper;
class Compactor;
class OffsetsKeeper;

class Broker {
 public:
  // `directory`: this process owns it. `loop` and what `env` refers to outlive the broker.
  static Result<std::unique_ptr<Broker>> open(Env env, Loop& loop, std::string directory, const BrokerSettings&);
  ~Broker();

  const BrokerState& state() const { return durable_->machine(); }
  const BrokerSettings& settings() const { return settings_; }
  const Authorizer& authorizer() const { return *authorizer_; }
  void set_advertised(const Endpoint& endpoint) { settings_.advertised = endpoint; }
  // What is set of the broker, of a topic, of a group (which need not be there), with all that stands behind it.
  BrokerConfigs configs() const;
  EffectiveConfigs topic_configs(const TopicInfo&) const;
  EffectiveConfigs group_configs(const std::string& group) const;
  // The value of a broker's setting that has no member in settings(). CHECKs that there is one.
  std::string config(const std::string& name) const;
  // After settings in state() changed: they hold from now on, also for partitions that are open.
  void take_configs();
  Groups& groups() { return *groups_; }
  Transactions& transactions() { return *transactions_; }
  ClientTelemetry& telemetry() { return telemetry_; }
  ClientQuotas& quotas() { return *quotas_; }
  Loop& loop() { return loop_; }
  WallTime wall() const { return env_.clock.wall(); }
  Instant monotonic() const { return env_.clock.monotonic(); }
  uint64_t random() { return env_.random.next(); }  // Nobody can guess it.
  Uuid random_uuid();

  // Everything that is submitted before the loop turns shares one sync.
  void decide(BrokerState::Command command, std::function<void(Status)> done);
  // The same for what needs no look at the state: these events happened.
  void record(std::vector<BrokerEvent> events, std::function<void(Status)> done);

  // The error that ended the service: the loop was stopped. Nullopt: none.
  const std::optional<Error>& failure() const { return failure_; }

  // Null if there is no such partition. kCorruption, kIo: it cannot be served, and why.
  Result<std::shared_ptr<Partition>> partition(const std::string& topic, int32_t index);
  // Those that are open.
  const std::map<TopicPartition, std::shared_ptr<Partition>>& open_partitions() const { return partitions_; }
  // What its files tell without opening it.
  Result<PartitionGlance> glance(const TopicInfo&, int32_t index) const;
  // Closes a partition that nobody uses.
  void close_idle(const TopicPartition&);
  const std::string& directory() const { return directory_; }
  // After its topic was deleted: whoever waits on it is told, and the files go.
  void drop_partitions(const TopicInfo&);
  // A fresh id for an idempotent producer.
  void new_producer_id(std::function<void(Result<int64_t>)> done);

 private:
  Broker(Env env, Loop& loop, std::string directory, const BrokerSettings& settings);
  Status start();
  void commit_soon();
  void fail(const Error&);
  void note_topics(const std::vector<BrokerEvent>&);
  // The directories of topics that are no more.
  Status remove_orphans();
  void forget_producers();
  std::string own_name() const { return std::to_string(settings_.node_id); }
  std::string directory_of(const TopicInfo&, int32_t index) const;
  Status remove_directory(const std::string& path);

  Env env_;
  Loop& loop_;
  std::string directory_;
  const BrokerSettings started_with_;
  BrokerSettings settings_;
  std::unique_ptr<Durable<BrokerState>> durable_;
  std::unique_ptr<Authorizer> authorizer_;
  std::map<TopicPartition, std::shared_ptr<Partition>> partitions_;
  std::unique_ptr<Groups> groups_;
  std::unique_ptr<Transactions> transactions_;
  ClientTelemetry telemetry_;
  std::unique_ptr<ClientQuotas> quotas_;
  bool commit_is_due_ = false;
  std::optional<Error> failure_;
  std::set<std::string> changed_topics_;  // Of which the groups are to be told.
  std::unique_ptr<Loop::Timer> producers_timer_;
  std::unique_ptr<RetentionKeeper> retention_;
  std::unique_ptr<Compactor> compactor_;
  std::unique_ptr<OffsetsKeeper> offsets_keeper_;
  int64_t next_producer_id_ = 0, producer_ids_end_ = 0;
};

}  // namespace leat
