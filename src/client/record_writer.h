#pragma once
// RecordWriter: appends records to a topic as an idempotent producer with acks=all: a record is written once, however
// often its request is sent, and it is durable in all in-sync replicas when flush() returned OK.
//
// A key decides the partition as in Kafka's Java client (murmur2); records without one fill a batch of one partition,
// then of the next.
#include "client/cluster.h"
#include "log/record_batch_builder.h"
#include "topic/topic.h"

namespace leat::client {

class RecordWriter {
 public:
  static constexpr size_t kBatchBytes = 256 * 1024;  // Before compression. A longer record has a batch of its own.

  static Result<std::unique_ptr<RecordWriter>> open(Cluster&, const std::string& topic, Codec);

  // Sends a batch when it is full. kInvalidArgument: the broker refuses the record (too large, no key on a compacted
  // topic); after an error the writer can only be thrown away. kOutOfRange: there is no such partition.
  Status write(const Record&, std::optional<int32_t> partition = {});
  Status flush();
  int64_t written() const { return written_; }  // Acknowledged.

 private:
  struct Pending {
    RecordBatchBuilder builder;
    int32_t records = 0;
    int32_t sequence = 0;  // Of the next batch's first record.
  };

  RecordWriter(Cluster& cluster, TopicInfo topic, Codec codec)
      : cluster_(cluster), topic_(std::move(topic)), codec_(codec), loose_(topic_.partitions.begin()) {}

  int32_t partition_of(const Record&) const;
  Status send(int32_t partition, Pending&);

  Cluster& cluster_;
  TopicInfo topic_;
  Codec codec_;
  int64_t producer_id_ = -1;
  int16_t producer_epoch_ = -1;
  std::map<int32_t, PartitionInfo>::const_iterator loose_;  // Where records without a key go now.
  std::map<int32_t, Pending> pending_;
  int64_t written_ = 0;
};

// Kafka's partition of a key.
uint32_t murmur2(BytesView);

}  // namespace leat::client
