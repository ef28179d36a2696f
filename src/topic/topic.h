#pragma once
// The port through which everything above the log sees topics. broker/ implements it on the log of this process;
// an implementation on librdkafka for an Apache Kafka cluster passes the same conformance suite.
//
// Threads: one owner at a time. Calls may block for a disk's sync.
// Durability: nothing is visible to a read_committed Consumer, or survives a crash, before commit() returned OK.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/types.h"

namespace leat {

struct Header {
  std::string key;
  Bytes value;
  bool operator==(const Header&) const = default;
};

// What a producer sends. A null key or value is different from an empty one.
struct Record {
  std::optional<Bytes> key, value;
  std::vector<Header> headers;
  WallTime timestamp;
};

struct ConsumedRecord {
  Offset offset;
  Record record;
};

struct TopicConfig {
  int32_t partitions = 1;
  int64_t retention_ms = 7LL * 24 * 60 * 60 * 1000;  // -1: for ever.
  int64_t retention_bytes = -1;                      // -1: unlimited.
};

struct PartitionOffsets {
  Offset start, last_stable, end;
};

struct TopicDescription {
  std::string name;
  TopicConfig config;
  std::vector<PartitionOffsets> partitions;
  uint64_t bytes = 0;
};

class Admin {
 public:
  virtual ~Admin() = default;
  virtual Status create_topic(std::string_view name, const TopicConfig&) = 0;  // kAlreadyExists.
  virtual Status delete_topic(std::string_view name) = 0;                      // kNotFound.
  virtual Result<std::vector<std::string>> list_topics() = 0;
  virtual Result<TopicDescription> describe_topic(std::string_view name) = 0;
  // Records below `before` are no longer readable; their disk space is freed by whole segments.
  virtual Status delete_records(const TopicPartition&, Offset before) = 0;
};

// Reads one partition in order, from any offset. Committed data only: it stops at the last stable offset and skips
// aborted transactions and markers.
class Consumer {
 public:
  virtual ~Consumer() = default;
  // Up to about bytes_max of records, at least one if there is one; empty at the last stable offset.
  virtual Result<std::vector<ConsumedRecord>> poll(size_t bytes_max) = 0;
  virtual void seek(Offset) = 0;
  virtual Offset position() const = 0;  // The next offset that poll() may return.
};

// A transaction over any number of partitions and one group's positions: all of it becomes visible or none of it.
class Transaction {
 public:
  virtual ~Transaction() = default;  // Aborts if neither commit() nor abort() was called.
  virtual Status send(const TopicPartition&, Record) = 0;
  // The group's position in a topic that need not be one of ours (a file, say), with free text beside it.
  virtual Status send_offset(std::string_view group, const TopicPartition&, Offset, std::string_view metadata) = 0;
  virtual Status commit() = 0;  // The decision. OK: durable and visible. After an error: see Topics::transaction.
  virtual Status abort() = 0;
};

struct CommittedOffset {
  Offset offset;
  std::string metadata;
};

// One home of topics: a data directory, or a cluster.
class Topics {
 public:
  virtual ~Topics() = default;
  virtual Admin& admin() = 0;
  virtual Result<std::unique_ptr<Consumer>> consumer(const TopicPartition&, Offset from) = 0;
  // A new transaction of this id fences and aborts an older one of the same id. After a failed commit() the only
  // thing to do is to open the home again: recovery completes what was decided and aborts what was not.
  virtual Result<std::unique_ptr<Transaction>> transaction(std::string_view transactional_id) = 0;
  virtual Result<std::optional<CommittedOffset>> committed(std::string_view group, const TopicPartition&) = 0;
};

}  // namespace leat
