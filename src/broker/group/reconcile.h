#pragma once
#include "broker/group/consumer_group_draft.h"

namespace leat {

// Takes a member one step towards what the newest assignment gives it (KIP-848): it gives partitions up before it gets
// others, and it gets none that somebody else still owns. `owned`: what it says it owns; null: it did not say.
void reconcile(ConsumerGroupDraft&, const std::string& member_id, const PartitionsByTopic* owned);

// Whether something that the newest assignment gives it, and that it does not have, is still somebody else's.
bool waits_for_others(const ConsumerGroupDraft&, const ConsumerMember&);

}  // namespace leat
