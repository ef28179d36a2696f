#include "broker/embedded_topics.h"

#include <algorithm>
#include <set>

#include "broker/journal.h"
#include "log/batch_scanner.h"
#include "log/record_batch_builder.h"
#include "log/record_reader.h"

namespace leat {
namespace {

constexpr size_t kBatchBytes = 256 * 1024;

using Lock = std::unique_ptr<void, void (*)(void*)>;

class JournalTopics;

Error no_topic(std::string_view name) {
  return Error{Errc::kNotFound, "there is no topic '" + std::string(name) + "'; `leat topic ls` lists those there are"};
}

class JournalAdmin final : public Admin {
 public:
  JournalAdmin(Env env, Journal& journal) : env_(env), journal_(journal) {}
  Status create_topic(std::string_view name, const TopicConfig& config) override {
    if (config.partitions < 1 || name.empty()) {
      return Error{Errc::kInvalidArgument, "a topic has a name and at least one partition"};
    }
    std::string owned(name);
    if (journal_.topics().contains(owned)) {
      return Error{Errc::kAlreadyExists, "there is a topic '" + owned + "' already"};
    }
    return journal_.create(owned, config);
  }
  Status delete_topic(std::string_view name) override {
    std::string owned(name);
    if (!journal_.topics().contains(owned)) return no_topic(name);
    return journal_.drop(owned);
  }
  Result<std::vector<std::string>> list_topics() override {
    std::vector<std::string> out;
    for (const auto& [name, topic] : journal_.topics()) out.push_back(name);
    return out;
  }
  Result<TopicDescription> describe_topic(std::string_view name) override {
    auto found = journal_.topics().find(std::string(name));
    if (found == journal_.topics().end()) return no_topic(name);
    TopicDescription out;
    out.name = found->first;
    out.config = found->second.config;
    for (const PartitionState& state : found->second.partitions) {
      out.partitions.push_back({state.start, state.next, state.next});
      out.bytes += state.bytes - state.start_position;
    }
    return out;
  }
  Status delete_records(const TopicPartition& partition, Offset before) override;

 private:
  Env env_;
  Journal& journal_;
};

Result<const PartitionState*> find_partition(const Journal& journal, const TopicPartition& partition) {
  auto found = journal.topics().find(partition.topic);
  if (found == journal.topics().end()) return no_topic(partition.topic);
  auto number = static_cast<size_t>(partition.partition.value);
  if (number >= found->second.partitions.size()) {
    return Error{Errc::kNotFound,
                 "topic '" + partition.topic + "' has no partition " + std::to_string(partition.partition.value)};
  }
  return &found->second.partitions[number];
}

std::string path_of(const Journal& journal, const TopicPartition& partition) {
  return journal.path_of(journal.topics().at(partition.topic), partition.partition.value);
}

// Where the batch that holds `offset`, or the first behind it, stands.
Result<uint64_t> find_position(Env& env, const Journal& journal, const TopicPartition& partition, Offset offset) {
  TRY_ASSIGN(const PartitionState* state, find_partition(journal, partition));
  std::string path = path_of(journal, partition);
  TRY_ASSIGN(auto file, env.files.open(path, OpenMode::kRead));
  BatchScanner scanner(*file, path, state->start_position);
  while (true) {
    uint64_t position = scanner.position();
    TRY_ASSIGN(auto batch, scanner.next(state->bytes));
    if (!batch || batch->last_offset() >= offset) return position;
  }
}

Status JournalAdmin::delete_records(const TopicPartition& partition, Offset before) {
  TRY_ASSIGN(const PartitionState* state, find_partition(journal_, partition));
  if (before > state->next) {
    return Error{Errc::kOutOfRange,
                 "offset " + std::to_string(before.value) + " is behind the end, " + std::to_string(state->next.value)};
  }
  if (before <= state->start) return {};
  PartitionState changed = *state;
  TRY_ASSIGN(changed.start_position, find_position(env_, journal_, partition, before));
  changed.start = before;
  return journal_.commit({{partition, changed}}, {});
}

class JournalConsumer final : public Consumer {
 public:
  JournalConsumer(Env env, const Journal& journal, TopicPartition partition, Offset from)
      : env_(env), journal_(journal), partition_(std::move(partition)), position_(from) {}

  Result<std::vector<ConsumedRecord>> poll(size_t bytes_max) override {
    TRY_ASSIGN(const PartitionState* state, find_partition(journal_, partition_));
    std::vector<ConsumedRecord> out;
    position_ = std::max(position_, state->start);
    size_t bytes = 0;
    while (position_ < state->next && (out.empty() || bytes < bytes_max)) {
      if (!scanner_) TRY(open());
      TRY_ASSIGN(auto batch, scanner_->next(state->bytes));
      CHECK(batch);
      if (batch->last_offset() < position_) continue;
      TRY_ASSIGN(RecordReader reader, RecordReader::open(*batch));
      RecordView record;
      while (true) {
        TRY_ASSIGN(bool more, reader.next(record));
        if (!more) break;
        if (record.offset < position_) continue;
        out.push_back(own(record));
      }
      bytes += batch->bytes().size();
      position_ = batch->next_offset();
    }
    return out;
  }
  void seek(Offset offset) override {
    position_ = offset;
    scanner_.reset();
  }
  Offset position() const override { return position_; }

 private:
  Status open() {
    TRY_ASSIGN(uint64_t at, find_position(env_, journal_, partition_, position_));
    path_ = path_of(journal_, partition_);
    TRY_ASSIGN(file_, env_.files.open(path_, OpenMode::kRead));
    scanner_ = std::make_unique<BatchScanner>(*file_, path_, at);
    return {};
  }

  static ConsumedRecord own(const RecordView& record) {
    ConsumedRecord out;
    out.offset = record.offset;
    out.record.timestamp = record.timestamp;
    if (record.key) out.record.key = Bytes(*record.key);
    if (record.value) out.record.value = Bytes(*record.value);
    for (const HeaderView& header : record.headers) {
      out.record.headers.push_back({std::string(header.key), Bytes(header.value.value_or(BytesView()))});
    }
    return out;
  }

  Env env_;
  const Journal& journal_;
  TopicPartition partition_;
  Offset position_;
  std::string path_;
  std::unique_ptr<File> file_;
  std::unique_ptr<BatchScanner> scanner_;
};

// What a transaction writes stands behind the committed end of the partitions' files until the journal says otherwise.
class JournalTransaction final : public Transaction {
 public:
  JournalTransaction(Env env, Journal& journal, bool durable) : env_(env), journal_(journal), durable_(durable) {}
  ~JournalTransaction() override { (void)abort(); }

  Status send(const TopicPartition& partition, Record record) override {
    TRY_ASSIGN(Writer * writer, writer_of(partition));
    std::vector<HeaderView> headers;
    for (const Header& header : record.headers) headers.push_back({header.key, header.value});
    auto view = [](const std::optional<Bytes>& bytes) {
      return bytes ? std::optional<BytesView>(*bytes) : std::nullopt;
    };
    writer->builder.add(record.timestamp, view(record.key), view(record.value), headers);
    ++writer->pending;
    return writer->builder.size_bytes() >= kBatchBytes ? flush(*writer) : Status{};
  }

  Status send_offset(std::string_view group, const TopicPartition& partition, Offset offset,
                     std::string_view metadata) override {
    offsets_[{std::string(group), partition}] = {offset, std::string(metadata)};
    return {};
  }

  Status commit() override {
    std::map<TopicPartition, PartitionState> ends;
    for (auto& [partition, writer] : writers_) {
      TRY(flush(writer));
      if (durable_) TRY(writer.file->sync());
      ends[partition] = writer.state;
    }
    TRY(journal_.commit(ends, offsets_));
    writers_.clear();
    offsets_.clear();
    return {};
  }

  Status abort() override {
    writers_.clear();
    offsets_.clear();
    return {};
  }

 private:
  struct Writer {
    std::unique_ptr<File> file;
    RecordBatchBuilder builder;
    int64_t pending = 0;
    PartitionState state;
  };

  Result<Writer*> writer_of(const TopicPartition& partition) {
    auto found = writers_.find(partition);
    if (found != writers_.end()) return &found->second;
    TRY_ASSIGN(const PartitionState* state, find_partition(journal_, partition));
    Writer writer;
    writer.state = *state;
    TRY_ASSIGN(writer.file, env_.files.open(path_of(journal_, partition), OpenMode::kAppend));
    TRY(writer.file->truncate(state->bytes));  // What an aborted transaction left.
    return &writers_.emplace(partition, std::move(writer)).first->second;
  }

  Status flush(Writer& writer) {
    if (writer.builder.empty()) return {};
    std::span<char> bytes = writer.builder.finish(BatchStamp{});
    set_base_offset(bytes.data(), writer.state.next);
    BytesView piece(bytes.data(), bytes.size());
    TRY(writer.file->append(std::span(&piece, 1)));
    writer.state.bytes += bytes.size();
    writer.state.next.value += writer.pending;
    writer.pending = 0;
    writer.builder.clear();
    return {};
  }

  Env env_;
  Journal& journal_;
  bool durable_;
  std::map<TopicPartition, Writer> writers_;
  std::map<std::pair<std::string, TopicPartition>, CommittedOffset> offsets_;
};

class JournalTopics final : public EmbeddedTopics {
 public:
  JournalTopics(Env env, Lock lock, std::unique_ptr<Journal> journal, const EmbeddedTopicsOptions& options)
      : env_(env), lock_(std::move(lock)), journal_(std::move(journal)), options_(options), admin_(env, *journal_) {}

  Admin& admin() override { return admin_; }
  Result<std::unique_ptr<Consumer>> consumer(const TopicPartition& partition, Offset from) override {
    TRY_ASSIGN(const PartitionState* state, find_partition(*journal_, partition));
    (void)state;
    return std::unique_ptr<Consumer>(std::make_unique<JournalConsumer>(env_, *journal_, partition, from));
  }
  Result<std::unique_ptr<Transaction>> transaction(std::string_view) override {
    if (options_.read_only) return Error{Errc::kInvalidArgument, "this home was opened to be read only"};
    return std::unique_ptr<Transaction>(std::make_unique<JournalTransaction>(env_, *journal_, options_.durable));
  }
  Result<std::optional<CommittedOffset>> committed(std::string_view group, const TopicPartition& partition) override {
    auto found = journal_->offsets().find({std::string(group), partition});
    if (found == journal_->offsets().end()) return std::optional<CommittedOffset>();
    return std::optional<CommittedOffset>(found->second);
  }

 private:
  Env env_;
  Lock lock_;
  std::unique_ptr<Journal> journal_;
  EmbeddedTopicsOptions options_;
  JournalAdmin admin_;
};

}  // namespace

Result<std::unique_ptr<EmbeddedTopics>> EmbeddedTopics::open(Env env, std::string directory,
                                                             const EmbeddedTopicsOptions& options) {
  Lock lock(nullptr, [](void*) {});
  if (options.read_only) {
    TRY(env.files.stat(directory));
  } else {
    TRY(env.files.create_directories(directory));
    auto locked = env.files.lock(directory + "/lock");
    if (!locked) return locked.error();
    lock = std::move(*locked);
  }
  TRY_ASSIGN(auto journal, Journal::open(env, directory, options.read_only, options.durable));
  return std::unique_ptr<EmbeddedTopics>(
      std::make_unique<JournalTopics>(env, std::move(lock), std::move(journal), options));
}

}  // namespace leat
