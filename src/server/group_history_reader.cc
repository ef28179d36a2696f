#include "server/group_history_reader.h"

#include "client/partition_reader.h"
#include "explain/foreign_history.h"

namespace leat {
namespace {

// The records of the partition that are now in it, from about that time on, in order.
template <class Use>
Status read_all(client::Cluster& cluster, const TopicPartition& partition, int64_t time, Use use) {
  constexpr int64_t kWaitMs = 500;
  auto isolation = client::Isolation::kReadCommitted;
  TRY_ASSIGN(auto begins, client::list_offsets(cluster, std::set{partition}, time, isolation));
  TRY_ASSIGN(auto ends, client::list_offsets(cluster, std::set{partition}, client::kLatest, isolation));
  Offset begin = begins.at(partition).offset, end = ends.at(partition).offset;
  if (begin.value < 0) return {};  // Nothing is as late as that.
  client::PartitionReader reader(cluster, partition, begin, isolation);
  while (reader.position() < end) {
    TRY_ASSIGN(auto records, reader.poll(kWaitMs));
    for (const ConsumedRecord& each : records) TRY(use(each));
  }
  return {};
}

Result<GroupPast> read_foreign(client::Cluster& cluster, const std::string& group, const client::TopicInfo& offsets) {
  int32_t partition = ForeignHistory::partition_of(group, static_cast<int32_t>(offsets.partitions.size()));
  ForeignHistory history(group);
  TRY(read_all(cluster, {offsets.name, PartitionId{partition}}, client::kEarliest,
               [&](const ConsumedRecord& each) -> Status {
                 if (!each.record.key) return {};
                 std::optional<BytesView> value;
                 if (each.record.value) value = *each.record.value;
                 history.take(*each.record.key, value, each.record.timestamp);
                 return {};
               }));
  return GroupPast{history.records(), ForeignHistory::limits()};
}

Result<GroupPast> read_ours(client::Cluster& cluster, const std::string& group, WallTime from) {
  GroupPast out;
  TRY(read_all(cluster, {kHistoryTopic, PartitionId{0}}, from.value, [&](const ConsumedRecord& each) -> Status {
    if (!each.record.key || *each.record.key != group || !each.record.value) return {};
    auto decoded = decode_history(*each.record.value);
    if (decoded) out.records.push_back(std::move(*decoded));
    return {};
  }));
  return out;
}

}  // namespace

Result<GroupPast> read_group_past(client::Cluster& cluster, const std::string& group, WallTime from) {
  auto ours = cluster.topic(kHistoryTopic);
  if (ours) return read_ours(cluster, group, from);
  if (ours.error().code != Errc::kNotFound) return ours.error();
  auto offsets = cluster.topic("__consumer_offsets");
  if (offsets) return read_foreign(cluster, group, *offsets);
  if (offsets.error().code != Errc::kNotFound) return offsets.error();
  return Error{Errc::kNotFound,
               "no history of groups is kept here yet: topic '" + std::string(kHistoryTopic) + "' is not there"};
}

}  // namespace leat
