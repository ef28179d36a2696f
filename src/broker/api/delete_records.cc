#include "protocol/delete_records.h"

#include "broker/api/api.h"

namespace leat::api {
namespace {

constexpr int64_t kToHighWatermark = -1;

ErrorCode delete_before(Partition& partition, int64_t offset,
                        protocol::DeleteRecordsResponse::Topic::Partition& result) {
  // A log that is only compacted keeps the newest of each key, however old.
  if (partition.policy().compacts && !partition.policy().deletes) return ErrorCode::kPolicyViolation;
  Offset before = offset == kToHighWatermark ? partition.high_watermark() : Offset{offset};
  if (before.value < 0 || before > partition.high_watermark()) return ErrorCode::kOffsetOutOfRange;
  Status deleted = partition.log().truncate_prefix(before);
  if (!deleted) return error_of(deleted.error());
  result.low_watermark = partition.start().value;
  return ErrorCode::kNone;
}

ErrorCode delete_before(Broker& broker, const std::string& topic,
                        const protocol::DeleteRecordsRequest::Topic::Partition& asked,
                        protocol::DeleteRecordsResponse::Topic::Partition& result) {
  result.low_watermark = -1;
  auto partition = broker.partition(topic, asked.partition_index);
  if (!partition) return error_of(partition.error());
  if (*partition == nullptr) return ErrorCode::kUnknownTopicOrPartition;
  return delete_before(**partition, asked.offset, result);
}

}  // namespace

void serve_delete_records(Service& service, Broker& broker) {
  service.serve<protocol::DeleteRecords>(
      0, 2, [&broker](const Call&, const protocol::DeleteRecordsRequest& request, const auto& respond) {
        protocol::DeleteRecordsResponse response;
        for (const auto& topic : request.topics) {
          auto& out = response.topics.emplace_back();
          out.name = topic.name;
          for (const auto& asked : topic.partitions) {
            protocol::DeleteRecordsResponse::Topic::Partition& result = out.partitions.emplace_back();
            result.partition_index = asked.partition_index;
            result.error_code = code(delete_before(broker, topic.name, asked, result));
          }
        }
        respond(response);
      });
}

}  // namespace leat::api
