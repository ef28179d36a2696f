#pragma once
// Broker: what the handlers of requests work on (broker/api/). One object, one thread.
//
// Lifecycle: open() recovers; serve() makes a Service know every request. The loop stops before the broker is
// destroyed. Durability: what decide() was given is durable when `done` is called; Partition has its own.
#include <map>
#include <memory>
#include <string>

#include "broker/broker_settings.h"
#include "broker/partition.h"
#include "broker/service.h"
#include "broker/state/broker_state.h"
#include "env/env.h"
#include "fold/durable.h"

namespace leat {

class Groups;

class Broker {
 public:
  // `directory`: this process owns it. `loop` and what `env` refers to outlive the broker.
  static Result<std::unique_ptr<Broker>> open(Env env, Loop& loop, std::string directory, const BrokerSettings&);
  ~Broker();

  const BrokerState& state() const { return durable_->machine(); }
  const BrokerSettings& settings() const { return settings_; }
  void set_advertised(const Endpoint& endpoint) { settings_.advertised = endpoint; }
  Groups& groups() { return *groups_; }
  Loop& loop() { return loop_; }
  WallTime wall() const { return env_.clock.wall(); }
  Instant monotonic() const { return env_.clock.monotonic(); }
  Uuid random_uuid();

  // Everything that is submitted before the loop turns shares one sync.
  void decide(BrokerState::Command command, std::function<void(Status)> done);

  // Null if there is no such partition. kCorruption, kIo: it cannot be served, and why.
  Result<std::shared_ptr<Partition>> partition(const std::string& topic, int32_t index);
  // After its topic was deleted: whoever waits on it is told, and the files go.
  void drop_partitions(const TopicInfo&);
  // A fresh id for an idempotent producer.
  void new_producer_id(std::function<void(Result<int64_t>)> done);

 private:
  Broker(Env env, Loop& loop, std::string directory, const BrokerSettings& settings);
  Status start();
  void commit_soon();
  // The directories of topics that are no more.
  Status remove_orphans();
  void keep_house();
  std::string directory_of(const TopicInfo&, int32_t index) const;
  Status remove_directory(const std::string& path);

  Env env_;
  Loop& loop_;
  std::string directory_;
  BrokerSettings settings_;
  std::unique_ptr<Durable<BrokerState>> durable_;
  std::map<TopicPartition, std::shared_ptr<Partition>> partitions_;
  std::unique_ptr<Groups> groups_;
  bool commit_is_due_ = false;
  std::unique_ptr<Loop::Timer> house_timer_;
  int64_t next_producer_id_ = 0, producer_ids_end_ = 0;
};

}  // namespace leat
