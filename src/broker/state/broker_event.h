#pragma once
// What a broker decides: the events that its state is folded from.
#include <variant>

#include "base/types.h"
#include "broker/catalog/setting.h"
#include "broker/state/consumer_group_state.h"
#include "broker/state/share_progress.h"
#include "broker/state/transaction_state.h"
#include "protocol/uuid.h"
#include "security/acl.h"
#include "security/scram.h"

namespace leat {

struct TopicInfo {
  std::string name;
  Uuid id;  // Another one each time that a topic of this name is made.
  int32_t partitions = 1;
  SetValues configs;  // What is set of it; the rest is the broker's.
  bool operator==(const TopicInfo&) const = default;
};

struct GroupOffset {
  Offset offset;
  int32_t leader_epoch = -1;  // Of the record before it, as the client knows it; -1: it does not.
  std::string metadata;
  WallTime at;
  bool operator==(const GroupOffset&) const = default;
};

// Who has a quota: kinds ("user", "client-id", "ip") and names; nullopt: whoever has none of his own.
using QuotaEntity = std::map<std::string, std::optional<std::string>>;
using QuotaValues = std::map<std::string, double>;

namespace broker_event {

// The broker was started: its leader epoch is one more than before.
struct Started {
  std::string cluster_id;
  int32_t epoch = 0;
  bool operator==(const Started&) const = default;
};
struct SecretMade {  // Random bytes that nobody but this broker knows.
  Bytes secret;
  bool operator==(const SecretMade&) const = default;
};
struct CredentialSet {
  std::string user;
  ScramMechanism mechanism;
  ScramCredential credential;
  bool operator==(const CredentialSet&) const = default;
};
struct CredentialRemoved {
  std::string user;
  ScramMechanism mechanism;
  bool operator==(const CredentialRemoved&) const = default;
};
struct AclAdded {
  Acl acl;
  bool operator==(const AclAdded&) const = default;
};
struct AclRemoved {
  Acl acl;
  bool operator==(const AclRemoved&) const = default;
};
struct TopicChanged {  // Made, or given partitions or other settings.
  TopicInfo topic;
  bool operator==(const TopicChanged&) const = default;
};
struct TopicDeleted {
  std::string name;
  bool operator==(const TopicDeleted&) const = default;
};
struct OffsetCommitted {
  std::string group;
  TopicPartition partition;
  GroupOffset offset;
  bool operator==(const OffsetCommitted&) const = default;
};
struct OffsetForgotten {
  std::string group;
  TopicPartition partition;
  bool operator==(const OffsetForgotten&) const = default;
};
struct GenerationSaved {
  std::string group;
  Bytes generation;  // encode_generation().
  bool operator==(const GenerationSaved&) const = default;
};
struct GenerationForgotten {  // The group is of another kind from now on. Its offsets stay.
  std::string group;
  bool operator==(const GenerationForgotten&) const = default;
};
struct ConsumerGroupSaved {
  std::string group;
  ConsumerGroupHead head;
  bool operator==(const ConsumerGroupSaved&) const = default;
};
struct ConsumerGroupForgotten {  // With its members. Its offsets stay.
  std::string group;
  bool operator==(const ConsumerGroupForgotten&) const = default;
};
struct ConsumerMemberSaved {
  std::string group;
  ConsumerMember member;
  bool operator==(const ConsumerMemberSaved&) const = default;
};
struct ConsumerMemberGone {
  std::string group, member_id;
  bool operator==(const ConsumerMemberGone&) const = default;
};
struct ShareProgressed {  // A share group came further in a partition, or was moved.
  std::string group;
  TopicPartition partition;
  ShareDelta delta;
  bool operator==(const ShareProgressed&) const = default;
};
struct ShareForgotten {
  std::string group;
  TopicPartition partition;
  bool operator==(const ShareForgotten&) const = default;
};
struct GroupDeleted {
  std::string group;
  bool operator==(const GroupDeleted&) const = default;
};
// Of a broker ("": of all), a group or a subscription to metrics: everything that is set. Nothing: as if it never was.
struct ConfigsSet {
  ConfigResource type = ConfigResource::kBroker;
  std::string name;
  SetValues configs;
  bool operator==(const ConfigsSet&) const = default;
};
struct QuotasSet {
  QuotaEntity entity;
  QuotaValues values;  // All of them; none: as if there never were any.
  bool operator==(const QuotasSet&) const = default;
};
struct ProducerIdsGiven {
  int64_t next = 0;  // Every id below may be in use.
  bool operator==(const ProducerIdsGiven&) const = default;
};

// A transactional id is used, or what it is at has changed. One that is complete settles the offsets that were staged.
struct TransactionChanged {
  TransactionState transaction;
  bool operator==(const TransactionChanged&) const = default;
};
// It reaches these partitions and groups too. One that was over begins anew.
struct TransactionGrew {
  std::string id;
  std::vector<TopicPartition> partitions;
  std::vector<std::string> groups;
  WallTime at;
  bool operator==(const TransactionGrew&) const = default;
};
struct TransactionForgotten {
  std::string id;
  bool operator==(const TransactionForgotten&) const = default;
};
// A transaction will commit this offset if it commits.
struct OffsetStaged {
  std::string transaction, group;
  TopicPartition partition;
  GroupOffset offset;
  bool operator==(const OffsetStaged&) const = default;
};

}  // namespace broker_event

using BrokerEvent =
    std::variant<broker_event::Started, broker_event::SecretMade, broker_event::CredentialSet,
                 broker_event::CredentialRemoved, broker_event::AclAdded, broker_event::AclRemoved,
                 broker_event::TopicChanged, broker_event::TopicDeleted, broker_event::OffsetCommitted,
                 broker_event::OffsetForgotten, broker_event::GenerationSaved, broker_event::GroupDeleted,
                 broker_event::ConfigsSet, broker_event::QuotasSet, broker_event::ProducerIdsGiven,
                 broker_event::TransactionChanged, broker_event::TransactionGrew, broker_event::TransactionForgotten,
                 broker_event::OffsetStaged, broker_event::GenerationForgotten, broker_event::ConsumerGroupSaved,
                 broker_event::ConsumerGroupForgotten, broker_event::ConsumerMemberSaved,
                 broker_event::ConsumerMemberGone, broker_event::ShareProgressed, broker_event::ShareForgotten>;

}  // namespace leat
