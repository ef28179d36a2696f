#include "broker/fetch/partition_reader.h"

#include <algorithm>

#include "broker/api/api.h"
#include "broker/request_checks.h"

namespace leat {

using protocol::ErrorCode;

ErrorCode PartitionReader::read(const TopicInfo& topic, const Asked& asked, bool first, uint64_t bytes_left,
                                Result& result) {
  auto opened = broker_.partition(topic.name, asked.partition);
  if (!opened) return api::error_of(opened.error());
  if (*opened == nullptr) return ErrorCode::kUnknownTopicOrPartition;
  Partition& partition = **opened;
  ErrorCode error = check_leader_epoch(partition, asked.current_leader_epoch);
  if (error != ErrorCode::kNone) return error;
  result.high_watermark = partition.high_watermark().value;
  result.last_stable_offset = partition.last_stable().value;
  result.log_start_offset = partition.start().value;
  if (committed_) result.aborted_transactions.emplace();
  return read_records(partition, asked, first, bytes_left, result);
}

ErrorCode PartitionReader::read_records(Partition& partition, const Asked& asked, bool first, uint64_t bytes_left,
                                        Result& result) {
  Offset from{asked.fetch_offset};
  if (from < partition.start() || from > partition.high_watermark()) return ErrorCode::kOffsetOutOfRange;
  if (asked.last_fetched_epoch >= 0) {
    // Has what the client read before been cut off since (KIP-595)?
    auto end = partition.log().epochs().end_of(asked.last_fetched_epoch, partition.high_watermark());
    if (!end) return ErrorCode::kOffsetOutOfRange;
    if (end->epoch < asked.last_fetched_epoch || end->offset < from) {
      result.diverging_epoch = {end->epoch, end->offset.value};
      return ErrorCode::kNone;
    }
  }
  Offset limit = committed_ ? partition.last_stable() : partition.high_watermark();
  uint64_t size = std::min<uint64_t>(bytes_left, static_cast<uint64_t>(std::max(asked.partition_max_bytes, 0)));
  if (from >= limit || (!first && size == 0)) return ErrorCode::kNone;
  auto stretch = partition.log().stretch(from, limit, size);
  if (!stretch) return api::error_of(stretch.error());
  if (!*stretch || (!first && (*stretch)->size > bytes_left)) return ErrorCode::kNone;
  return take(partition, from, limit, **stretch, result);
}

ErrorCode PartitionReader::take(Partition& partition, Offset from, Offset limit, const PartitionLog::Stretch& stretch,
                                Result& result) {
  auto file = stretch.segment->file();
  if (!file) return ErrorCode::kKafkaStorageError;
  if ((*file)->descriptor() >= 0) {
    result.records->file = {stretch.segment, (*file)->descriptor(), stretch.position, stretch.size};
  } else {
    auto& copy = copies_.emplace_back(std::make_unique<Bytes>(stretch.size, '\0'));
    auto read = (*file)->read_at(stretch.position, *copy);
    if (!read || *read != stretch.size) return ErrorCode::kKafkaStorageError;
    result.records->bytes = *copy;
  }
  if (!committed_) return ErrorCode::kNone;
  for (const AbortedTransaction& aborted : partition.log().transactions().aborted_in(from, limit)) {
    result.aborted_transactions->push_back({aborted.producer_id, aborted.first.value});
  }
  return ErrorCode::kNone;
}

}  // namespace leat
