#include "protocol/list_offsets.h"

#include "broker/api/api.h"
#include "broker/request_checks.h"

namespace leat::api {
namespace {

enum Special : int64_t { kLatest = -1, kEarliest = -2, kMaxTimestamp = -3, kEarliestLocal = -4, kLatestTiered = -5 };

ErrorCode find(Partition& partition, int64_t timestamp, bool committed,
               protocol::ListOffsetsResponse::Topic::Partition& result) {
  Offset limit = committed ? partition.last_stable() : partition.high_watermark();
  switch (timestamp) {
    case kLatest:
      result.offset = limit.value;
      result.leader_epoch = partition.leader_epoch();
      return ErrorCode::kNone;
    case kEarliest:
    case kEarliestLocal:
      result.offset = partition.start().value;
      result.leader_epoch = partition.log().epochs().epoch_at(partition.start());
      return ErrorCode::kNone;
    case kLatestTiered:
      return ErrorCode::kNone;  // There is no other tier: -1.
    default:
      break;
  }
  auto found = timestamp == kMaxTimestamp ? partition.log().find_newest() : partition.log().find_time({timestamp});
  if (!found) return error_of(found.error());
  if (!*found || (*found)->offset >= limit) return ErrorCode::kNone;
  result.offset = (*found)->offset.value;
  result.timestamp = (*found)->timestamp.value;
  result.leader_epoch = partition.log().epochs().epoch_at((*found)->offset);
  return ErrorCode::kNone;
}

ErrorCode find(Broker& broker, const std::string& topic, const protocol::ListOffsetsRequest::Topic::Partition& asked,
               bool committed, protocol::ListOffsetsResponse::Topic::Partition& result) {
  auto partition = broker.partition(topic, asked.partition_index);
  if (!partition) return error_of(partition.error());
  if (*partition == nullptr) return ErrorCode::kUnknownTopicOrPartition;
  ErrorCode error = check_leader_epoch(**partition, asked.current_leader_epoch);
  if (error != ErrorCode::kNone) return error;
  return find(**partition, asked.timestamp, committed, result);
}

protocol::ListOffsetsResponse list_offsets(Broker& broker, const protocol::ListOffsetsRequest& request) {
  constexpr int8_t kReadCommitted = 1;
  protocol::ListOffsetsResponse response;
  for (const auto& topic : request.topics) {
    auto& out = response.topics.emplace_back();
    out.name = topic.name;
    for (const auto& asked : topic.partitions) {
      protocol::ListOffsetsResponse::Topic::Partition& result = out.partitions.emplace_back();
      result.partition_index = asked.partition_index;
      result.error_code = code(find(broker, topic.name, asked, request.isolation_level == kReadCommitted, result));
    }
  }
  return response;
}

}  // namespace

void serve_list_offsets(Service& service, Broker& broker) {
  service.serve<protocol::ListOffsets>(
      1, 10, [&broker](const Call&, const protocol::ListOffsetsRequest& request, auto respond) {
        respond(list_offsets(broker, request));
      });
}

}  // namespace leat::api
