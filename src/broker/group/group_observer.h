#pragma once
// GroupObserver: what can be seen of the members of groups while requests are served: their connections, how regularly
// they send heartbeats, read and commit, and what they are refused. When a rebalance is caused it says what was known
// at that moment; what happens apart from rebalances it writes into the history. docs/formats/group-history.md.
//
// The calls from the handlers are cheap, and nothing here fails or waits. Memory is bounded by kLinesMax and
// kMembersMax. Threads: the broker's.
#include <deque>
#include <set>
#include <unordered_map>

#include "broker/group/client_line.h"
#include "broker/group/group_history.h"
#include "protocol/error_code.h"
#include "protocol/join_group.h"

namespace leat {

class GroupObserver {
 public:
  GroupObserver(Broker& broker, GroupHistory& history) : broker_(broker), history_(history) {}

  // A fetch request came. Null: nothing needs to be told of it.
  ClientLine* fetching(const Call&);

  // A JoinGroup is served until the guard is gone: triggered() may be called meanwhile.
  class Joining {
   public:
    Joining(GroupObserver& observer, const Call& call, const protocol::JoinGroupRequest& request)
        : observer_(observer) {
      observer_.joining_ = {&call, &request};
    }
    ~Joining() { observer_.joining_ = {}; }
    Joining(const Joining&) = delete;

   private:
    GroupObserver& observer_;
  };

  struct Member {
    std::string group, id;
    std::optional<std::string> instance_id;
  };
  // A member's request was answered; `request` as in MemberRefused.
  void answered(const Call&, const Member&, const char* request, protocol::ErrorCode);
  // Its commit was taken, or refused, and would move the positions by so many records; -1: by an unknown number.
  void committed(const Call&, const Member&, protocol::ErrorCode, int64_t records);
  // A join was refused because no assignor is common to all.
  void mismatched(const Call&, const Member&, std::vector<std::string> offered, std::vector<std::string> wanted);

  void topic_changed(TopicChange);
  // The coordinator came back with this generation.
  void restored(const std::string& group, int32_t generation, const std::vector<RebalanceMember>&);
  void forget(const std::string& group);

  void triggered(const std::string& group, RebalanceTrigger&);
  void instance_taken(const std::string& group, const std::string& instance_id, const std::string& from,
                      const std::string& by, bool rebalances);
  void rebalanced(const std::string& group, Rebalance);

 private:
  static constexpr size_t kLinesMax = 20'000, kMembersMax = 50'000, kChangesMax = 1000;
  static constexpr int64_t kRememberedMs = 10 * 60'000;  // Of closed connections, and of those that are no members now.

  struct Seen {
    MemberIdentity identity;
    GapMeter heartbeats, commits;
    int64_t commit_records_last = -1, commit_records_max = -1;
    Instant since;                   // It is a member.
    std::optional<Instant> gone;     // It is none any more.
    std::optional<Instant> started;  // The coordinator, and nothing was heard of it since.
    bool closed_is_told = false;
    std::vector<std::string> topics;  // In the last generation.
    PartitionSets assigned;
    std::map<std::string, std::pair<int64_t, Instant>> refused;  // By request and error: not told yet; since when.
  };
  using Key = std::pair<std::string, std::string>;  // Group, member id.

  Instant now() const;
  ClientLine& line_of(const Call&);
  void closed(uint64_t connection, const std::string& why);
  Seen& see(const Call&, const Member&);
  Seen* find(const std::string& group, const std::string& member);
  void refused(const Call&, const Member&, MemberRefused);
  void goes(const std::string& group, Seen&);
  void tell_closed(const std::string& group, Seen&, const ClientLine&);
  void clean();
  MemberEvidence evidence_of(const std::string& group, const Seen&);
  std::vector<TopicChange> untold_changes(const std::string& group, const MemberEvidence&);
  std::vector<const ClientLine*> lines_of(const Seen&) const;
  int64_t uncommitted(const std::string& group, const Seen&) const;
  MemberIdentity identity_of(const Call&, const std::string& id, const std::optional<std::string>& instance) const;

  Broker& broker_;
  GroupHistory& history_;
  std::unordered_map<uint64_t, ClientLine> lines_;
  std::deque<std::pair<Instant, uint64_t>> closed_lines_;
  std::map<Key, Seen> members_;
  std::deque<std::pair<Instant, Key>> gone_members_;
  std::deque<std::pair<Instant, TopicChange>> changes_;
  std::map<std::string, Instant> told_changes_;  // By group: those until then were told of.
  struct JoinBeingServed {
    const Call* call = nullptr;
    const protocol::JoinGroupRequest* request = nullptr;
  };
  JoinBeingServed joining_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace leat
