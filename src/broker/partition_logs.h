#pragma once
// PartitionLogs: the logs of a home's partitions, each opened when it is first needed.
//
// What stands in a log behind the offset that the journal says is committed belongs to the transaction that has claimed
// the partition, or to nobody: then it goes when the log is next opened.
#include <map>
#include <memory>
#include <set>

#include "broker/journal.h"
#include "log/partition_log.h"

namespace leat {

class PartitionLogs {
 public:
  // `options`: read_only, durable and segment_bytes count.
  PartitionLogs(Env env, std::string directory, const Journal& journal, const LogOptions& options)
      : env_(env), directory_(std::move(directory)), journal_(journal), options_(options) {}
  ~PartitionLogs();

  // kNotFound if there is no such partition; the journal's error if it is not known any more.
  Result<Offset> committed(const TopicPartition&) const;
  Result<std::shared_ptr<PartitionLog>> log(const TopicPartition&);

  // The log, for one writer at a time: kConflict if there is another.
  Result<std::shared_ptr<PartitionLog>> claim(const TopicPartition&);
  // Its writer is done: all that is in the log is committed, or what is not is thrown away.
  void release(const TopicPartition&);
  void discard(const TopicPartition&);

  Status delete_records(const TopicPartition&, Offset before);
  // Deletes what is beyond the limits of age and size, in partitions that are not being written to.
  Status apply_retention();
  // The files of topics that are no more.
  Status remove_orphans();
  // Before a topic goes. kConflict if it is being written to.
  Status forget(const std::string& topic);

 private:
  std::string path_of(const TopicState&, int32_t partition) const;
  Status remove_directory(const std::string& path);
  Result<std::shared_ptr<PartitionLog>> quiet(const TopicPartition&);

  Env env_;
  std::string directory_;
  const Journal& journal_;
  LogOptions options_;
  std::map<TopicPartition, std::shared_ptr<PartitionLog>> logs_;
  std::set<TopicPartition> claimed_;
};

}  // namespace leat
