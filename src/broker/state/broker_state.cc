#include "broker/state/broker_state.h"

namespace leat {

using namespace broker_event;

void BrokerState::apply(const Event& event) {
  std::visit([this](const auto& one) { apply_one(one); }, event);
}

void BrokerState::apply_one(const TopicChanged& event) {
  TopicInfo& topic = topics_[event.topic.name];
  names_.erase(topic.id);
  topic = event.topic;
  names_[event.topic.id] = event.topic.name;
}

void BrokerState::apply_one(const TopicDeleted& event) {
  auto found = topics_.find(event.name);
  if (found == topics_.end()) return;
  names_.erase(found->second.id);
  topics_.erase(found);
  for (auto group = offsets_.begin(); group != offsets_.end();) {
    std::erase_if(group->second, [&](const auto& entry) { return entry.first.topic == event.name; });
    group = group->second.empty() ? offsets_.erase(group) : std::next(group);
  }
}

void BrokerState::apply_one(const OffsetCommitted& event) {
  offsets_[event.group][event.partition] = event.offset;
}

void BrokerState::apply_one(const OffsetForgotten& event) {
  auto group = offsets_.find(event.group);
  if (group == offsets_.end()) return;
  group->second.erase(event.partition);
  if (group->second.empty()) offsets_.erase(group);
}

void BrokerState::apply_one(const GroupDeleted& event) {
  offsets_.erase(event.group);
  generations_.erase(event.group);
}

std::vector<BrokerEvent> BrokerState::snapshot() const {
  std::vector<Event> out{started_, ProducerIdsGiven{next_producer_id_}};
  for (const auto& [name, topic] : topics_) out.emplace_back(TopicChanged{topic});
  for (const auto& [group, offsets] : offsets_) {
    for (const auto& [partition, offset] : offsets) out.emplace_back(OffsetCommitted{group, partition, offset});
  }
  for (const auto& [group, generation] : generations_) out.emplace_back(GenerationSaved{group, generation});
  return out;
}

const TopicInfo* BrokerState::topic(const std::string& name) const {
  auto found = topics_.find(name);
  return found == topics_.end() ? nullptr : &found->second;
}

const TopicInfo* BrokerState::topic(const Uuid& id) const {
  auto found = names_.find(id);
  return found == names_.end() ? nullptr : topic(found->second);
}

}  // namespace leat
