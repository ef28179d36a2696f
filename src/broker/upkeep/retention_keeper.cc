#include "broker/upkeep/retention_keeper.h"

#include "broker/broker.h"
#include "log/partition_glance.h"

namespace leat {
namespace {

constexpr size_t kAtOnce = 50;  // Partitions, between two turns of the loop.

}  // namespace

RetentionKeeper::RetentionKeeper(Broker& broker) : broker_(broker) {
  timer_ = broker_.loop().after(broker_.settings().house_delay_ms, [this] { begin_round(); });
}

void RetentionKeeper::begin_round() {
  for (const auto& [name, topic] : broker_.state().topics()) {
    for (int32_t index = 0; index < topic.partitions; ++index) left_.push_back({name, PartitionId{index}});
  }
  look_at_some();
}

void RetentionKeeper::look_at_some() {
  for (size_t i = 0; i < kAtOnce && !left_.empty(); ++i) {
    TopicPartition partition = std::move(left_.back());
    left_.pop_back();
    look_at(partition);
  }
  bool more = !left_.empty();
  timer_ = broker_.loop().after(more ? 0 : broker_.settings().retention_check_interval_ms,
                                [this, more] { more ? look_at_some() : begin_round(); });
}

// A partition that fails says so to those who use it.
void RetentionKeeper::look_at(const TopicPartition& name) {
  const TopicInfo* topic = broker_.state().topic(name.topic);
  if (topic == nullptr || name.partition.value >= topic->partitions) return;
  bool open = broker_.open_partitions().contains(name);
  if (!open && !has_work(*topic, name.partition.value)) return;
  auto partition = broker_.partition(name.topic, name.partition.value);
  if (!partition || *partition == nullptr) return;
  keep(**partition);
  partition->reset();
  if (!open) broker_.close_idle(name);
}

// Whether something may be too old or too much in a partition that is not open.
bool RetentionKeeper::has_work(const TopicInfo& topic, int32_t index) const {
  TopicPolicy policy = TopicPolicy::of(broker_.topic_configs(topic));
  if (!policy.deletes) return false;
  auto glance = broker_.glance(topic, index);
  if (!glance || glance->bytes == 0) return false;
  const LogLimits& limits = policy.limits;
  bool old = limits.retention_ms >= 0 && glance->oldest.value < broker_.wall().value - limits.retention_ms;
  bool much = limits.retention_bytes >= 0 && glance->segments > 1 &&
              glance->bytes > static_cast<uint64_t>(limits.retention_bytes);
  return old || much;
}

void RetentionKeeper::keep(Partition& partition) {
  PartitionLog& log = partition.log();
  if (partition.policy().deletes) (void)log.apply_retention();
  (void)log.remove_doomed();
}

}  // namespace leat
