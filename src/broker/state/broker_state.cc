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
  for (auto group = staged_.begin(); group != staged_.end();) {
    std::erase_if(group->second, [&](const auto& entry) { return entry.first.topic == event.name; });
    group = group->second.empty() ? staged_.erase(group) : std::next(group);
  }
  for (auto group = share_progress_.begin(); group != share_progress_.end();) {
    std::erase_if(group->second, [&](const auto& entry) { return entry.first.topic == event.name; });
    group = group->second.empty() ? share_progress_.erase(group) : std::next(group);
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
  staged_.erase(event.group);
  consumer_groups_.erase(event.group);
  share_progress_.erase(event.group);
}

void BrokerState::apply_one(const TransactionChanged& event) {
  TransactionState& transaction = transactions_[event.transaction.id];
  transactional_ids_.erase(transaction.producer.id);
  transaction = event.transaction;
  transactional_ids_[transaction.producer.id] = transaction.id;
  using enum TransactionPhase;
  if (transaction.phase == kCompleteCommit || transaction.phase == kCompleteAbort) settle(transaction);
}

void BrokerState::apply_one(const TransactionGrew& event) {
  auto found = transactions_.find(event.id);
  if (found != transactions_.end()) found->second.grow(event.partitions, event.groups, event.at);
}

void BrokerState::apply_one(const TransactionForgotten& event) {
  auto found = transactions_.find(event.id);
  if (found == transactions_.end()) return;
  transactional_ids_.erase(found->second.producer.id);
  transactions_.erase(found);
}

void BrokerState::apply_one(const OffsetStaged& event) {
  staged_[event.group][event.partition][event.transaction] = event.offset;
}

void BrokerState::settle(const TransactionState& transaction) {
  for (auto group = staged_.begin(); group != staged_.end();) {
    for (auto partition = group->second.begin(); partition != group->second.end();) {
      auto& [name, by_transaction] = *partition;
      auto staged = by_transaction.find(transaction.id);
      if (staged != by_transaction.end()) {
        if (transaction.commits()) offsets_[group->first][name] = staged->second;
        by_transaction.erase(staged);
      }
      partition = by_transaction.empty() ? group->second.erase(partition) : std::next(partition);
    }
    group = group->second.empty() ? staged_.erase(group) : std::next(group);
  }
}

void BrokerState::apply_one(const ShareProgressed& event) {
  share_progress_[event.group][event.partition].apply(event.delta);
}

void BrokerState::apply_one(const ShareForgotten& event) {
  auto group = share_progress_.find(event.group);
  if (group == share_progress_.end()) return;
  group->second.erase(event.partition);
  if (group->second.empty()) share_progress_.erase(group);
}

void BrokerState::apply_one(const ConsumerMemberSaved& event) {
  consumer_groups_[event.group].members[event.member.id] = event.member;
}

void BrokerState::apply_one(const ConsumerMemberGone& event) {
  auto group = consumer_groups_.find(event.group);
  if (group != consumer_groups_.end()) group->second.members.erase(event.member_id);
}

void BrokerState::apply_one(const ConfigsSet& event) {
  configs_.erase({event.type, event.name});
  if (!event.configs.empty()) configs_[{event.type, event.name}] = event.configs;
}

void BrokerState::apply_one(const QuotasSet& event) {
  quotas_.erase(event.entity);
  if (!event.values.empty()) quotas_[event.entity] = event.values;
}

const SetValues& BrokerState::configs(ConfigResource type, const std::string& name) const {
  static const SetValues kNone;
  auto found = configs_.find({type, name});
  return found == configs_.end() ? kNone : found->second;
}

std::vector<BrokerEvent> BrokerState::snapshot() const {
  std::vector<Event> out{started_, ProducerIdsGiven{next_producer_id_}, SecretMade{credentials_.secret()}};
  for (const Acl& acl : acls_.all()) out.emplace_back(AclAdded{acl});
  for (const auto& [user, credentials] : credentials_.users()) {
    for (const auto& [mechanism, credential] : credentials) {
      out.emplace_back(CredentialSet{user, mechanism, credential});
    }
  }
  for (const auto& [name, topic] : topics_) out.emplace_back(TopicChanged{topic});
  for (const auto& [group, offsets] : offsets_) {
    for (const auto& [partition, offset] : offsets) out.emplace_back(OffsetCommitted{group, partition, offset});
  }
  for (const auto& [entity, values] : quotas_) out.emplace_back(QuotasSet{entity, values});
  for (const auto& [resource, set] : configs_) out.emplace_back(ConfigsSet{resource.first, resource.second, set});
  for (const auto& [group, generation] : generations_) out.emplace_back(GenerationSaved{group, generation});
  for (const auto& [id, transaction] : transactions_) out.emplace_back(TransactionChanged{transaction});
  for (const auto& [group, partitions] : staged_) {
    for (const auto& [partition, offsets] : partitions) {
      for (const auto& [id, offset] : offsets) out.emplace_back(OffsetStaged{id, group, partition, offset});
    }
  }
  for (const auto& [id, group] : consumer_groups_) {
    out.emplace_back(ConsumerGroupSaved{id, group.head});
    for (const auto& [member_id, member] : group.members) out.emplace_back(ConsumerMemberSaved{id, member});
  }
  for (const auto& [group, partitions] : share_progress_) {
    for (const auto& [name, progress] : partitions) out.emplace_back(ShareProgressed{group, name, progress.whole()});
  }
  return out;
}

const TransactionState* BrokerState::transaction(const std::string& id) const {
  auto found = transactions_.find(id);
  return found == transactions_.end() ? nullptr : &found->second;
}

const TransactionState* BrokerState::transaction_of(int64_t producer_id) const {
  auto found = transactional_ids_.find(producer_id);
  return found == transactional_ids_.end() ? nullptr : transaction(found->second);
}

bool BrokerState::is_unstable(const std::string& group, const TopicPartition& partition) const {
  auto found = staged_.find(group);
  return found != staged_.end() && found->second.contains(partition);
}

const TopicInfo* BrokerState::topic(const std::string& name) const {
  auto found = topics_.find(name);
  return found == topics_.end() ? nullptr : &found->second;
}

const TopicInfo* BrokerState::topic(const Uuid& id) const {
  auto found = names_.find(id);
  return found == names_.end() ? nullptr : topic(found->second);
}

const ShareProgress* BrokerState::share_progress(const std::string& group, const TopicPartition& partition) const {
  auto found = share_progress_.find(group);
  if (found == share_progress_.end()) return nullptr;
  auto progress = found->second.find(partition);
  return progress == found->second.end() ? nullptr : &progress->second;
}

const ConsumerGroupState* BrokerState::consumer_group(const std::string& id) const {
  auto found = consumer_groups_.find(id);
  return found == consumer_groups_.end() ? nullptr : &found->second;
}

}  // namespace leat
