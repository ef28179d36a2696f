#pragma once
// The history of a group: what its coordinator writes into the topic `__leat_group_history`, one record for each fact,
// and what is read from there again. docs/formats/group-history.md.
#include <variant>

#include "base/result.h"
#include "explain/rebalance.h"

namespace leat {

inline constexpr const char* kHistoryTopic = "__leat_group_history";

// Who it was, where it is not a rebalance's trigger.
struct MemberIdentity {
  std::string member_id, instance_id, client_id, client_host, software_name, software_version;
  uint64_t connection = 0;
  bool operator==(const MemberIdentity&) const = default;
};

// A member, or one that no longer is one, was refused something. Repetitions within a second or so are counted.
struct MemberRefused {
  MemberIdentity member;
  std::string request;  // "heartbeat", "commit", "join", "sync".
  std::string error;    // By its Kafka name, "ILLEGAL_GENERATION".
  int64_t count = 1;
  int64_t records = -1;  // Of a commit: how far its positions are ahead of those that are committed. -1: not known.
  std::vector<std::string> offered, wanted;  // Of a join with no assignor in common: its own, and the group's.
  bool operator==(const MemberRefused&) const = default;
};

// A static member came again, under a new member id, and its former self was fenced (KIP-345).
struct InstanceTaken {
  MemberIdentity by, from;
  bool from_is_open = false;  // The former one's connection is still there: two processes have one instance id.
  bool rebalances = false;    // Its subscription changed; else nobody noticed.
  bool operator==(const InstanceTaken&) const = default;
};

// The connection of one that had left, or was removed, was closed at last.
struct ClosedAfterwards {
  MemberIdentity member;
  int64_t after_ms = 0;  // Since it was gone.
  std::string why;
  bool operator==(const ClosedAfterwards&) const = default;
};

// The coordinator was started, with a generation that was saved.
struct CoordinatorStarted {
  int32_t generation = 0;
  int32_t members = 0;
  bool operator==(const CoordinatorStarted&) const = default;
};

// The first that was heard of a member after that.
struct MemberReturned {
  MemberIdentity member;
  int64_t after_ms = 0;  // Since the start.
  bool operator==(const MemberReturned&) const = default;
};

// Facts came faster than they are kept.
struct FactsDropped {
  int64_t count = 0;
  bool operator==(const FactsDropped&) const = default;
};

struct HistoryRecord {
  WallTime at;
  std::variant<Rebalance, MemberRefused, InstanceTaken, ClosedAfterwards, CoordinatorStarted, MemberReturned,
               FactsDropped>
      what;
  bool operator==(const HistoryRecord&) const = default;
};

// One JSON object, at most about `bytes_max` long: of a rebalance with very many members the later ones are left out.
std::string encode_history(const HistoryRecord&, size_t bytes_max = 512 * 1024);
// kUnsupported: of a kind that this version does not know. kInvalidArgument: what is wrong.
Result<HistoryRecord> decode_history(BytesView json);

}  // namespace leat
