#pragma once
// Why a group rebalanced, as the coordinator saw it.
#include <optional>
#include <string>
#include <vector>

#include "base/types.h"

namespace leat {

enum class RebalanceCause : uint8_t {
  kNewMember,            // A member that the group did not know joined.
  kStaticMemberChanged,  // A static member came back with other protocols or another subscription.
  kLeft,                 // A member said that it leaves.
  kRemovedByAdmin,       // Somebody else said so, by the member's instance id.
  kSessionExpired,       // No heartbeat for a session time-out.
  kRebalanceTimeout,     // It did not rejoin in time: busy for longer than its max.poll.interval.ms.
  kSyncTimeout,          // It rejoined, and then did not fetch its assignment.
  kSubscriptionChanged,  // A member rejoined with other metadata.
  kLeaderRejoined,  // The leader rejoined with the same metadata: it saw partitions or topics change, or was told to.
  kJoinedAgain,     // A member rejoined while a generation was being completed.
};
std::string to_string(RebalanceCause);

// One member's part in it. Text comes from clients: it may hold anything.
struct RebalanceTrigger {
  RebalanceCause cause = RebalanceCause::kNewMember;
  std::string member_id, instance_id, client_id, client_host;
  std::string client_reason;  // As the client gave it (KIP-800); empty: none.
  WallTime at;
  bool operator==(const RebalanceTrigger&) const = default;
};

// From the first trigger until every member had its assignment. A generation that was never completed has no end.
struct Rebalance {
  int32_t from_generation = 0, to_generation = 0;
  WallTime began;
  std::optional<WallTime> joined, ended;   // When the last member had joined; when assignments were handed out.
  std::vector<RebalanceTrigger> triggers;  // In order; the first one is why, the others came while it went on.
  int32_t members_before = 0, members_after = 0;
  bool operator==(const Rebalance&) const = default;
};

}  // namespace leat
