#include "fold/fold_log.h"

#include <algorithm>

#include "log/log_reader.h"
#include "log/record_reader.h"

namespace leat {

Result<FoldLog> FoldLog::open(Env env, std::string directory, const FoldOptions& options) {
  LogOptions log_options;
  log_options.read_only = options.read_only;
  log_options.durable = options.durable;
  log_options.tail = Tail::kKeepEach;
  TRY_ASSIGN(auto log, PartitionLog::open(env, std::move(directory), log_options));
  return FoldLog(env, std::move(log), options.long_bytes);
}

Status FoldLog::replay(const Visit& visit) const {
  LogReader reader(*log_, log_->start());
  RecordView record;
  while (true) {
    TRY_ASSIGN(auto batch, reader.next(log_->end()));
    if (!batch) return {};
    TRY_ASSIGN(RecordReader records, RecordReader::open(*batch));
    while (true) {
      TRY_ASSIGN(bool more, records.next(record));
      if (!more) break;
      Status visited = visit(record.key.value_or(BytesView()), record.value);
      if (!visited) {
        return Error{visited.error().code, log_->directory() + ", offset " + std::to_string(record.offset.value) +
                                               ": " + visited.error().message};
      }
    }
  }
}

void FoldLog::add(const FoldRecord& record) {
  auto value = record.value ? std::optional<BytesView>(*record.value) : std::nullopt;
  next_.add(env_.clock.wall(), BytesView(record.key), value);
  CHECK(next_.size_bytes() < kRecordsBytesMax);
}

Status FoldLog::commit() {
  if (next_.empty()) return {};
  TRY(log_->append(next_.finish(BatchStamp{})));
  next_.clear();
  return log_->sync();
}

bool FoldLog::is_long() const {
  return log_->bytes() > std::max(long_bytes_, 3 * beginning_bytes_);
}

// What stands before goes only when the new beginning is durable. A crash between leaves the old log, and perhaps the
// same state once more behind it.
Status FoldLog::begin_anew(const std::vector<FoldRecord>& records) {
  CHECK(next_.empty());
  TRY(log_->roll());
  Offset beginning = log_->end();
  for (const FoldRecord& record : records) add(record);
  beginning_bytes_ = next_.size_bytes();
  TRY(commit());
  return log_->truncate_prefix(beginning);
}

}  // namespace leat
