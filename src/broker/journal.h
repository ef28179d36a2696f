#pragma once
// Journal: what a home of topics has decided, as a log of its own. docs/formats/transactions.md.
//
// An entry is one record batch: topics that were created or deleted; for each partition that a transaction wrote to,
// how far it is now committed; and the positions of groups. Folding the entries gives the home's state. An entry is
// durable before its effects are visible, and a partition's records are durable before the entry that speaks of them. A
// long journal is begun anew with an entry that says the whole state.
//
// Errors: after a failed write nothing more is decided, and what became of that entry is known when the home is opened
// again.
#include <map>
#include <memory>
#include <string>

#include "log/partition_log.h"
#include "topic/topic.h"

namespace leat {

struct TopicState {
  int64_t id = 0;  // Names the directories, so that a topic made again under the same name has new ones.
  TopicConfig config;
  std::vector<Offset> committed;  // By partition: the offset behind the last record that was decided.
};

class Journal {
 public:
  using Ends = std::map<TopicPartition, Offset>;
  using Positions = std::map<std::pair<std::string, TopicPartition>, CommittedOffset>;

  // `options`: read_only and durable count.
  static Result<std::unique_ptr<Journal>> open(Env, std::string directory, const LogOptions& options);

  const std::map<std::string, TopicState>& topics() const { return topics_; }
  const Positions& positions() const { return positions_; }

  // Each decides, durably, and applies.
  Status create(const std::string& name, const TopicConfig&);
  Status drop(const std::string& name);
  Status commit(const Ends&, const Positions&);

 private:
  struct Entry {
    Bytes key;
    std::optional<Bytes> value;  // Null: it is no more.
  };
  Journal(Env env, std::unique_ptr<PartitionLog> log) : env_(env), log_(std::move(log)) {}
  Status load();
  Status decide(const std::vector<Entry>&);
  Status begin_anew();
  void apply(BytesView key, std::optional<BytesView> value);

  Env env_;
  std::unique_ptr<PartitionLog> log_;
  std::map<std::string, TopicState> topics_;
  Positions positions_;
  int64_t next_id_ = 1;
};

}  // namespace leat
