#include "broker/partition_logs.h"

#include <algorithm>

#include "broker/look_again.h"

namespace leat {
namespace {

constexpr uint64_t kNoLimit = ~uint64_t{0};

std::string to_text(const TopicPartition& partition) {
  return "'" + partition.topic + "', partition " + std::to_string(partition.partition.value);
}

Error being_written(const TopicPartition& partition) {
  return Error{Errc::kConflict, "a transaction is writing to topic " + to_text(partition) + "; try again behind it"};
}

}  // namespace

// A log that was closed opens without a scan.
PartitionLogs::~PartitionLogs() {
  if (options_.read_only) return;
  for (auto& [partition, log] : logs_) {
    auto end = committed(partition);
    if (end && *end == log->end()) (void)log->close();
  }
}

std::string PartitionLogs::path_of(const TopicState& topic, int32_t partition) const {
  return directory_ + "/" + std::to_string(topic.id) + "-" + std::to_string(partition);
}

Result<Offset> PartitionLogs::committed(const TopicPartition& partition) const {
  TRY(journal_.status());
  return journal_.machine().committed(partition);
}

Result<std::shared_ptr<PartitionLog>> PartitionLogs::log(const TopicPartition& partition) {
  TRY_ASSIGN(Offset end, committed(partition));
  auto found = logs_.find(partition);
  if (found != logs_.end()) return found->second;
  const TopicState& topic = journal_.machine().topics().at(partition.topic);
  LogOptions options = options_;
  // A segment ends in release(), so that a log's recovery point never covers what is not decided.
  options.segment_bytes = kNoLimit;
  options.retention_ms = topic.config.retention_ms;
  options.retention_bytes = topic.config.retention_bytes;
  options.tail = Tail::kDiscard;
  options.synced = end;
  TRY_ASSIGN(auto opened, look_again<std::unique_ptr<PartitionLog>>(options.read_only, [&] {
               return PartitionLog::open(env_, path_of(topic, partition.partition.value), options);
             }));
  return logs_.emplace(partition, std::move(opened)).first->second;
}

Result<std::shared_ptr<PartitionLog>> PartitionLogs::claim(const TopicPartition& partition) {
  TRY_ASSIGN(auto claimed, log(partition));
  if (!claimed_.insert(partition).second) {
    return Error{Errc::kConflict, "another transaction is writing to topic " + to_text(partition)};
  }
  return claimed;
}

void PartitionLogs::release(const TopicPartition& partition) {
  claimed_.erase(partition);
  auto found = logs_.find(partition);
  // An error stays with the log, and whoever writes to it next is told.
  if (found != logs_.end() && found->second->active_bytes() >= options_.segment_bytes) (void)found->second->roll();
}

void PartitionLogs::discard(const TopicPartition& partition) {
  claimed_.erase(partition);
  logs_.erase(partition);
}

// The log, of which all is committed.
Result<std::shared_ptr<PartitionLog>> PartitionLogs::quiet(const TopicPartition& partition) {
  if (claimed_.contains(partition)) return being_written(partition);
  return log(partition);
}

Status PartitionLogs::delete_records(const TopicPartition& partition, Offset before) {
  TRY_ASSIGN(Offset end, committed(partition));
  if (before > end) {
    return Error{Errc::kOutOfRange, "topic " + to_text(partition) + ": offset " + std::to_string(before.value) +
                                        " is behind the end, " + std::to_string(end.value)};
  }
  TRY_ASSIGN(auto log, quiet(partition));
  return log->truncate_prefix(before);
}

Status PartitionLogs::apply_retention() {
  for (const auto& [name, topic] : journal_.machine().topics()) {
    if (topic.config.retention_ms < 0 && topic.config.retention_bytes < 0) continue;
    for (int32_t i = 0; i < topic.config.partitions; ++i) {
      TopicPartition partition{name, PartitionId{i}};
      if (claimed_.contains(partition)) continue;
      TRY_ASSIGN(auto expiring, log(partition));
      TRY(expiring->apply_retention());
    }
  }
  return {};
}

Status PartitionLogs::remove_directory(const std::string& path) {
  TRY_ASSIGN(auto names, env_.files.list(path));
  for (const std::string& name : names) TRY(env_.files.remove(path + "/" + name));
  return env_.files.remove(path);
}

Status PartitionLogs::remove_orphans() {
  auto names = env_.files.list(directory_);
  if (!names && names.error().code == Errc::kNotFound) return {};
  if (!names) return names.error();
  std::set<std::string> known;
  for (const auto& [name, topic] : journal_.machine().topics()) known.insert(std::to_string(topic.id));
  for (const std::string& name : *names) {
    if (!known.contains(name.substr(0, name.find('-')))) TRY(remove_directory(directory_ + "/" + name));
  }
  return {};
}

Status PartitionLogs::forget(const std::string& topic) {
  for (const TopicPartition& partition : claimed_) {
    if (partition.topic == topic) return being_written(partition);
  }
  std::erase_if(logs_, [&](const auto& entry) { return entry.first.topic == topic; });
  return {};
}

}  // namespace leat
