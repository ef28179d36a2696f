#pragma once
// What a coordinator of groups tells of a rebalance: which members caused it, and what it knew of them at that moment.
// Facts only; diagnosis.h makes sense of them. Text comes from clients: it may hold anything.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/types.h"

namespace leat {

// At which point of the coordinator's code the rebalance began.
enum class RebalanceCause : uint8_t {
  kNewMember,            // A member that the group did not know joined.
  kStaticMemberChanged,  // A static member came back, and the group's protocol is another with what it says.
  kLeft,                 // A member said that it leaves.
  kRemovedByAdmin,       // Somebody else said so, by the member's instance id.
  kSessionExpired,       // No heartbeat for a session time-out.
  kRebalanceTimeout,     // It did not rejoin, or give up its partitions, in time: max.poll.interval.ms.
  kSyncTimeout,          // It rejoined, and then did not fetch its assignment.
  kSubscriptionChanged,  // A member came with other metadata.
  kLeaderRejoined,    // The leader rejoined with the same metadata: it saw partitions or topics change, or was told to.
  kJoinedAgain,       // A member rejoined while a generation was being completed.
  kInstanceReplaced,  // A static member took the place of another one that has the same instance id.
  // KIP-848 alone: there the coordinator sees them itself.
  kTopicsChanged,    // Topics that members subscribe to were made, deleted or given partitions.
  kAssignorChanged,  // Another assignor was chosen.
  kMemberFenced,     // A member's epoch was not the one that the group knows.
};
std::string to_string(RebalanceCause);  // "new_member": also how it stands in the history.
std::optional<RebalanceCause> parse_rebalance_cause(const std::string&);

// Partitions by topic, ascending.
using PartitionSets = std::map<std::string, std::vector<int32_t>>;

struct TopicChange {
  std::string topic;
  int32_t from = 0, to = 0;  // Partitions; 0: there was, or is, no such topic.
  WallTime at;
  std::string by;  // The client id of whoever asked for it.
  bool operator==(const TopicChange&) const = default;
};

// A series of events of one kind: how many, and how far apart. -1: there was none.
struct Rhythm {
  int64_t count = 0;
  int64_t age_ms = -1;      // Since the last one.
  int64_t gap_max_ms = -1;  // Of this generation.
  int64_t gap_p99_ms = -1;  // Rounded up.
  bool operator==(const Rhythm&) const = default;
};

// What the broker knew of a member when it caused a rebalance.
struct MemberEvidence {
  uint64_t connection = 0;              // That it sends heartbeats on; 0: none was seen. Of this life of the broker.
  std::optional<int64_t> closed_ms;     // That connection was closed so long ago; none: it is open.
  std::string closed_why;               // As the operating system has it.
  std::optional<int64_t> unsent_bytes;  // Sent to it and not acknowledged by its machine, on all its connections.
  Rhythm heartbeats, fetches, commits;
  int64_t member_ms = -1;            // For how long it has been a member.
  int64_t commit_records_last = -1;  // How far the positions moved with its last commit that moved any; -1: no commit.
  int64_t commit_records_max = -1;
  int64_t fetched_ahead = -1;                            // Records that it was given and had not committed.
  std::vector<std::string> topics_before, topics_after;  // Its subscription; the same unless it rejoined.
  PartitionSets owned;                                   // That it says it owns, when it rejoins (KIP-429).
  std::vector<TopicChange> changes;  // Of topics that it subscribes to or subscribed to, since the generation began.
  bool operator==(const MemberEvidence&) const = default;
};

// One member's part in it.
struct RebalanceTrigger {
  RebalanceCause cause = RebalanceCause::kNewMember;
  std::string member_id, instance_id, client_id, client_host;
  std::string client_reason;  // As the client gave it (KIP-800); empty: none.
  WallTime at;
  std::vector<std::string> topics{};                // Of kTopicsChanged.
  std::string software_name{}, software_version{};  // As the client gave them (KIP-511).
  int32_t session_timeout_ms = 0, rebalance_timeout_ms = 0;
  MemberEvidence evidence{};
  bool operator==(const RebalanceTrigger&) const = default;
};

struct RebalanceMember {
  std::string id, instance_id, client_id, client_host, software_name, software_version;
  int32_t session_timeout_ms = 0, rebalance_timeout_ms = 0;  // The second is the client's max.poll.interval.ms.
  std::vector<std::string> topics;                           // It subscribes to.
  std::vector<std::string> protocols;                        // Its assignors, by preference.
  PartitionSets assigned;                                    // In the new generation.
  bool operator==(const RebalanceMember&) const = default;
};

// From the first trigger until every member had its assignment. A generation that was never completed has no end.
struct Rebalance {
  int32_t from_generation = 0, to_generation = 0;  // KIP-848: group epochs.
  WallTime began;
  std::optional<WallTime> joined, ended;   // When the last member had joined; when assignments were handed out.
  std::vector<RebalanceTrigger> triggers;  // In order; the first one is why, the others came while it went on.
  int32_t members_before = 0, members_after = 0;
  bool consumer_protocol = false;          // KIP-848.
  std::string protocol;                    // The assignor. Empty: the group has none.
  std::string leader;                      // A member's id.
  std::vector<RebalanceMember> members{};  // Of the new generation.
  bool operator==(const Rebalance&) const = default;
};

}  // namespace leat
