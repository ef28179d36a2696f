#pragma once
// Requests about many partitions: sent to whoever leads them, and again for those whose answer is an error that passes.
#include <map>
#include <set>

#include "client/cluster.h"

namespace leat::client {

using PartitionsByTopic = std::map<std::string, std::vector<int32_t>>;
PartitionsByTopic by_topic(const std::set<TopicPartition>&);

// `make(partitions)` is the request to one leader, about those of its partitions that are still open. `take(response,
// result)` says result(partition, error_code) of each that is answered. kNotFound and kOutOfRange for what does not
// exist; Kafka's other errors are the caller's, who sees them in the last result of a partition.
template <class Api, class Make, class Take>
Status ask_leaders(Cluster& cluster, std::set<TopicPartition> open, Make make, Take take) {
  Retry attempts = cluster.retry();
  while (true) {
    Status failed;
    std::map<int32_t, std::set<TopicPartition>> by_leader;
    for (const TopicPartition& partition : open) {
      auto leader = cluster.leader(partition);
      if (!leader && leader.error().code != Errc::kIo) return leader.error();
      if (leader) by_leader[*leader].insert(partition);
      if (!leader) failed = leader.error();
    }
    for (const auto& [node, partitions] : by_leader) {
      auto answer = cluster.call_until<Api>(node, make(partitions), attempts.deadline());
      if (!answer && answer.error().code != Errc::kIo) return answer.error();
      if (!answer) {
        failed = answer.error();
        continue;
      }
      take(**answer, [&, broker = cluster.name_of(node)](const TopicPartition& partition, int16_t error_code) {
        if (!passes(error_code)) return void(open.erase(partition));
        failed = kafka_error(broker + ": " + Api::kInfo.name + " of '" + partition.topic + "' partition " +
                                 std::to_string(partition.partition.value),
                             error_code);
      });
    }
    if (open.empty()) return {};
    if (failed) failed = Error{Errc::kCorruption, std::string(Api::kInfo.name) + ": partitions were not answered"};
    if (!attempts.again()) return failed;
    cluster.forget();
  }
}

}  // namespace leat::client
