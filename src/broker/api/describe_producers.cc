#include "protocol/describe_producers.h"

#include "broker/api/api.h"

namespace leat::api {
namespace {

void describe(Partition& partition, protocol::DescribeProducersResponse::Topic::Partition& result) {
  for (const ProducerState& producer : partition.log().producers().all()) {
    auto& out = result.active_producers.emplace_back();
    out.producer_id = producer.producer_id;
    out.producer_epoch = producer.epoch;
    out.last_sequence = producer.last_sequence();
    out.last_timestamp = producer.last_seen.value;
    const OpenTransaction* open = partition.log().transactions().find_open(producer.producer_id);
    out.current_txn_start_offset = open == nullptr ? -1 : open->first.value;
  }
}

}  // namespace

void serve_describe_producers(Service& service, Broker& broker) {
  using Request = protocol::DescribeProducersRequest;
  service.serve<protocol::DescribeProducers>(0, 0, [&broker](const Call&, const Request& request, const auto& respond) {
    protocol::DescribeProducersResponse response;
    for (const auto& topic : request.topics) {
      auto& out = response.topics.emplace_back();
      out.name = topic.name;
      for (int32_t index : topic.partition_indexes) {
        protocol::DescribeProducersResponse::Topic::Partition& result = out.partitions.emplace_back();
        result.partition_index = index;
        auto partition = broker.partition(topic.name, index);
        if (!partition || *partition == nullptr) {
          result.error_code = code(partition ? ErrorCode::kUnknownTopicOrPartition : error_of(partition.error()));
        } else {
          describe(**partition, result);
        }
      }
    }
    respond(response);
  });
}

}  // namespace leat::api
