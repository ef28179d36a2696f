#pragma once
#include "broker/partition_logs.h"
#include "log/log_reader.h"

namespace leat {

class EmbeddedConsumer final : public Consumer {
 public:
  EmbeddedConsumer(PartitionLogs& logs, TopicPartition partition, Offset from)
      : logs_(logs), partition_(std::move(partition)), position_(from) {}

  Result<std::vector<ConsumedRecord>> poll(size_t bytes_max) override;
  void seek(Offset offset) override {
    position_ = offset;
    reader_.reset();
  }
  Offset position() const override { return position_; }

 private:
  Status attach();

  PartitionLogs& logs_;
  TopicPartition partition_;
  Offset position_;
  std::shared_ptr<PartitionLog> log_;  // That reader_ reads.
  std::optional<LogReader> reader_;
};

}  // namespace leat
