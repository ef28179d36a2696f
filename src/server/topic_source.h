#pragma once
// Where the topic commands that only look find topics: a cluster, or the data directory of jobs.
#include <memory>
#include <optional>
#include <vector>

#include "server/arguments.h"
#include "server/console.h"
#include "topic/topic.h"

namespace leat {

struct PartitionFacts {
  int32_t number = 0;
  Offset start, last_stable, end;
  std::optional<int32_t> leader;           // nullopt: there is none, or only this machine.
  std::vector<int32_t> replicas, in_sync;  // Brokers.
};

struct TopicFacts {
  std::string name;
  std::vector<PartitionFacts> partitions;
  std::optional<uint64_t> bytes;                             // Where it is known.
  std::vector<std::pair<std::string, std::string>> configs;  // Those that are set on the topic, by name.
};

// Where to begin to read.
struct ReadFrom {
  enum Kind : uint8_t { kEarliest, kLatest, kOffset, kTime } kind = kEarliest;
  int64_t value = 0;  // Of kOffset; of kTime, in milliseconds since the epoch.
  // "earliest", "latest", an offset, "2024-02-29[ 12:34[:56[.789]]]" in UTC (a T instead of the space, a Z behind it).
  static Result<ReadFrom> parse(const std::string& text);
};

class RecordStream {
 public:
  virtual ~RecordStream() = default;
  // Some of the next committed records; empty if none came within the time.
  virtual Result<std::vector<ConsumedRecord>> poll(int64_t wait_ms) = 0;
  virtual Offset position() const = 0;  // The next offset that may come.
};

class TopicSource {
 public:
  virtual ~TopicSource() = default;
  // --data: that directory. Else the cluster of --bootstrap.
  static Result<std::unique_ptr<TopicSource>> open(const Arguments&, Console&);

  virtual Result<std::vector<TopicFacts>> topics() = 0;           // By name; without configs.
  virtual Result<TopicFacts> topic(const std::string& name) = 0;  // kNotFound names the nearest.
  // The first offset to read, of each partition. kUnsupported: this source cannot tell.
  virtual Result<std::vector<Offset>> begin_of(const TopicFacts&, const ReadFrom&) = 0;
  virtual Result<std::unique_ptr<RecordStream>> read(const TopicPartition&, Offset from) = 0;
  virtual bool can_wait() const = 0;  // For what comes later.
};

// --data, for looking into the directory of jobs, and the cluster's options.
std::vector<OptionInfo> with_source_options(std::vector<OptionInfo> own);

// One source each.
Result<std::unique_ptr<TopicSource>> open_cluster_source(const Arguments&, Console&);
Result<std::unique_ptr<TopicSource>> open_home_source(const std::string& directory);

}  // namespace leat
