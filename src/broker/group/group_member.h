#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/call.h"
#include "protocol/join_group.h"
#include "protocol/sync_group.h"

namespace leat {

// A member of a classic group.
struct GroupMember {
  struct Protocol {
    std::string name;
    Bytes metadata;
    bool operator==(const Protocol&) const = default;
  };

  std::string id;
  std::optional<std::string> instance_id;  // Static membership (KIP-345).
  std::string client_id, client_host;
  int32_t session_timeout_ms = 0, rebalance_timeout_ms = 0;
  std::vector<Protocol> protocols;  // By preference.
  Bytes assignment;                 // In this generation.

  // Of the life of this process.
  Respond<protocol::JoinGroup> joining;  // Its JoinGroup waits for the generation to begin. Null: none does.
  Respond<protocol::SyncGroup> syncing;  // Its SyncGroup waits for the leader's.
  bool is_new = false;                   // Has never been in a generation.
  bool synced = false;                   // Has asked for its assignment in this generation.
  Instant deadline;                      // Of its session; counts unless it waits in joining or syncing.

  const Bytes* metadata_of(const std::string& protocol) const {
    for (const Protocol& known : protocols) {
      if (known.name == protocol) return &known.metadata;
    }
    return nullptr;
  }
};

}  // namespace leat
