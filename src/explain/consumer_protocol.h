#pragma once
// What consumers tell each other through their coordinator: the metadata in JoinGroup and the assignment in SyncGroup,
// of the protocol type "consumer" (Kafka's ConsumerProtocolSubscription and ConsumerProtocolAssignment, versions 0 to
// 3; later ones only add to it). Hostile bytes are refused.
#include "base/result.h"
#include "explain/rebalance.h"

namespace leat {

struct ConsumerSubscription {
  int16_t version = 0;
  std::vector<std::string> topics;  // Ascending.
  PartitionSets owned;              // Version 1 on (KIP-429).
  int32_t generation = -1;          // In which it owned them; version 2 on.
  std::string rack;                 // Version 3 on.
};

// kInvalidArgument.
Result<ConsumerSubscription> decode_subscription(BytesView);
Result<PartitionSets> decode_assignment(BytesView);
Bytes encode_assignment(const PartitionSets&, int16_t version);
// Whether its assignor put something beside the partitions into it, which only that assignor understands.
bool has_user_data(BytesView assignment);

// "0-3,7", and back; whatever is no such list gives what could be read.
std::string ranges_text(const std::vector<int32_t>& ascending);
std::vector<int32_t> parse_ranges(const std::string&, size_t count_max = 100'000);

}  // namespace leat
