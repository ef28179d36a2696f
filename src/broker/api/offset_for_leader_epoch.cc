#include "protocol/offset_for_leader_epoch.h"

#include "broker/api/api.h"
#include "broker/request_checks.h"

namespace leat::api {
namespace {

ErrorCode find(Broker& broker, const std::string& topic,
               const protocol::OffsetForLeaderEpochRequest::Topic::Partition& asked,
               protocol::OffsetForLeaderEpochResponse::Topic::Partition& result) {
  auto partition = broker.partition(topic, asked.partition);
  if (!partition) return error_of(partition.error());
  if (*partition == nullptr) return ErrorCode::kUnknownTopicOrPartition;
  ErrorCode error = check_leader_epoch(**partition, asked.current_leader_epoch);
  if (error != ErrorCode::kNone) return error;
  auto end = (*partition)->log().epochs().end_of(asked.leader_epoch, (*partition)->high_watermark());
  if (!end) return ErrorCode::kNone;  // Nothing is known of it: both are -1.
  result.leader_epoch = end->epoch;
  result.end_offset = end->offset.value;
  return ErrorCode::kNone;
}

}  // namespace

void serve_offset_for_leader_epoch(Service& service, Broker& broker) {
  service.serve<protocol::OffsetForLeaderEpoch>(
      2, 4, [&broker](const Call&, const protocol::OffsetForLeaderEpochRequest& request, const auto& respond) {
        protocol::OffsetForLeaderEpochResponse response;
        for (const auto& topic : request.topics) {
          auto& out = response.topics.emplace_back();
          out.topic = topic.topic;
          for (const protocol::OffsetForLeaderEpochRequest::Topic::Partition& asked : topic.partitions) {
            protocol::OffsetForLeaderEpochResponse::Topic::Partition& result = out.partitions.emplace_back();
            result.partition = asked.partition;
            result.error_code = code(find(broker, topic.topic, asked, result));
          }
        }
        respond(response);
      });
}

}  // namespace leat::api
