#pragma once
// BrokerState: everything that a broker has decided but the records themselves. A StateMachine (fold/state_machine.h):
// one log, so that what belongs together is decided together.
#include <functional>
#include <map>

#include "broker/access/credentials.h"
#include "broker/state/broker_event.h"
#include "fold/state_machine.h"

namespace leat {

class BrokerState {
 public:
  using Event = BrokerEvent;
  using Reply = Status;
  // What somebody wants, as the function that decides it. It looks at the state and changes nothing.
  using Command = std::function<Decision<Event, Reply>(const BrokerState&, WallTime now)>;

  Decision<Event, Reply> decide(const Command& command, WallTime now) const { return command(*this, now); }
  void apply(const Event&);
  std::vector<Event> snapshot() const;
  static FoldRecord encode(const Event&);
  static Result<Event> decode(BytesView key, std::optional<BytesView> value);

  using GroupOffsets = std::map<TopicPartition, GroupOffset>;
  const std::string& cluster_id() const { return started_.cluster_id; }
  int32_t epoch() const { return started_.epoch; }
  const Credentials& credentials() const { return credentials_; }
  const AclSet& acls() const { return acls_; }
  int64_t next_producer_id() const { return next_producer_id_; }
  const std::map<std::string, TopicInfo>& topics() const { return topics_; }
  const TopicInfo* topic(const std::string& name) const;
  const TopicInfo* topic(const Uuid& id) const;
  const std::map<std::string, GroupOffsets>& offsets() const { return offsets_; }
  // What is set of a broker, a group or a subscription to metrics.
  const SetValues& configs(ConfigResource, const std::string& name) const;
  const std::map<std::pair<ConfigResource, std::string>, SetValues>& configs() const { return configs_; }
  const std::map<QuotaEntity, QuotaValues>& quotas() const { return quotas_; }
  const std::map<std::string, Bytes>& generations() const { return generations_; }
  // By transactional id. Null if it was never used, or not for long.
  const std::map<std::string, TransactionState>& transactions() const { return transactions_; }
  const TransactionState* transaction(const std::string& id) const;
  const TransactionState* transaction_of(int64_t producer_id) const;
  // Whether some transaction that is not complete is about to commit an offset.
  bool is_unstable(const std::string& group, const TopicPartition&) const;
  const std::map<std::string, ConsumerGroupState>& consumer_groups() const { return consumer_groups_; }
  const ConsumerGroupState* consumer_group(const std::string& id) const;
  using ShareProgresses = std::map<TopicPartition, ShareProgress>;
  const std::map<std::string, ShareProgresses>& share_progress() const { return share_progress_; }
  const ShareProgress* share_progress(const std::string& group, const TopicPartition&) const;  // Null: not begun.
  bool operator==(const BrokerState&) const = default;

 private:
  void apply_one(const broker_event::Started& event) { started_ = event; }
  void apply_one(const broker_event::TopicChanged&);
  void apply_one(const broker_event::TopicDeleted&);
  void apply_one(const broker_event::OffsetCommitted&);
  void apply_one(const broker_event::OffsetForgotten&);
  void apply_one(const broker_event::GenerationSaved& event) { generations_[event.group] = event.generation; }
  void apply_one(const broker_event::GenerationForgotten& event) { generations_.erase(event.group); }
  void apply_one(const broker_event::ConsumerGroupSaved& event) { consumer_groups_[event.group].head = event.head; }
  void apply_one(const broker_event::ConsumerGroupForgotten& event) { consumer_groups_.erase(event.group); }
  void apply_one(const broker_event::ConsumerMemberSaved&);
  void apply_one(const broker_event::ConsumerMemberGone&);
  void apply_one(const broker_event::ShareProgressed&);
  void apply_one(const broker_event::ShareForgotten&);
  void apply_one(const broker_event::GroupDeleted&);
  void apply_one(const broker_event::ConfigsSet&);
  void apply_one(const broker_event::QuotasSet&);
  void apply_one(const broker_event::ProducerIdsGiven& event) { next_producer_id_ = event.next; }
  void apply_one(const broker_event::SecretMade& event) { credentials_.set_secret(event.secret); }
  void apply_one(const broker_event::CredentialSet& event) {
    credentials_.set(event.user, event.mechanism, event.credential);
  }
  void apply_one(const broker_event::CredentialRemoved& event) { credentials_.remove(event.user, event.mechanism); }
  void apply_one(const broker_event::AclAdded& event) { acls_.add(event.acl); }
  void apply_one(const broker_event::AclRemoved& event) { acls_.remove(event.acl); }

  void apply_one(const broker_event::TransactionChanged&);
  void apply_one(const broker_event::TransactionGrew&);
  void apply_one(const broker_event::TransactionForgotten&);
  void apply_one(const broker_event::OffsetStaged&);
  void settle(const TransactionState&);

  // By partition, then transactional id.
  using StagedOffsets = std::map<TopicPartition, std::map<std::string, GroupOffset>>;

  broker_event::Started started_;
  Credentials credentials_;
  AclSet acls_;
  int64_t next_producer_id_ = 0;
  std::map<std::string, TopicInfo> topics_;
  std::map<Uuid, std::string> names_;
  std::map<std::string, GroupOffsets> offsets_;
  std::map<std::pair<ConfigResource, std::string>, SetValues> configs_;
  std::map<QuotaEntity, QuotaValues> quotas_;
  std::map<std::string, Bytes> generations_;
  std::map<std::string, TransactionState> transactions_;
  std::map<int64_t, std::string> transactional_ids_;  // By producer id.
  std::map<std::string, StagedOffsets> staged_;       // By group.
  std::map<std::string, ConsumerGroupState> consumer_groups_;
  std::map<std::string, ShareProgresses> share_progress_;
};
static_assert(StateMachine<BrokerState>);

}  // namespace leat
