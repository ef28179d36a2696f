#include "protocol/txn_offset_commit.h"

#include "broker/api/api.h"
#include "broker/group/groups.h"
#include "broker/request_checks.h"
#include "broker/transaction/transactions.h"

namespace leat::api {
namespace {

// Whether the consumer whose offsets these are still owns its partitions (KIP-447).
ErrorCode check_member(Broker& broker, const protocol::TxnOffsetCommitRequest& request) {
  if (request.group_id.empty()) return ErrorCode::kInvalidGroupId;
  return broker.groups().check_commit(request.group_id, request.member_id, request.group_instance_id,
                                      request.generation_id, true, std::nullopt);
}

void commit(Broker& broker, int16_t version, const protocol::TxnOffsetCommitRequest& request,
            Respond<protocol::TxnOffsetCommit> respond) {
  constexpr int16_t kAddsGroup = 5;
  ErrorCode refused = check_member(broker, request);
  auto response = std::make_shared<protocol::TxnOffsetCommitResponse>();
  std::vector<std::pair<TopicPartition, GroupOffset>> offsets;
  for (const auto& topic : request.topics) {
    const TopicInfo* info = broker.state().topic(topic.name);
    auto& out = response->topics.emplace_back();
    out.name = topic.name;
    for (const auto& asked : topic.partitions) {
      std::string metadata = asked.committed_metadata.value_or("");
      ErrorCode error = refused;
      if (error == ErrorCode::kNone) error = check_position(broker, info, asked.partition_index, metadata);
      out.partitions.push_back({asked.partition_index, code(error)});
      if (error != ErrorCode::kNone) continue;
      offsets.push_back({{topic.name, PartitionId{asked.partition_index}},
                         {Offset{asked.committed_offset}, asked.committed_leader_epoch, metadata, broker.wall()}});
    }
  }
  if (offsets.empty()) return respond(*response);
  broker.transactions().stage(request.transactional_id, {request.producer_id, request.producer_epoch}, request.group_id,
                              offsets, version >= kAddsGroup,
                              [response, respond = std::move(respond)](ErrorCode error) {
                                for (auto& topic : response->topics) {
                                  for (auto& partition : topic.partitions) {
                                    if (partition.error_code == 0) partition.error_code = code(error);
                                  }
                                }
                                respond(*response);
                              });
}

}  // namespace

void serve_txn_offset_commit(Service& service, Broker& broker) {
  service.serve<protocol::TxnOffsetCommit>(
      0, 5, [&broker](const Call& call, const protocol::TxnOffsetCommitRequest& request, auto respond) {
        commit(broker, call.version, request, std::move(respond));
      });
}

}  // namespace leat::api
