#pragma once
// Why a group rebalances: the causes that a diagnosis names. docs/group-explain.md says what each means.
#include <cstdint>
#include <string>

namespace leat {

enum class Cause : uint8_t {
  kPollIntervalExceeded,  // The application did not come back for more within max.poll.interval.ms.
  kCrashed,               // Its connection was closed without a word; its session ran out.
  kStalled,               // Its connection stayed open and it was silent until its session ran out.
  kNetwork,               // As stalled, and what was sent to it was not acknowledged either.
  kRestarted,             // It left and came back.
  kLeft,                  // It left, and did not come back.
  kNewMember,
  kPartitionsChanged,
  kTopicCreated,
  kTopicDeleted,
  kSubscriptionChanged,
  kLeaderRejoined,
  kDuplicateInstance,  // Two processes have one group.instance.id.
  kSyncTimeout,
  kAssignorMismatch,
  kCoordinatorRestarted,
  kRemovedByAdmin,
  kStaticMemberChanged,
  kCooperativeRound,  // The second half of a cooperative rebalance.
  kAssignorChanged,
  kMemberFenced,
  kMembershipChanged,  // Who is in the group changed, and nobody can tell why: seen from outside.
};

std::string to_string(Cause);  // "poll_interval_exceeded": stable, for programs.
std::string title_of(Cause);   // For people, at the beginning of a line.
// How much it should worry: the causes of a group are shown by this first. 0: what a group does when all is well.
int gravity_of(Cause);

enum class Confidence : uint8_t {
  kObserved,  // The broker saw it.
  kReported,  // The client said so.
  kInferred,  // From what happened when.
};
std::string to_string(Confidence);

}  // namespace leat
