#pragma once
// What would happen if members were added to a group, or taken away: who gives up which partitions, under each of
// Kafka's assignors.
#include <string>
#include <vector>

#include "explain/rebalance.h"

namespace leat {

struct WhatIfMember {
  std::string name;    // The member id; "new 1" of one that is added.
  std::string client;  // As people know it.
  std::vector<std::string> topics;
  PartitionSets has, gets;
  PartitionSets gives_up;  // It has them now, and somebody else gets them.
  int32_t has_count = 0, gets_count = 0;
};

struct WhatIfPlan {
  std::string assignor;    // "range", "roundrobin", "sticky", "cooperative-sticky".
  bool in_use = false;     // The group uses it now.
  bool stops_all = false;  // Everybody stops until it is over; else only what moves.
  int32_t moves = 0;       // Partitions that get another owner, among the members there are; those of leavers too.
  std::vector<WhatIfMember> members;
};

struct WhatIf {
  int32_t added = 0;                 // Negative: taken away.
  std::vector<std::string> leaving;  // Whose partitions the others get: those with the most.
  int32_t partitions = 0;
  std::vector<WhatIfPlan> plans;
};

// `members` with what they subscribe to and are assigned. Topics have the partitions that `partitions` says, or else
// those that are assigned to somebody.
WhatIf what_if(const std::vector<RebalanceMember>& members, const std::map<std::string, int32_t>& partitions,
               const std::string& assignor, bool consumer_protocol, int32_t added);

}  // namespace leat
