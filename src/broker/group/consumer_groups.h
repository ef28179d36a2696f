#pragma once
// ConsumerGroups: the groups of a broker in which it assigns (KIP-848), and the members of share groups (KIP-932). What
// they are is in the broker's state; here are their timers, and the rebalances that go on.
//
//   heartbeat -> ConsumerHeartbeat (on a draft) -> events -> the broker's log -> the answer
//
// Threads: the broker's. After a restart every member has a whole session to be heard of.
#include "broker/call.h"
#include "broker/group/classic_group.h"
#include "broker/group/consumer_heartbeat.h"
#include "broker/group/group_migration.h"

namespace leat {

class Broker;

class ConsumerGroups {
 public:
  ConsumerGroups(Broker& broker, GroupListener& listener) : broker_(broker), listener_(listener) {}
  void restore();
  void begin_sessions(const std::string& group);  // Its members are there without having been heard of here.

  // The group's id was checked to be free of other kinds of groups. `first`: events that come before it, if it is
  // taken.
  void heartbeat(const Call&, const protocol::ConsumerGroupHeartbeatRequest&, std::vector<BrokerEvent> first,
                 Respond<protocol::ConsumerGroupHeartbeat>);
  // An administrator removes members, by their ids or their instance ids; or members of the classic protocol leave.
  void remove(const protocol::LeaveGroupRequest&, int16_t version, Respond<protocol::LeaveGroup>);
  // What members of the classic protocol send (KIP-848, "Online Migration"): a JoinGroup stands for a heartbeat that
  // says everything, the generation is the member's epoch, and nobody leads. consumer_groups_classic.cc.
  void join(const Call&, const protocol::JoinGroupRequest&, Respond<protocol::JoinGroup>);
  void sync(const protocol::SyncGroupRequest&, Respond<protocol::SyncGroup>);
  protocol::ErrorCode heartbeat(const protocol::HeartbeatRequest&);
  // Topics were made, deleted or given partitions. `names`: which.
  void topics_changed(const std::set<std::string>& names);
  // Whether this member may commit or fetch offsets. `version`: of OffsetCommit; none: of another request.
  protocol::ErrorCode check_commit(const ConsumerGroupState&, const std::string& member_id, int32_t epoch,
                                   bool transactional, std::optional<int16_t> version) const;
  protocol::ErrorCode check_fetch(const ConsumerGroupState&, const std::optional<std::string>& member_id,
                                  int32_t epoch) const;
  void forget(const std::string& group) { live_.erase(group); }

 private:
  struct Revocation {
    int32_t epoch;  // Of the member, when it was told to give partitions up.
    Instant deadline;
  };
  // What a member of the classic protocol has to do next, and by when.
  struct Expected {
    RebalanceCause cause;  // If it does not: kRebalanceTimeout, kSyncTimeout.
    Instant deadline;
  };
  // What belongs to this life of the broker.
  struct Live {
    std::map<std::string, Instant> sessions;        // By member: when each ends.
    std::map<std::string, Revocation> revocations;  // Who must have given partitions up by when.
    std::map<std::string, Expected> expected;
    std::optional<Rebalance> rebalance;  // Until every member has what it gives it.
    std::unique_ptr<Loop::Timer> timer;
    Instant armed = kNever;
  };

  // Makes the draft so. `triggers`: of the new epoch, if one began.
  void decide(const std::string& group, const ConsumerGroupDraft&, std::vector<RebalanceTrigger> triggers,
              std::vector<BrokerEvent> first, std::function<void(const Status&)> done);
  bool becomes_classic(const ConsumerGroupState* before, const ConsumerGroupDraft&) const;
  void give_back(const std::string& group, const ConsumerGroupDraft&, const std::vector<RebalanceTrigger>&,
                 std::function<void(const Status&)> done);
  void begin_rebalance(const std::string& group, int32_t from_epoch, size_t members_before,
                       std::vector<RebalanceTrigger>);
  void follow(const std::string& group);  // After a decision: revocations, the end of a rebalance, the timer.
  void advance(const std::string& group);
  void arm(const std::string& group, Live&);
  int64_t session_ms(const std::string& group, const ConsumerGroupHead&, const ConsumerMember&) const;
  const ConsumerMember* find_classic(const std::string& group, const std::string& member_id,
                                     const std::optional<std::string>& instance_id, protocol::ErrorCode&) const;
  void expect(const std::string& group, const ConsumerMember&, RebalanceCause);
  int32_t heartbeat_ms(const std::string& group, const ConsumerGroupHead&) const;

  Broker& broker_;
  GroupListener& listener_;
  std::map<std::string, Live> live_;
};

}  // namespace leat
