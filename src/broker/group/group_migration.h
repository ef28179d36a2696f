#pragma once
// A group changes its protocol while it has members (KIP-848, "Online Migration"): what it is in the other one's terms.
// Partitions stay where they are; whoever must change does so in a rebalance afterwards.
#include "broker/group/classic_group.h"
#include "broker/group/consumer_group_draft.h"
#include "broker/state/broker_state.h"

namespace leat {

// By topic's name; topics that are no more are left out.
PartitionSets by_name(const BrokerState&, const PartitionsByTopic&);
PartitionsByTopic by_id(const BrokerState&, const PartitionSets&);

// kInvalidArgument: a member says what only its assignor understands, or nothing that can be read.
Result<ConsumerGroupState> as_consumer_group(const ClassicGroup&, const BrokerState&);

// All members speak the classic protocol. CHECKs that there is one. `epoch`: becomes the generation's number.
Generation as_generation(const ConsumerGroupDraft&, int32_t epoch, const BrokerState&);

// An assignor's name that all of the members have which speak the classic protocol, and a client that offers these
// does too.
bool has_common_protocol(const ConsumerGroupDraft&, const std::vector<std::pair<std::string, Bytes>>& offered);

}  // namespace leat
