#include "broker/embedded_consumer.h"

#include <algorithm>

#include "log/record_reader.h"
#include "topic/copy_record.h"

namespace leat {
namespace {

Status take_records(const RecordBatchView& batch, Offset from, std::vector<ConsumedRecord>& out) {
  TRY_ASSIGN(RecordReader records, RecordReader::open(batch));
  RecordView record;
  while (true) {
    TRY_ASSIGN(bool more, records.next(record));
    if (!more) return {};
    if (record.offset >= from) out.push_back(copy_record(record));
  }
}

}  // namespace

// The log is another object after a transaction on it was aborted, and its beginning moves when records are deleted.
Status EmbeddedConsumer::attach() {
  TRY_ASSIGN(auto log, logs_.log(partition_));
  bool same = log == log_ && reader_ && position_ >= log->start();
  log_ = std::move(log);
  position_ = std::max(position_, log_->start());
  if (!same) reader_.emplace(*log_, position_);
  return {};
}

Result<std::vector<ConsumedRecord>> EmbeddedConsumer::poll(size_t bytes_max) {
  TRY_ASSIGN(Offset end, logs_.committed(partition_));
  TRY(attach());
  std::vector<ConsumedRecord> out;
  for (size_t bytes = 0; out.empty() || bytes < bytes_max;) {
    TRY_ASSIGN(auto batch, reader_->next(end));
    if (!batch) break;
    TRY(take_records(*batch, position_, out));
    bytes += batch->bytes().size();
    position_ = batch->next_offset();
  }
  return out;
}

}  // namespace leat
