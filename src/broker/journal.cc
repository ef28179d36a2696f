#include "broker/journal.h"

#include "broker/journal_text.h"
#include "log/log_reader.h"
#include "log/record_batch_builder.h"
#include "log/record_reader.h"

namespace leat {
namespace {

constexpr uint64_t kLongBytes = 8 << 20;
constexpr size_t kEntryBytes = 1 << 20;  // About, of the entries that begin a journal anew.

Bytes topic_key(const std::string& name) {
  Bytes out = "t";
  put_field(out, name);
  return out;
}

Bytes topic_value(const TopicState& topic) {
  Bytes out;
  put_field(out, topic.id);
  put_field(out, topic.config.partitions);
  put_field(out, topic.config.retention_ms);
  put_field(out, topic.config.retention_bytes);
  return out;
}

Bytes partition_key(const TopicPartition& partition) {
  Bytes out = "p";
  put_field(out, partition.topic);
  put_field(out, partition.partition.value);
  return out;
}

Bytes partition_value(Offset end) {
  Bytes out;
  put_field(out, end.value);
  return out;
}

Bytes position_key(const std::string& group, const TopicPartition& partition) {
  Bytes out = "o";
  put_field(out, group);
  put_field(out, partition.topic);
  put_field(out, partition.partition.value);
  return out;
}

Bytes position_value(const CommittedOffset& committed) {
  Bytes out;
  put_field(out, committed.offset.value);
  put_field(out, committed.metadata);
  return out;
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(Env env, std::string directory, const LogOptions& options) {
  LogOptions log_options;
  log_options.read_only = options.read_only;
  log_options.durable = options.durable;
  TRY_ASSIGN(auto log, PartitionLog::open(env, std::move(directory), log_options));
  std::unique_ptr<Journal> out(new Journal(env, std::move(log)));
  TRY(out->load());
  return out;
}

Status Journal::load() {
  LogReader reader(*log_, log_->start());
  while (true) {
    TRY_ASSIGN(auto batch, reader.next(log_->end()));
    if (!batch) return {};
    TRY_ASSIGN(RecordReader records, RecordReader::open(*batch));
    RecordView record;
    while (true) {
      TRY_ASSIGN(bool more, records.next(record));
      if (!more) break;
      apply(*record.key, record.value);
    }
  }
}

void Journal::apply(BytesView key, std::optional<BytesView> value) {
  FieldReader names(key.substr(1));
  std::string name = names.text();  // A topic's or a group's.
  if (!value) {
    topics_.erase(name);
    return;
  }
  FieldReader fields(*value);
  if (key[0] == 't') {
    TopicState topic;
    topic.id = fields.number();
    topic.config.partitions = static_cast<int32_t>(fields.number());
    topic.config.retention_ms = fields.number();
    topic.config.retention_bytes = fields.number();
    topic.committed.resize(static_cast<size_t>(topic.config.partitions));
    next_id_ = std::max(next_id_, topic.id + 1);
    topics_[name] = std::move(topic);
  } else if (key[0] == 'p') {
    auto partition = static_cast<size_t>(names.number());
    auto topic = topics_.find(name);
    CHECK(topic != topics_.end() && partition < topic->second.committed.size());
    topic->second.committed[partition] = Offset{fields.number()};
  } else {
    TopicPartition partition{names.text(), {}};
    partition.partition = PartitionId{static_cast<int32_t>(names.number())};
    CommittedOffset& committed = positions_[{name, partition}];
    committed.offset = Offset{fields.number()};
    committed.metadata = fields.text();
  }
}

Status Journal::decide(const std::vector<Entry>& entries) {
  if (entries.empty()) return {};
  auto value_of = [](const Entry& entry) {
    return entry.value ? std::optional<BytesView>(*entry.value) : std::nullopt;
  };
  RecordBatchBuilder builder;
  for (const Entry& entry : entries) builder.add(env_.clock.wall(), BytesView(entry.key), value_of(entry));
  TRY(log_->append(builder.finish(BatchStamp{})));
  TRY(log_->sync());
  for (const Entry& entry : entries) apply(entry.key, value_of(entry));
  return log_->bytes() > kLongBytes ? begin_anew() : Status{};
}

// What stands before the new beginning goes only when that is durable.
Status Journal::begin_anew() {
  TRY(log_->roll());
  Offset beginning = log_->end();
  RecordBatchBuilder builder;
  auto flush = [&]() -> Status {
    if (builder.empty()) return {};
    TRY(log_->append(builder.finish(BatchStamp{})));
    builder.clear();
    return log_->sync();
  };
  auto add = [&](const Bytes& key, const Bytes& value) -> Status {
    builder.add(env_.clock.wall(), BytesView(key), BytesView(value));
    return builder.size_bytes() < kEntryBytes ? Status{} : flush();
  };
  for (const auto& [name, topic] : topics_) {
    TRY(add(topic_key(name), topic_value(topic)));
    for (size_t i = 0; i < topic.committed.size(); ++i) {
      TopicPartition partition{name, PartitionId{static_cast<int32_t>(i)}};
      TRY(add(partition_key(partition), partition_value(topic.committed[i])));
    }
  }
  for (const auto& [key, committed] : positions_) {
    TRY(add(position_key(key.first, key.second), position_value(committed)));
  }
  TRY(flush());
  return log_->truncate_prefix(beginning);
}

Status Journal::create(const std::string& name, const TopicConfig& config) {
  TopicState topic{next_id_, config, {}};
  return decide({{topic_key(name), topic_value(topic)}});
}

Status Journal::drop(const std::string& name) {
  return decide({{topic_key(name), std::nullopt}});
}

Status Journal::commit(const Ends& ends, const Positions& positions) {
  std::vector<Entry> entries;
  for (const auto& [partition, end] : ends) entries.push_back({partition_key(partition), partition_value(end)});
  for (const auto& [key, committed] : positions) {
    entries.push_back({position_key(key.first, key.second), position_value(committed)});
  }
  return decide(entries);
}

}  // namespace leat
