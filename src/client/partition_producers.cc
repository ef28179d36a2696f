// What partitions know of producers and their transactions.
#include "client/transactions.h"
#include "protocol/describe_producers.h"
#include "protocol/write_txn_markers.h"

namespace leat::client {
namespace {

using protocol::DescribeProducers;
using protocol::WriteTxnMarkers;

ProducerState state_of(const DescribeProducers::Response::Topic::Partition::ActiveProducer& from) {
  ProducerState out{from.producer_id, from.producer_epoch, from.coordinator_epoch, WallTime{from.last_timestamp}, {}};
  if (from.current_txn_start_offset >= 0) out.transaction_start = Offset{from.current_txn_start_offset};
  return out;
}

}  // namespace

Result<std::map<TopicPartition, std::vector<ProducerState>>> describe_producers(
    Cluster& cluster, const std::set<TopicPartition>& partitions) {
  std::map<TopicPartition, std::vector<ProducerState>> out;
  Status failed;
  auto make = [](const std::set<TopicPartition>& open) {
    DescribeProducers::Request request;
    for (auto& [topic, numbers] : by_topic(open)) request.topics.push_back({topic, numbers});
    return request;
  };
  auto take = [&](const DescribeProducers::Response& response, auto result) {
    for (const auto& topic : response.topics) {
      for (const auto& each : topic.partitions) {
        TopicPartition partition{topic.name, PartitionId{each.partition_index}};
        if (each.error_code != 0 && !passes(each.error_code)) {
          failed = kafka_error("DescribeProducers of '" + topic.name + "'", each.error_code, each.error_message);
        }
        if (each.error_code == 0) {
          auto& into = out[partition];
          into.clear();
          for (const auto& producer : each.active_producers) into.push_back(state_of(producer));
        }
        result(partition, each.error_code);
      }
    }
  };
  TRY(ask_leaders<DescribeProducers>(cluster, partitions, make, take));
  if (!failed) return failed.error();
  return out;
}

Status abort_in_partition(Cluster& cluster, const TopicPartition& partition, const ProducerState& producer) {
  WriteTxnMarkers::Request request;
  auto& marker = request.markers.emplace_back();
  marker.producer_id = producer.producer_id;
  marker.producer_epoch = static_cast<int16_t>(producer.producer_epoch);
  marker.coordinator_epoch = std::max(producer.coordinator_epoch, 0);
  marker.transaction_result = false;
  marker.topics.push_back({partition.topic, {partition.partition.value}});
  auto code_of = [](const WriteTxnMarkers::Response& response) {
    bool one = response.markers.size() == 1 && response.markers[0].topics.size() == 1 &&
               response.markers[0].topics[0].partitions.size() == 1;
    return one ? response.markers[0].topics[0].partitions[0].error_code
               : static_cast<int16_t>(protocol::ErrorCode::kUnknownServerError);
  };
  TRY_ASSIGN(auto answer, cluster.at_leader<WriteTxnMarkers>(partition, request, code_of, CallOptions{1}));
  return kafka_status(
      "WriteTxnMarkers to '" + partition.topic + "' partition " + std::to_string(partition.partition.value),
      code_of(*answer));
}

}  // namespace leat::client
