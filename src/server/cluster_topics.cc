// The topics of a cluster.
#include "client/partition_reader.h"
#include "client/topics.h"
#include "server/cluster_access.h"
#include "server/topic_source.h"

namespace leat {
namespace {

using client::Isolation;

class ClusterStream final : public RecordStream {
 public:
  ClusterStream(client::Cluster& cluster, const TopicPartition& partition, Offset from)
      : reader_(cluster, partition, from, Isolation::kReadCommitted) {}
  Result<std::vector<ConsumedRecord>> poll(int64_t wait_ms) override { return reader_.poll(wait_ms); }
  Offset position() const override { return reader_.position(); }

 private:
  client::PartitionReader reader_;
};

class ClusterSource final : public TopicSource {
 public:
  explicit ClusterSource(std::unique_ptr<ClusterAccess> access)
      : access_(std::move(access)), cluster_(access_->cluster()) {}

  Result<std::vector<TopicFacts>> topics() override {
    TRY_ASSIGN(auto infos, cluster_.topics());
    std::vector<TopicFacts> out;
    for (const client::TopicInfo& info : infos) out.push_back(facts_of(info));
    TRY(fill_offsets(out));
    return out;
  }
  Result<TopicFacts> topic(const std::string& name) override {
    TRY_ASSIGN(client::TopicInfo info, cluster_.topic(name));
    std::vector<TopicFacts> out{facts_of(info)};
    TRY(fill_offsets(out));
    TRY_ASSIGN(auto configs, client::describe_topic_configs(cluster_, name));
    for (const client::ConfigEntry& each : configs) {
      if (each.is_set) out[0].configs.emplace_back(each.name, each.value.value_or(""));
    }
    return std::move(out[0]);
  }
  Result<std::vector<Offset>> begin_of(const TopicFacts& topic, const ReadFrom& from) override {
    std::vector<Offset> out;
    std::map<TopicPartition, client::TimedOffset> at;
    if (from.kind == ReadFrom::kTime) {
      TRY_ASSIGN(at, client::list_offsets(cluster_, partitions_of(topic), from.value));
    }
    for (const PartitionFacts& each : topic.partitions) {
      Offset place = from.kind == ReadFrom::kLatest ? each.last_stable : Offset{from.value};
      if (from.kind == ReadFrom::kTime) {
        Offset found = at.at({topic.name, PartitionId{each.number}}).offset;
        place = found.value < 0 ? each.last_stable : found;
      }
      out.push_back(std::max(place, each.start));
    }
    return out;
  }
  Result<std::unique_ptr<RecordStream>> read(const TopicPartition& partition, Offset from) override {
    return std::unique_ptr<RecordStream>(std::make_unique<ClusterStream>(cluster_, partition, from));
  }
  bool can_wait() const override { return true; }

 private:
  static TopicFacts facts_of(const client::TopicInfo& info) {
    TopicFacts out{info.name, {}, std::nullopt, {}};
    for (const auto& [number, partition] : info.partitions) {
      auto leader = partition.leader < 0 ? std::nullopt : std::optional(partition.leader);
      out.partitions.push_back({number, {}, {}, {}, leader, partition.replicas, partition.in_sync});
    }
    return out;
  }
  static std::set<TopicPartition> partitions_of(const TopicFacts& topic) {
    std::set<TopicPartition> out;
    for (const PartitionFacts& each : topic.partitions) out.insert({topic.name, PartitionId{each.number}});
    return out;
  }
  // Of partitions that have a leader.
  Status fill_offsets(std::vector<TopicFacts>& topics) {
    std::set<TopicPartition> all;
    for (const TopicFacts& topic : topics) {
      for (const PartitionFacts& each : topic.partitions) {
        if (each.leader) all.insert({topic.name, PartitionId{each.number}});
      }
    }
    if (all.empty()) return {};
    TRY_ASSIGN(auto start, client::list_offsets(cluster_, all, client::kEarliest));
    TRY_ASSIGN(auto stable, client::list_offsets(cluster_, all, client::kLatest));
    TRY_ASSIGN(auto end, client::list_offsets(cluster_, all, client::kLatest, Isolation::kReadUncommitted));
    for (TopicFacts& topic : topics) {
      for (PartitionFacts& each : topic.partitions) {
        TopicPartition partition{topic.name, PartitionId{each.number}};
        if (!each.leader) continue;
        each.start = start[partition].offset;
        each.last_stable = stable[partition].offset;
        each.end = end[partition].offset;
      }
    }
    return {};
  }

  std::unique_ptr<ClusterAccess> access_;
  client::Cluster& cluster_;
};

}  // namespace

Result<std::unique_ptr<TopicSource>> open_cluster_source(const Arguments& arguments, Console& console) {
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  return std::unique_ptr<TopicSource>(std::make_unique<ClusterSource>(std::move(access)));
}

}  // namespace leat
