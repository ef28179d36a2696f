#pragma once
// Assignors: who gets which partitions, by Kafka's names and rules (KIP-848). Pure functions.
#include <string>
#include <vector>

#include "broker/state/consumer_group_state.h"

namespace leat {

struct AssignorMember {
  std::string id;
  std::optional<std::string> instance_id;
  std::set<Uuid> topics;  // That it subscribes to, and that exist.
  PartitionsByTopic before;
};

// By the members' ids. Each partition of each topic that somebody subscribes to has exactly one owner.
using Assignment = std::map<std::string, PartitionsByTopic>;

// "uniform": numbers of partitions differ by one at most where subscriptions are equal, and as little as they allow
// where they are not; what a member had stays with it as far as that goes.
Assignment assign_uniform(const std::vector<AssignorMember>&, const std::map<Uuid, int32_t>& topics);

// "range": of each topic every member has consecutive partitions, so that topics of equal size are divided alike.
// Static members are ordered by their instance ids, so that a restart does not change who has what.
Assignment assign_range(const std::vector<AssignorMember>&, const std::map<Uuid, int32_t>& topics);

// "simple", of share groups: partitions may be shared by several members. Every partition that somebody wants has a
// member, and every member has a partition of what it wants, if there are any.
Assignment assign_shared(const std::vector<AssignorMember>&, const std::map<Uuid, int32_t>& topics);

using Assignor = Assignment (*)(const std::vector<AssignorMember>&, const std::map<Uuid, int32_t>& topics);
Assignor find_assignor(const std::string& name);  // Of consumer groups. Null: there is none of this name.

}  // namespace leat
