#pragma once
// Journal: what a home of topics has decided, as a log of its own.
//
// An entry is one record batch: for each partition that a transaction wrote to, how far its file is now committed; a
// topic that was created or deleted. Folding the entries gives the home's state. An entry is durable before its effects
// are visible, and a partition's bytes are durable before the entry that speaks of them.
#include <map>
#include <memory>
#include <string>

#include "env/env.h"
#include "topic/topic.h"

namespace leat {

struct PartitionState {
  uint64_t bytes = 0;           // Committed; what stands behind it in the file is nothing.
  Offset next;                  // The offset of the next record.
  Offset start;                 // Records below are deleted,
  uint64_t start_position = 0;  // and this is where the first that is not stands.
};

struct TopicState {
  int64_t id = 0;  // Names the files, so that a topic made again under the same name has new ones.
  TopicConfig config;
  std::vector<PartitionState> partitions;
};

class Journal {
 public:
  // `read_only`: nothing is written; a torn tail is left alone.
  static Result<std::unique_ptr<Journal>> open(Env, std::string directory, bool read_only, bool durable);

  const std::map<std::string, TopicState>& topics() const { return topics_; }
  std::map<std::pair<std::string, TopicPartition>, CommittedOffset>& offsets() { return offsets_; }
  int64_t next_topic_id() const { return next_id_; }
  std::string path_of(const TopicState&, int32_t partition) const;

  // Each decides, durably, and applies.
  Status create(const std::string& name, const TopicConfig&);
  Status drop(const std::string& name);
  Status commit(const std::map<TopicPartition, PartitionState>&,
                const std::map<std::pair<std::string, TopicPartition>, CommittedOffset>& offsets);

 private:
  struct Entry {
    Bytes key;
    std::optional<Bytes> value;
  };
  Journal(Env env, std::string directory, bool durable)
      : env_(env), directory_(std::move(directory)), durable_(durable) {}
  Status load(bool read_only);
  Status decide(const std::vector<Entry>&);
  void apply(BytesView key, std::optional<BytesView> value);

  Env env_;
  std::string directory_;
  bool durable_;
  std::unique_ptr<File> file_;
  std::map<std::string, TopicState> topics_;
  std::map<std::pair<std::string, TopicPartition>, CommittedOffset> offsets_;
  int64_t next_id_ = 1;
  std::optional<Error> broken_;  // After a failed write nothing more is decided: open the home again.
};

}  // namespace leat
