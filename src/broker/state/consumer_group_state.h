#pragma once
// What is decided of a group of the protocols in which the broker assigns (KIP-848, KIP-932): its epochs, its members,
// and who owns what. Plain data, folded from the broker's log; broker/group/ decides what becomes of it.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/types.h"
#include "protocol/uuid.h"

namespace leat {

using PartitionsByTopic = std::map<Uuid, std::set<int32_t>>;  // No topic has an empty set.

enum class MemberState : uint8_t {
  kStable,      // It has what its epoch gives it.
  kUnrevoked,   // It was told to give partitions up, and still owns them.
  kUnreleased,  // It waits for partitions that others still own.
};

// What a member says that speaks the classic protocol in a group of KIP-848 (there: "Online Migration").
struct ClassicSide {
  int32_t session_timeout_ms = 0;
  std::vector<std::pair<std::string, Bytes>>
      protocols;  // Assignors and what it tells them, by preference; never empty.
  bool operator==(const ClassicSide&) const = default;
};

struct ConsumerMember {
  // What it says of itself.
  std::string id;
  std::optional<std::string> instance_id, rack_id;
  std::string client_id, client_host;
  int32_t rebalance_timeout_ms = -1;
  std::vector<std::string> topics;  // Sorted, each once.
  std::string pattern;              // Empty: none.
  std::optional<std::string> assignor;
  std::optional<ClassicSide> classic;  // None: it sends heartbeats of KIP-848.

  // What it has come to.
  MemberState state = MemberState::kStable;
  int32_t epoch = 0, previous_epoch = -1;  // kAway: a static member that went to come back.
  PartitionsByTopic assigned, revoking;    // It owns both. It is to give `revoking` up.
  PartitionsByTopic target;                // What the newest assignment gives it.

  static constexpr int32_t kLeaves = -1, kAway = -2;
  bool operator==(const ConsumerMember&) const = default;
};

struct ConsumerGroupHead {
  int32_t epoch = 0, assignment_epoch = 0;
  std::map<Uuid, int32_t> topics;  // Those that somebody subscribes to, with their partitions, as of `epoch`.
  std::string assignor;            // That made the newest assignment.
  bool shares = false;             // A share group (KIP-932): partitions are shared, and nothing is given up.
  bool operator==(const ConsumerGroupHead&) const = default;
};

struct ConsumerGroupState {
  ConsumerGroupHead head;
  std::map<std::string, ConsumerMember> members;
  bool operator==(const ConsumerGroupState&) const = default;
};

// docs/formats/broker-state.md. kCorruption.
Bytes encode_consumer_head(const ConsumerGroupHead&);
Result<ConsumerGroupHead> decode_consumer_head(BytesView);
Bytes encode_consumer_member(const ConsumerMember&);  // Without its id, which is in the key.
Result<ConsumerMember> decode_consumer_member(std::string id, BytesView);

}  // namespace leat
