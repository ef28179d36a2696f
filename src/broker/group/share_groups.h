#pragma once
// ShareGroups: the sessions of members of share groups, who holds which records, and the timers of that (KIP-932). How
// far the groups have come is in the broker's state; here is what belongs to this life of the broker. Membership is
// ConsumerGroups' (consumer_groups.h).
//
// Threads: the broker's. Memory: share_max_sessions sessions, and share_partition_max_record_locks records of a
// partition are out at once.
#include <functional>
#include <memory>
#include <set>

#include "broker/call.h"
#include "broker/group/share_partition.h"
#include "broker/state/broker_state.h"

namespace leat {

class Broker;
class Partition;

class ShareGroups {
 public:
  using Partitions = std::set<std::pair<Uuid, int32_t>>;
  struct Session {
    int32_t epoch = 0;  // That the next request must have.
    uint64_t connection = 0;
    Partitions partitions;
  };
  static constexpr int32_t kOpens = 0, kCloses = -1;

  explicit ShareGroups(Broker& broker) : broker_(broker) {}

  // Takes the epoch of a request. Opens a session if `may_open`; one that closes stays until close().
  protocol::ErrorCode enter(const Call&, const std::string& group, const std::string& member, int32_t epoch,
                            bool may_open);
  Session* session(const std::string& group, const std::string& member);
  // The session is over: what the member holds is given back. A member that leaves the group may still acknowledge.
  void close(const std::string& group, const std::string& member);

  // Where the group stands in a partition, after what a restart or retention did; it begins where it is told to if it
  // was never there.
  Result<const ShareProgress*> progress(const std::string& group, const TopicPartition&);
  SharePartition& live(const std::string& group, const TopicPartition& partition) { return live_[group][partition]; }
  void acquired(const std::string& group, const TopicPartition&, const std::string& member,
                const SharePartition::Acquisition&);
  protocol::ErrorCode acknowledge(const std::string& group, const TopicPartition&, const std::string& member,
                                  const std::vector<ShareAckBatch>&, std::vector<BrokerEvent>&);
  void forget(const std::string& group);
  void forget(const std::string& group, const TopicPartition& partition) { live_[group].erase(partition); }

  // Calls when records of the group are to be given out again, until it is given up.
  uint64_t watch(const std::string& group, std::function<void()>);
  void unwatch(const std::string& group, uint64_t id);
  void poke(const std::string& group);

  int64_t lock_ms(const std::string& group) const;
  int64_t locks_max(const std::string& group) const;
  bool reads_committed(const std::string& group) const;

 private:
  int16_t deliveries_max(const std::string& group) const;
  Offset beginning(const std::string& group, Partition&) const;
  void change(const std::string& group, const TopicPartition&, ShareDelta);
  void arm(Instant deadline);
  void expire();
  void connection_closed(uint64_t connection);

  Broker& broker_;
  std::map<std::pair<std::string, std::string>, Session> sessions_;  // By group and member.
  std::set<uint64_t> connections_;                                   // Whose end was asked for.
  std::map<std::string, std::map<TopicPartition, SharePartition>> live_;
  std::map<std::string, std::map<uint64_t, std::function<void()>>> watchers_;
  uint64_t next_watcher_ = 1;
  std::unique_ptr<Loop::Timer> timer_;
  Instant armed_ = kNever;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace leat
