#pragma once
// FoldLog: the log under a fold. What is added between two commits is one record batch, and so one decision for the
// disk: all of it is there after a crash or nothing. One sync pays for all of it.
#include <functional>

#include "fold/state_machine.h"
#include "log/partition_log.h"
#include "log/record_batch_builder.h"

namespace leat {

struct FoldOptions {
  bool read_only = false;  // As LogOptions have them.
  bool durable = true;
  uint64_t long_bytes = 8 << 20;  // A log that is longer, and three times as long as its beginning, is begun anew.
};

class FoldLog {
 public:
  static Result<FoldLog> open(Env, std::string directory, const FoldOptions&);

  // Every record, in order. An error of `visit` comes back with the log's directory and the offset.
  using Visit = std::function<Status(BytesView key, std::optional<BytesView> value)>;
  Status replay(const Visit& visit) const;

  // Joins the next commit().
  void add(const FoldRecord&);
  // OK: everything added is durable.
  Status commit();

  bool is_long() const;
  // The records, as one batch, become the log's beginning; what stands before them goes. Nothing is being added.
  Status begin_anew(const std::vector<FoldRecord>&);

 private:
  FoldLog(Env env, std::unique_ptr<PartitionLog> log, uint64_t long_bytes)
      : env_(env), log_(std::move(log)), long_bytes_(long_bytes) {}

  Env env_;
  std::unique_ptr<PartitionLog> log_;
  RecordBatchBuilder next_;
  uint64_t long_bytes_;
  uint64_t beginning_bytes_ = 0;  // Of the last begin_anew() of this process.
};

}  // namespace leat
