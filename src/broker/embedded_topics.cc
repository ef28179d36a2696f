#include "broker/embedded_topics.h"

#include "broker/embedded_consumer.h"
#include "broker/embedded_transaction.h"
#include "broker/look_again.h"

namespace leat {
namespace {

constexpr int64_t kRetentionCheckNs = 5LL * 60 * 1'000'000'000;  // As Kafka's log.retention.check.interval.ms.

using Lock = std::unique_ptr<void, void (*)(void*)>;

class EmbeddedAdmin final : public Admin {
 public:
  EmbeddedAdmin(Journal& journal, PartitionLogs& logs) : journal_(journal), logs_(logs) {}

  Status create_topic(std::string_view name, const TopicConfig& config) override {
    return decide(journal_, HomeState::CreateTopic{std::string(name), config});
  }
  Status delete_topic(std::string_view name) override {
    std::string owned(name);
    TRY(logs_.forget(owned));
    TRY(decide(journal_, HomeState::DropTopic{std::move(owned)}));
    return logs_.remove_orphans();
  }
  Result<std::vector<std::string>> list_topics() override {
    std::vector<std::string> out;
    for (const auto& [name, topic] : journal_.machine().topics()) out.push_back(name);
    return out;
  }
  Result<TopicDescription> describe_topic(std::string_view name) override {
    TopicDescription out;
    out.name = name;
    TRY(logs_.committed({out.name, PartitionId{0}}));
    const TopicState& topic = journal_.machine().topics().at(out.name);
    out.config = topic.config;
    for (int32_t i = 0; i < topic.config.partitions; ++i) {
      TRY_ASSIGN(auto log, logs_.log({out.name, PartitionId{i}}));
      Offset end = topic.committed[static_cast<size_t>(i)];
      out.partitions.push_back({log->start(), end, end});
      out.bytes += log->bytes();
    }
    return out;
  }
  Status delete_records(const TopicPartition& partition, Offset before) override {
    return logs_.delete_records(partition, before);
  }

 private:
  Journal& journal_;
  PartitionLogs& logs_;
};

class Home final : public EmbeddedTopics {
 public:
  Home(Env env, Lock lock, std::unique_ptr<Journal> journal, const std::string& directory, const LogOptions& options)
      : env_(env),
        lock_(std::move(lock)),
        journal_(std::move(journal)),
        options_(options),
        logs_(env, directory + "/topics", *journal_, options),
        admin_(*journal_, logs_) {}

  Admin& admin() override { return admin_; }

  Result<std::unique_ptr<Consumer>> consumer(const TopicPartition& partition, Offset from) override {
    TRY(logs_.committed(partition));
    return std::unique_ptr<Consumer>(std::make_unique<EmbeddedConsumer>(logs_, partition, from));
  }
  Result<std::unique_ptr<Transaction>> transaction(std::string_view) override {
    if (options_.read_only) return Error{Errc::kInvalidArgument, "this home was opened to be read only"};
    return std::unique_ptr<Transaction>(
        std::make_unique<EmbeddedTransaction>(*journal_, logs_, [this] { return keep_house(); }));
  }
  Result<std::optional<CommittedOffset>> committed(std::string_view group, const TopicPartition& partition) override {
    TRY(journal_->status());
    const HomeState::Positions& positions = journal_->machine().positions();
    auto found = positions.find({std::string(group), partition});
    if (found == positions.end()) return std::optional<CommittedOffset>();
    return std::optional<CommittedOffset>(found->second);
  }
  Status remove_orphans() { return logs_.remove_orphans(); }

 private:
  Status keep_house() {
    int64_t now = env_.clock.monotonic().value;
    if (checked_ && now - *checked_ < kRetentionCheckNs) return {};
    checked_ = now;
    return logs_.apply_retention();
  }

  Env env_;
  Lock lock_;
  std::unique_ptr<Journal> journal_;
  LogOptions options_;
  PartitionLogs logs_;
  EmbeddedAdmin admin_;
  std::optional<int64_t> checked_;  // When retention was last applied.
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
  LogOptions log_options;
  log_options.read_only = options.read_only;
  log_options.durable = options.durable;
  log_options.segment_bytes = options.segment_bytes;
  FoldOptions journal_options;
  journal_options.read_only = options.read_only;
  journal_options.durable = options.durable;
  journal_options.long_bytes = options.journal_bytes;
  TRY_ASSIGN(auto journal, look_again<std::unique_ptr<Journal>>(options.read_only, [&] {
               return Journal::open(env, directory + "/journal", journal_options);
             }));
  auto home = std::make_unique<Home>(env, std::move(lock), std::move(journal), directory, log_options);
  if (!options.read_only) TRY(home->remove_orphans());
  return std::unique_ptr<EmbeddedTopics>(std::move(home));
}

}  // namespace leat
