#pragma once
// The epochs of a KIP-848 group: what its members subscribe to, and what a new epoch gives each of them.
#include "broker/group/consumer_group_draft.h"
#include "broker/group/group_settings.h"
#include "broker/state/broker_state.h"

namespace leat {

// Of the topics that there are, those that members subscribe to, by name or by pattern.
class Subscriptions {
 public:
  Subscriptions(const ConsumerGroupDraft&, const BrokerState&);

  const std::map<Uuid, int32_t>& topics() const { return topics_; }  // Id -> partitions.
  const std::set<Uuid>& of(const std::string& member_id) const { return by_member_.at(member_id); }

 private:
  std::map<Uuid, int32_t> topics_;
  std::map<std::string, std::set<Uuid>> by_member_;
};

// Whether some member subscribes to a topic of this name, by name or by pattern.
bool subscribes(const ConsumerGroupState&, const std::string& topic);

// The assignor that most members ask for; without a wish, the first of the settings.
std::string choose_assignor(const ConsumerGroupDraft&, const GroupSettings&);

// Begins the next epoch, and gives every member its target.
void begin_epoch(ConsumerGroupDraft&, const Subscriptions&, const GroupSettings&);

}  // namespace leat
