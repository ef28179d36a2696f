#pragma once
// For tests of the log: batches out of a few words, and everything that a log holds.
#include <gtest/gtest.h>

#include "log/log_reader.h"
#include "log/partition_log.h"
#include "log/record_batch_builder.h"
#include "log/record_reader.h"
#include "sim/sim_env.h"

namespace leat {

inline constexpr const char* kDirectory = "/log";
inline constexpr const char* kFirstSegment = "/log/00000000000000000000.log";

inline std::unique_ptr<PartitionLog> open_log(sim::SimEnv& env, const LogOptions& options = {}) {
  auto opened = PartitionLog::open(env.env(), kDirectory, options);
  EXPECT_TRUE(opened) << opened.error().message;
  return opened ? std::move(*opened) : nullptr;
}

// A batch of these values, all of one time.
inline Result<Offset> append(PartitionLog& log, const std::vector<Bytes>& values, WallTime time = {1000},
                             const BatchStamp& stamp = {}) {
  RecordBatchBuilder builder;
  for (const Bytes& value : values) builder.add(time, std::nullopt, BytesView(value));
  return log.append(builder.finish(stamp));
}

inline Result<Offset> append_marker(PartitionLog& log, int64_t producer_id, MarkerType type, WallTime time = {1000}) {
  RecordBatchBuilder builder;
  add_marker(builder, time, type);
  BatchStamp stamp;
  stamp.producer_id = producer_id;
  stamp.transactional = stamp.control = true;
  return log.append(builder.finish(stamp));
}

// The values from an offset on, control batches and aborted ones left out if `committed`.
inline Result<std::vector<Bytes>> read_log(const PartitionLog& log, Offset from, bool committed = false) {
  LogReader reader(log, from);
  std::vector<Bytes> out;
  while (true) {
    TRY_ASSIGN(auto batch, reader.next(committed ? log.last_stable() : log.end()));
    if (!batch) return out;
    if (batch->is_control() || (committed && log.transactions().hides(*batch))) continue;
    TRY_ASSIGN(RecordReader records, RecordReader::open(*batch));
    RecordView record;
    while (true) {
      TRY_ASSIGN(bool more, records.next(record));
      if (!more) break;
      if (record.offset >= from) out.emplace_back(*record.value);
    }
  }
}

}  // namespace leat
