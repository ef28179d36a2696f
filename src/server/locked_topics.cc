#include "server/locked_topics.h"

namespace leat {
namespace {

using Lock = std::lock_guard<std::mutex>;

class LockedConsumer final : public Consumer {
 public:
  LockedConsumer(std::mutex& mutex, std::unique_ptr<Consumer> inner) : mutex_(mutex), inner_(std::move(inner)) {}
  ~LockedConsumer() override {
    Lock lock(mutex_);
    inner_.reset();
  }
  Result<std::vector<ConsumedRecord>> poll(size_t bytes_max) override {
    Lock lock(mutex_);
    return inner_->poll(bytes_max);
  }
  void seek(Offset to) override {
    Lock lock(mutex_);
    inner_->seek(to);
  }
  Offset position() const override {
    Lock lock(mutex_);
    return inner_->position();
  }

 private:
  std::mutex& mutex_;
  std::unique_ptr<Consumer> inner_;
};

class LockedTransaction final : public Transaction {
 public:
  LockedTransaction(std::mutex& mutex, std::unique_ptr<Transaction> inner) : mutex_(mutex), inner_(std::move(inner)) {}
  ~LockedTransaction() override {
    Lock lock(mutex_);
    inner_.reset();
  }
  Status send(const TopicPartition& partition, Record record) override {
    Lock lock(mutex_);
    return inner_->send(partition, std::move(record));
  }
  Status send_offset(std::string_view group, const TopicPartition& partition, Offset offset,
                     std::string_view metadata) override {
    Lock lock(mutex_);
    return inner_->send_offset(group, partition, offset, metadata);
  }
  Status commit() override {
    Lock lock(mutex_);
    return inner_->commit();
  }
  Status abort() override {
    Lock lock(mutex_);
    return inner_->abort();
  }

 private:
  std::mutex& mutex_;
  std::unique_ptr<Transaction> inner_;
};

}  // namespace

class LockedTopics::LockedAdmin final : public Admin {
 public:
  LockedAdmin(std::mutex& mutex, Admin& inner) : mutex_(mutex), inner_(inner) {}
  Status create_topic(std::string_view name, const TopicConfig& config) override {
    Lock lock(mutex_);
    return inner_.create_topic(name, config);
  }
  Status delete_topic(std::string_view name) override {
    Lock lock(mutex_);
    return inner_.delete_topic(name);
  }
  Result<std::vector<std::string>> list_topics() override {
    Lock lock(mutex_);
    return inner_.list_topics();
  }
  Result<TopicDescription> describe_topic(std::string_view name) override {
    Lock lock(mutex_);
    return inner_.describe_topic(name);
  }
  Status delete_records(const TopicPartition& partition, Offset before) override {
    Lock lock(mutex_);
    return inner_.delete_records(partition, before);
  }

 private:
  std::mutex& mutex_;
  Admin& inner_;
};

LockedTopics::LockedTopics(std::unique_ptr<Topics> home)
    : home_(std::move(home)), admin_(std::make_unique<LockedAdmin>(mutex_, home_->admin())) {}
LockedTopics::~LockedTopics() = default;

Admin& LockedTopics::admin() {
  return *admin_;
}

Result<std::unique_ptr<Consumer>> LockedTopics::consumer(const TopicPartition& partition, Offset from) {
  Lock lock(mutex_);
  TRY_ASSIGN(auto inner, home_->consumer(partition, from));
  return std::unique_ptr<Consumer>(std::make_unique<LockedConsumer>(mutex_, std::move(inner)));
}

Result<std::unique_ptr<Transaction>> LockedTopics::transaction(std::string_view transactional_id) {
  Lock lock(mutex_);
  TRY_ASSIGN(auto inner, home_->transaction(transactional_id));
  return std::unique_ptr<Transaction>(std::make_unique<LockedTransaction>(mutex_, std::move(inner)));
}

Result<std::optional<CommittedOffset>> LockedTopics::committed(std::string_view group,
                                                               const TopicPartition& partition) {
  Lock lock(mutex_);
  return home_->committed(group, partition);
}

}  // namespace leat
