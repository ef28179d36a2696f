#pragma once
// One home of topics for the jobs of several threads: a call at a time. A job calls rarely (at checkpoints, and for
// batches of dead letters), so nobody waits for long, but for a disk's sync.
#include <memory>
#include <mutex>

#include "topic/topic.h"

namespace leat {

class LockedTopics final : public Topics {
 public:
  explicit LockedTopics(std::unique_ptr<Topics> home);
  ~LockedTopics() override;

  Admin& admin() override;
  Result<std::unique_ptr<Consumer>> consumer(const TopicPartition&, Offset from) override;
  Result<std::unique_ptr<Transaction>> transaction(std::string_view transactional_id) override;
  Result<std::optional<CommittedOffset>> committed(std::string_view group, const TopicPartition&) override;

 private:
  class LockedAdmin;
  std::mutex mutex_;
  std::unique_ptr<Topics> home_;
  std::unique_ptr<LockedAdmin> admin_;
};

}  // namespace leat
