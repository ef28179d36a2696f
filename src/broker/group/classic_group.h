#pragma once
// ClassicGroup: the membership of one consumer group under the protocol that every Kafka client speaks (JoinGroup,
// SyncGroup, Heartbeat, LeaveGroup; KIP-394, KIP-345, KIP-800, KIP-814).
//
//   Empty -> PreparingRebalance: members join -> CompletingRebalance: the leader assigns -> Stable
//
// Any change of membership leads back to PreparingRebalance. Time is a parameter: advance() does what is due, and
// next_deadline() says when something will be. Threads: the broker's.
#include <functional>
#include <map>
#include <set>

#include "broker/group/group_member.h"
#include "broker/group/group_settings.h"
#include "explain/rebalance.h"
#include "protocol/error_code.h"
#include "protocol/heartbeat.h"
#include "protocol/leave_group.h"

namespace leat {

enum class GroupState : uint8_t { kEmpty, kPreparingRebalance, kCompletingRebalance, kStable, kDead };
std::string to_string(GroupState);  // As Kafka writes them.

struct Now {
  Instant monotonic;
  WallTime wall;
};

// What a generation is, and all that outlives a restart.
struct Generation {
  int32_t number = 0;
  std::optional<std::string> protocol_type, protocol;  // None while the group is empty.
  std::string leader;
  std::vector<GroupMember> members;  // Without what belongs to a process.
};

// Whom a group tells.
class GroupListener {
 public:
  virtual ~GroupListener() = default;
  // A generation is complete: to be made durable, and then `done(NONE)`, or an error if it cannot be.
  virtual void save(const std::string& group, const Generation&, std::function<void(protocol::ErrorCode)> done) = 0;
  // A member has just caused a rebalance, or come into one that goes on: to be told what is known of it.
  virtual void triggered(const std::string& group, RebalanceTrigger&) = 0;
  // A static member came again, as `by`, and its former self, `from`, is fenced. `rebalances`: others will notice.
  virtual void instance_taken(const std::string& group, const std::string& instance_id, const std::string& from,
                              const std::string& by, bool rebalances) = 0;
  virtual void rebalanced(const std::string& group, const Rebalance&) = 0;  // Ended, or given up for another.
  // A heartbeat of a KIP-848 member was judged.
  virtual void heard_of(const Call&, const std::string& group, const std::string& member_id,
                        const std::optional<std::string>& instance_id, protocol::ErrorCode) = 0;
  // A KIP-848 group whose last member of that protocol has gone (`triggers`) goes on as this generation.
  virtual void became_classic(const std::string& group, const Generation&, const std::vector<RebalanceTrigger>&) = 0;
  virtual std::string new_member_id(const std::string& prefix) = 0;
};

class ClassicGroup {
 public:
  ClassicGroup(std::string id, const GroupSettings& settings, GroupListener& listener)
      : id_(std::move(id)), settings_(settings), listener_(listener) {}
  // A generation that was saved: its members go on as if nothing had happened.
  void restore(const Generation&, const Now&);
  // Somebody has gone who was a member before that generation was restored: the others share what it had.
  void lost(const RebalanceTrigger&, const Now&);

  void join(const Call&, const protocol::JoinGroupRequest&, Respond<protocol::JoinGroup>, const Now&);
  void sync(const protocol::SyncGroupRequest&, Respond<protocol::SyncGroup>, const Now&);
  protocol::ErrorCode heartbeat(const protocol::HeartbeatRequest&, const Now&);
  protocol::LeaveGroupResponse leave(const protocol::LeaveGroupRequest&, int16_t version, const Now&);
  // Whether a commit of offsets by this member is in order; if it is, it counts as a heartbeat.
  protocol::ErrorCode check_commit(const std::string& member_id, const std::optional<std::string>& instance_id,
                                   int32_t generation, bool transactional, const Now&);

  void advance(const Now&);
  Instant next_deadline() const;

  const std::string& id() const { return id_; }
  GroupState state() const { return state_; }
  int32_t generation() const { return generation_; }
  const std::optional<std::string>& protocol_type() const { return protocol_type_; }
  const std::string& protocol() const { return protocol_; }
  const std::string& leader() const { return leader_; }
  const std::map<std::string, GroupMember>& members() const { return members_; }
  // As the history has them; of members that are consumers with what they subscribe to and are assigned.
  std::vector<RebalanceMember> described_members() const;
  bool is_empty() const { return members_.empty() && pending_.empty(); }
  void die();       // It was deleted.
  void dissolve();  // It goes on as one of KIP-848: whoever waits is told to join again.

 private:
  using ErrorCode = protocol::ErrorCode;
  using JoinRequest = protocol::JoinGroupRequest;
  using JoinRespond = Respond<protocol::JoinGroup>;

  // Joining: classic_group_join.cc.
  ErrorCode check_join(const JoinRequest&) const;
  void join_new(const Call&, const JoinRequest&, JoinRespond, const Now&);
  void join_static_again(const Call&, const JoinRequest&, JoinRespond, const std::string& old_id, const Now&);
  void join_known(const Call&, const JoinRequest&, JoinRespond, GroupMember&, const Now&);
  void add_member(const std::string& member_id, const Call&, const JoinRequest&, JoinRespond, const Now&);
  bool update_member(GroupMember&, const Call&, const JoinRequest&);
  protocol::JoinGroupResponse generation_for(const GroupMember&) const;

  // Rebalancing: classic_group_rebalance.cc.
  void prepare_rebalance(RebalanceCause, const GroupMember&, const std::optional<std::string>& reason, const Now&);
  void add_trigger(RebalanceCause, const GroupMember&, const std::optional<std::string>& reason, const Now&);
  void complete_join_if_all(const Now&);
  void complete_join(const Now&);
  void elect();
  std::string preferred_protocol() const;  // Each member votes for the one that it likes best of those that all know.
  void hand_out(int32_t generation, ErrorCode, const Now&);
  static void refuse_waiting(GroupMember&, ErrorCode);
  void remove_member(const std::string& member_id, RebalanceCause, const std::optional<std::string>& reason,
                     const Now&);
  void expire_members(const Now&);
  void end_rebalance(std::optional<WallTime> ended);

  // nullptr: `error` says why.
  GroupMember* find_member(const std::string& member_id, const std::optional<std::string>& instance_id,
                           ErrorCode& error);
  void touch(GroupMember& member, const Now& now) {
    member.deadline = {now.monotonic.value + int64_t{member.session_timeout_ms} * kNsPerMs};
  }

  std::string id_;
  const GroupSettings& settings_;
  GroupListener& listener_;
  GroupState state_ = GroupState::kEmpty;
  int32_t generation_ = 0;
  std::optional<std::string> protocol_type_;
  std::string protocol_, leader_;
  std::map<std::string, GroupMember> members_;
  std::map<std::string, std::string> statics_;  // Instance id -> member id.
  std::map<std::string, Instant> pending_;      // Ids that were given to members that have not come back with them.
  std::optional<Instant> join_deadline_, sync_deadline_;
  std::optional<Instant> initial_until_;  // A group that was empty waits for more members; no longer than this.
  std::optional<Rebalance> rebalance_;
  bool saving_ = false;
};

}  // namespace leat
