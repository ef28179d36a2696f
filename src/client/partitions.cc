#include "client/partitions.h"

namespace leat::client {

PartitionsByTopic by_topic(const std::set<TopicPartition>& partitions) {
  PartitionsByTopic out;
  for (const TopicPartition& each : partitions) out[each.topic].push_back(each.partition.value);
  return out;
}

}  // namespace leat::client
