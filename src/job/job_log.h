#pragma once
// JobLog: the topic job.<name>, from which a job's state is folded.
//
// A checkpoint is one transaction: the job's header, then a record for each piece of state that changed (a null value
// erases it). Now and then a checkpoint is full, and the log before it is deleted: replay stays short, and the log
// alone is enough. Dead letters go through the same transaction, into topics of their own. docs/formats/job-log.md.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "env/env.h"
#include "topic/topic.h"

namespace leat {

// The record with the key "job": what a checkpoint says about the job as a whole.
struct JobHeader {
  CheckpointId checkpoint;  // 0: it has begun, and has no checkpoint yet.
  WallTime at;
  bool finished = false;
  std::string run;   // Chosen at the job's first start; part of the names of output files.
  std::string plan;  // explain() of the plan: a job goes on only with the plan that made its state.
  std::vector<std::pair<std::string, std::string>> settings;
  Bytes encode() const;
  static Result<JobHeader> decode(BytesView);
};

class JobLog {
 public:
  ~JobLog();
  static std::string topic_of(const std::string& job);
  // `bytes`: when more than that was written since the last full checkpoint, the next one is to be full.
  static Result<std::unique_ptr<JobLog>> open(Env, Topics&, const std::string& job, uint64_t bytes);

  // What is kept of the job is to go: decided at once, and true until start_over().
  Status abandon();
  Result<bool> abandoned();
  // Deletes the dead letters and everything in the log.
  Status start_over();

  // Of the oldest checkpoint that the log still has; empty: the job has not begun.
  Result<std::optional<JobHeader>> first_header();
  // Each committed record in order. The header comes first in each checkpoint.
  using Visit = std::function<Status(BytesView key, std::optional<BytesView> value)>;
  Status replay(const Visit&);

  bool next_is_full() const { return bytes_since_full_ > full_bytes_threshold_; }
  // All of these join the current transaction, which begins with the first of them.
  Status put(BytesView key, BytesView value);
  Status erase(BytesView key);
  Status add_letter(const std::string& topic, int32_t partition, Record);
  // The decision. `full`: every live key was put since the transaction began, so the log before it can go.
  Status commit(bool full);
  // The same beside the caller, who goes on. Until finish_commit() only add_letter() may be called; letters wait, and
  // are the first of the next transaction.
  void start_commit(bool full);
  bool commit_ended() const { return !committing_ || env_.workers.finished(ticket_); }
  Status finish_commit();  // Blocks until it has ended. OK if none was started.

  static constexpr const char* kHeaderKey = "job";

 private:
  JobLog(Env env, Topics& topics, std::string job, uint64_t bytes)
      : env_(env),
        topics_(topics),
        job_(std::move(job)),
        partition_{topic_of(job_), PartitionId{0}},
        full_bytes_min_(bytes),
        full_bytes_threshold_(bytes) {}
  Status send(BytesView key, std::optional<BytesView> value);
  Status begin();
  Status decide(bool full);
  Status set_abandoned(bool);

  struct Letter {
    std::string topic;
    int32_t partition;
    Record record;
  };

  static constexpr size_t kWaitingBytesMax = 8 << 20;  // Of the letters' values.
  Env env_;
  Topics& topics_;
  std::string job_;
  TopicPartition partition_;
  std::unique_ptr<Transaction> transaction_;
  WallTime began_at_;                    // The transaction.
  std::set<std::string> letter_topics_;  // Known to exist.
  const uint64_t full_bytes_min_;
  uint64_t bytes_since_full_ = 0, bytes_in_transaction_ = 0, full_bytes_threshold_;
  // Of a commit that was started.
  bool committing_ = false;
  uint64_t ticket_ = 0;
  Status decided_;
  std::vector<Letter> waiting_;
  size_t waiting_bytes_ = 0;
};

}  // namespace leat
