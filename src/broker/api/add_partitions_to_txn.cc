#include "protocol/add_partitions_to_txn.h"

#include "broker/api/api.h"
#include "broker/transaction/transactions.h"

namespace leat::api {
namespace {

bool exists(const Broker& broker, const std::string& topic, int32_t partition) {
  const TopicInfo* info = broker.state().topic(topic);
  return info != nullptr && partition >= 0 && partition < info->partitions;
}

// All of them are added or none, as by Kafka.
void add(Broker& broker, const Call& call, const protocol::AddPartitionsToTxnRequest& request,
         Respond<protocol::AddPartitionsToTxn> respond) {
  constexpr int16_t kKnowsFenced = 2;
  auto response = std::make_shared<protocol::AddPartitionsToTxnResponse>();
  std::vector<TopicPartition> partitions;
  bool all_exist = true;
  for (const auto& topic : request.v3_and_below_topics) {
    auto& out = response->results_by_topic_v3_and_below.emplace_back();
    out.name = topic.name;
    for (int32_t index : topic.partitions) {
      bool known = exists(broker, topic.name, index);
      all_exist &= known;
      out.results_by_partition.push_back({index, code(known ? ErrorCode::kNone : ErrorCode::kUnknownTopicOrPartition)});
      partitions.push_back({topic.name, PartitionId{index}});
    }
  }
  auto finish = [response, respond = std::move(respond)](ErrorCode error) {
    for (auto& topic : response->results_by_topic_v3_and_below) {
      for (auto& partition : topic.results_by_partition) {
        if (partition.partition_error_code == 0) partition.partition_error_code = code(error);
      }
    }
    respond(*response);
  };
  if (!all_exist) return finish(ErrorCode::kOperationNotAttempted);
  broker.transactions().add({.id = request.v3_and_below_transactional_id,
                             .producer = {request.v3_and_below_producer_id, request.v3_and_below_producer_epoch},
                             .partitions = std::move(partitions),
                             .knows_fenced = call.version >= kKnowsFenced},
                            call.client, std::move(finish));
}

}  // namespace

void serve_add_partitions_to_txn(Service& service, Broker& broker) {
  // From version 4 on it is a request among brokers.
  service.serve<protocol::AddPartitionsToTxn>(
      0, 3, [&broker](const Call& call, const protocol::AddPartitionsToTxnRequest& request, auto respond) {
        add(broker, call, request, std::move(respond));
      });
}

}  // namespace leat::api
