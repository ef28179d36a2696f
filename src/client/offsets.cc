#include "client/offsets.h"

#include "protocol/list_offsets.h"

namespace leat::client {

using protocol::ListOffsets;

Result<std::map<TopicPartition, TimedOffset>> list_offsets(Cluster& cluster,
                                                           const std::map<TopicPartition, int64_t>& times,
                                                           Isolation isolation) {
  std::map<TopicPartition, TimedOffset> out;
  Status failed;
  std::set<TopicPartition> wanted;
  for (const auto& [partition, time] : times) wanted.insert(partition);
  auto make = [&](const std::set<TopicPartition>& partitions) {
    ListOffsets::Request request;
    request.replica_id = -1;
    request.isolation_level = static_cast<int8_t>(isolation);
    request.timeout_ms = static_cast<int32_t>(cluster.options().timeout_ms);
    for (const auto& [topic, numbers] : by_topic(partitions)) {
      auto& into = request.topics.emplace_back();
      into.name = topic;
      for (int32_t number : numbers) {
        into.partitions.push_back({number, -1, times.at({topic, PartitionId{number}})});
      }
    }
    return request;
  };
  auto take = [&](const ListOffsets::Response& response, auto result) {
    for (const auto& topic : response.topics) {
      for (const auto& each : topic.partitions) {
        TopicPartition partition{topic.name, PartitionId{each.partition_index}};
        if (each.error_code == 0) out[partition] = {Offset{each.offset}, WallTime{each.timestamp}};
        if (each.error_code != 0 && !passes(each.error_code)) {
          failed = kafka_error("ListOffsets of '" + topic.name + "' partition " + std::to_string(each.partition_index),
                               each.error_code);
        }
        result(partition, each.error_code);
      }
    }
  };
  TRY(ask_leaders<ListOffsets>(cluster, wanted, make, take));
  if (!failed) return failed.error();
  return out;
}

Result<std::map<TopicPartition, TimedOffset>> list_offsets(Cluster& cluster, const std::set<TopicPartition>& partitions,
                                                           int64_t time, Isolation isolation) {
  std::map<TopicPartition, int64_t> times;
  for (const TopicPartition& each : partitions) times[each] = time;
  return list_offsets(cluster, times, isolation);
}

std::set<TopicPartition> partitions_of(const TopicInfo& topic) {
  std::set<TopicPartition> out;
  for (const auto& [number, info] : topic.partitions) out.insert({topic.name, PartitionId{number}});
  return out;
}

}  // namespace leat::client
