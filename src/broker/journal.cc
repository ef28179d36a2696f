#include "broker/journal.h"

#include "log/batch_scanner.h"
#include "log/record_batch_builder.h"
#include "log/record_reader.h"

namespace leat {
namespace {

constexpr const char* kFileName = "journal";

// Numbers and text, each with its length before it: "5:hello". Read back in the order written.
void put(Bytes& out, BytesView text) {
  out += std::to_string(text.size());
  out += ':';
  out += text;
}
void put(Bytes& out, int64_t number) {
  put(out, std::to_string(number));
}

class Reader {
 public:
  explicit Reader(BytesView in) : in_(in) {}
  Bytes text() {
    size_t size = 0;
    while (!in_.empty() && in_[0] != ':') {
      size = size * 10 + static_cast<size_t>(in_[0] - '0');
      in_.remove_prefix(1);
    }
    CHECK(in_.size() > size);  // The batch's checksum was right, so the entry is as it was written.
    Bytes out(in_.substr(1, size));
    in_.remove_prefix(1 + size);
    return out;
  }
  int64_t number() { return std::stoll(text()); }

 private:
  BytesView in_;
};

Bytes partition_key(const TopicPartition& partition) {
  Bytes out = "p";
  put(out, partition.topic);
  put(out, partition.partition.value);
  return out;
}

Bytes partition_value(const PartitionState& state) {
  Bytes out;
  put(out, static_cast<int64_t>(state.bytes));
  put(out, state.next.value);
  put(out, state.start.value);
  put(out, static_cast<int64_t>(state.start_position));
  return out;
}

Bytes topic_key(const std::string& name) {
  Bytes out = "t";
  put(out, name);
  return out;
}

Bytes offset_key(const std::string& group, const TopicPartition& partition) {
  Bytes out = "o";
  put(out, group);
  put(out, partition.topic);
  put(out, partition.partition.value);
  return out;
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(Env env, std::string directory, bool read_only, bool durable) {
  std::unique_ptr<Journal> out(new Journal(env, std::move(directory), durable));
  TRY(out->load(read_only));
  return out;
}

std::string Journal::path_of(const TopicState& topic, int32_t partition) const {
  return directory_ + "/" + std::to_string(topic.id) + "-" + std::to_string(partition) + ".log";
}

// An entry that was cut short was never decided. One that is damaged with others behind it is corruption.
Status Journal::load(bool read_only) {
  std::string path = directory_ + "/" + kFileName;
  auto file = env_.files.open(path, read_only ? OpenMode::kRead : OpenMode::kAppend);
  if (!file && read_only && file.error().code == Errc::kNotFound) return {};
  if (!file) return file.error();
  file_ = std::move(*file);
  TRY_ASSIGN(uint64_t size, file_->size());
  BatchScanner scanner(*file_, path, 0);
  uint64_t good = 0;
  while (good < size) {
    auto batch = scanner.next(size);
    if (!batch) break;
    if (!*batch) break;
    TRY_ASSIGN(RecordReader reader, RecordReader::open(**batch));
    RecordView record;
    while (true) {
      TRY_ASSIGN(bool more, reader.next(record));
      if (!more) break;
      apply(*record.key, record.value);
    }
    good = scanner.position();
  }
  if (good == size || read_only) return {};
  constexpr uint64_t kEntryBytesMax = 4 << 20;
  if (size - good > kEntryBytesMax) {
    return Error{Errc::kCorruption, path + ", byte " + std::to_string(good) + ": an entry is damaged, and " +
                                        std::to_string(size - good) + " bytes follow it: restore the file from a copy"};
  }
  TRY(file_->truncate(good));
  return file_->sync();
}

void Journal::apply(BytesView key, std::optional<BytesView> value) {
  Reader reader(key.substr(1));
  if (key[0] == 't') {
    std::string name = reader.text();
    if (!value) {
      topics_.erase(name);
      return;
    }
    Reader fields(*value);
    TopicState topic;
    topic.id = fields.number();
    topic.config.partitions = static_cast<int32_t>(fields.number());
    topic.config.retention_ms = fields.number();
    topic.config.retention_bytes = fields.number();
    topic.partitions.resize(static_cast<size_t>(topic.config.partitions));
    next_id_ = std::max(next_id_, topic.id + 1);
    topics_[name] = std::move(topic);
  } else if (key[0] == 'p') {
    std::string name = reader.text();
    auto partition = static_cast<size_t>(reader.number());
    auto topic = topics_.find(name);
    CHECK(topic != topics_.end() && partition < topic->second.partitions.size() && value);
    Reader fields(*value);
    PartitionState& state = topic->second.partitions[partition];
    state.bytes = static_cast<uint64_t>(fields.number());
    state.next = Offset{fields.number()};
    state.start = Offset{fields.number()};
    state.start_position = static_cast<uint64_t>(fields.number());
  } else {
    std::string group = reader.text();
    TopicPartition partition{reader.text(), {}};
    partition.partition = PartitionId{static_cast<int32_t>(reader.number())};
    Reader fields(*value);
    CommittedOffset& committed = offsets_[{group, partition}];
    committed.offset = Offset{fields.number()};
    committed.metadata = fields.text();
  }
}

Status Journal::decide(const std::vector<Entry>& entries) {
  if (entries.empty()) return {};
  if (broken_) return *broken_;
  RecordBatchBuilder builder;
  for (const Entry& entry : entries) {
    builder.add(env_.clock.wall(), BytesView(entry.key),
                entry.value ? std::optional<BytesView>(*entry.value) : std::nullopt);
  }
  std::span<char> bytes = builder.finish(BatchStamp{});
  BytesView piece(bytes.data(), bytes.size());
  Status written = file_->append(std::span(&piece, 1));
  if (written && durable_) written = file_->sync();
  if (!written) {
    broken_ = written.error();
    return written;
  }
  for (const Entry& entry : entries) {
    apply(entry.key, entry.value ? std::optional<BytesView>(*entry.value) : std::nullopt);
  }
  return {};
}

Status Journal::create(const std::string& name, const TopicConfig& config) {
  TopicState topic;
  topic.id = next_id_;
  Bytes value;
  put(value, topic.id);
  put(value, config.partitions);
  put(value, config.retention_ms);
  put(value, config.retention_bytes);
  for (int32_t partition = 0; partition < config.partitions; ++partition) {
    TRY(env_.files.open(path_of(topic, partition), OpenMode::kAppend));
  }
  TRY(env_.files.sync_directory(directory_));
  return decide({{topic_key(name), std::move(value)}});
}

Status Journal::drop(const std::string& name) {
  TopicState topic = topics_.at(name);
  TRY(decide({{topic_key(name), std::nullopt}}));
  for (int32_t partition = 0; partition < topic.config.partitions; ++partition) {
    Status removed = env_.files.remove(path_of(topic, partition));
    if (!removed && removed.error().code != Errc::kNotFound) return removed;
  }
  return {};
}

Status Journal::commit(const std::map<TopicPartition, PartitionState>& partitions,
                       const std::map<std::pair<std::string, TopicPartition>, CommittedOffset>& offsets) {
  std::vector<Entry> entries;
  for (const auto& [partition, state] : partitions) {
    entries.push_back({partition_key(partition), partition_value(state)});
  }
  for (const auto& [key, committed] : offsets) {
    Bytes value;
    put(value, committed.offset.value);
    put(value, committed.metadata);
    entries.push_back({offset_key(key.first, key.second), std::move(value)});
  }
  return decide(entries);
}

}  // namespace leat
