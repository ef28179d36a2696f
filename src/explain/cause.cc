#include "explain/cause.h"

#include <algorithm>
#include <iterator>

namespace leat {
namespace {

struct Named {
  Cause cause;
  const char *name, *title;
  int gravity;
};

constexpr Named kCauses[] = {
    {Cause::kPollIntervalExceeded, "poll_interval_exceeded", "Slow consumer: max.poll.interval.ms exceeded", 3},
    {Cause::kCrashed, "crashed", "A member died without leaving", 3},
    {Cause::kStalled, "stalled", "A member stalled: silent on an open connection", 3},
    {Cause::kNetwork, "network", "The network to a member was lost", 3},
    {Cause::kRestarted, "restarted", "A member was restarted", 2},
    {Cause::kLeft, "left", "A member left", 1},
    {Cause::kNewMember, "new_member", "A new member joined", 1},
    {Cause::kPartitionsChanged, "partitions_changed", "A topic was given more partitions", 2},
    {Cause::kTopicCreated, "topic_created", "A topic was created that members subscribe to", 2},
    {Cause::kTopicDeleted, "topic_deleted", "A topic was deleted that members subscribe to", 2},
    {Cause::kSubscriptionChanged, "subscription_changed", "A member changed its subscription", 2},
    {Cause::kLeaderRejoined, "leader_rejoined", "A member, the leader as a rule, rejoined though nothing had changed",
     2},
    {Cause::kDuplicateInstance, "duplicate_instance", "Two processes share one group.instance.id", 4},
    {Cause::kSyncTimeout, "sync_timeout", "A member joined and did not finish the rebalance", 3},
    {Cause::kAssignorMismatch, "assignor_mismatch", "A member has no assignor in common with the group", 4},
    {Cause::kCoordinatorRestarted, "coordinator_restarted", "The coordinator was restarted", 2},
    {Cause::kRemovedByAdmin, "removed_by_admin", "An administrator removed a member", 2},
    {Cause::kStaticMemberChanged, "static_member_changed", "A static member came back with other assignors", 2},
    {Cause::kCooperativeRound, "cooperative_round", "The second round of a cooperative rebalance", 0},
    {Cause::kAssignorChanged, "assignor_changed", "The assignor was changed", 2},
    {Cause::kMemberFenced, "member_fenced", "A member was fenced: it was behind the group's epoch", 3},
    {Cause::kMembershipChanged, "membership_changed", "The members changed", 1},
};

const Named& find(Cause cause) {
  return *std::find_if(std::begin(kCauses), std::end(kCauses), [&](const Named& each) { return each.cause == cause; });
}

}  // namespace

std::string to_string(Cause cause) {
  return find(cause).name;
}

std::string title_of(Cause cause) {
  return find(cause).title;
}

int gravity_of(Cause cause) {
  return find(cause).gravity;
}

std::string to_string(Confidence confidence) {
  switch (confidence) {
    case Confidence::kObserved:
      return "observed";
    case Confidence::kReported:
      return "reported";
    case Confidence::kInferred:
      return "inferred";
  }
  return "";
}

}  // namespace leat
