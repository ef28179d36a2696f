// How the events stand in the log. docs/formats/broker-state.md.
#include <bit>

#include "broker/journal_text.h"
#include "broker/state/broker_state.h"

// GCC 12 believes that a variant on the stack, from which a Result was made, deletes what it no longer has.
#pragma GCC diagnostic ignored "-Wfree-nonheap-object"

namespace leat {
namespace {

using namespace broker_event;

// The first byte of a key: which kind of thing it is about.
enum class Kind : char {
  kStarted = 's',
  kTopic = 't',
  kOffset = 'o',
  kGeneration = 'g',
  kConsumerGroup = 'c',
  kConsumerMember = 'm',
  kShareProgress = 'r',
  kGroup = 'd',  // Only ever erased.
  kProducerIds = 'p',
  kTransaction = 'x',
  kTransactionGrew = 'w',
  kStagedOffset = 'y',
  kConfigs = 'i',
  kQuotas = 'q',
  kSecret = 'k',
  kCredential = 'u',
  kAcl = 'a',
};

template <class... Fields>
Bytes fields(const Fields&... each) {
  Bytes out;
  (put_field(out, each), ...);
  return out;
}

template <class... Fields>
Bytes key_of(Kind kind, const Fields&... each) {
  Bytes out(1, static_cast<char>(kind));
  (put_field(out, each), ...);
  return out;
}

BytesView view_of(const Uuid& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

Bytes offset_key(const std::string& group, const TopicPartition& partition) {
  return key_of(Kind::kOffset, BytesView(group), partition);
}

Bytes offset_value(const GroupOffset& offset) {
  return fields(offset.offset.value, int64_t{offset.leader_epoch}, BytesView(offset.metadata), offset.at.value);
}

void put_configs(Bytes& into, const SetValues& configs) {
  for (const auto& [name, value] : configs) into += fields(BytesView(name), BytesView(value));
}

// Names and values, up to the end.
Status take_configs(FieldReader& in, SetValues& configs) {
  while (!in.at_end()) {
    TRY_ASSIGN(std::string name, in.text());
    TRY_ASSIGN(configs[name], in.text());
  }
  return {};
}

Bytes share_key(const std::string& group, const TopicPartition& partition) {
  return key_of(Kind::kShareProgress, BytesView(group), partition);
}

Bytes credential_key(const std::string& user, ScramMechanism mechanism) {
  return key_of(Kind::kCredential, BytesView(user), static_cast<int64_t>(mechanism));
}

// A rule is there or it is not: all of it is the key.
Bytes acl_key(const Acl& acl) {
  return key_of(Kind::kAcl, static_cast<int64_t>(acl.resource), static_cast<int64_t>(acl.pattern), BytesView(acl.name),
                BytesView(acl.principal), BytesView(acl.host), static_cast<int64_t>(acl.operation),
                static_cast<int64_t>(acl.permission));
}

struct Encode {
  FoldRecord operator()(const Started& event) const {
    return {key_of(Kind::kStarted), fields(BytesView(event.cluster_id), int64_t{event.epoch})};
  }
  FoldRecord operator()(const TopicChanged& event) const {
    const TopicInfo& topic = event.topic;
    Bytes value = fields(view_of(topic.id), int64_t{topic.partitions});
    put_configs(value, topic.configs);
    return {key_of(Kind::kTopic, BytesView(topic.name)), std::move(value)};
  }
  FoldRecord operator()(const TopicDeleted& event) const {
    return {key_of(Kind::kTopic, BytesView(event.name)), std::nullopt};
  }
  FoldRecord operator()(const OffsetCommitted& event) const {
    return {offset_key(event.group, event.partition), offset_value(event.offset)};
  }
  FoldRecord operator()(const OffsetForgotten& event) const {
    return {offset_key(event.group, event.partition), std::nullopt};
  }
  FoldRecord operator()(const GenerationSaved& event) const {
    return {key_of(Kind::kGeneration, BytesView(event.group)), event.generation};
  }
  FoldRecord operator()(const GenerationForgotten& event) const {
    return {key_of(Kind::kGeneration, BytesView(event.group)), std::nullopt};
  }
  FoldRecord operator()(const ConsumerGroupSaved& event) const {
    return {key_of(Kind::kConsumerGroup, BytesView(event.group)), encode_consumer_head(event.head)};
  }
  FoldRecord operator()(const ConsumerGroupForgotten& event) const {
    return {key_of(Kind::kConsumerGroup, BytesView(event.group)), std::nullopt};
  }
  FoldRecord operator()(const ConsumerMemberSaved& event) const {
    return {key_of(Kind::kConsumerMember, BytesView(event.group), BytesView(event.member.id)),
            encode_consumer_member(event.member)};
  }
  FoldRecord operator()(const ConsumerMemberGone& event) const {
    return {key_of(Kind::kConsumerMember, BytesView(event.group), BytesView(event.member_id)), std::nullopt};
  }
  FoldRecord operator()(const ShareProgressed& event) const {
    return {share_key(event.group, event.partition), encode_share_delta(event.delta)};
  }
  FoldRecord operator()(const ShareForgotten& event) const {
    return {share_key(event.group, event.partition), std::nullopt};
  }
  FoldRecord operator()(const GroupDeleted& event) const {
    return {key_of(Kind::kGroup, BytesView(event.group)), std::nullopt};
  }
  FoldRecord operator()(const ConfigsSet& event) const {
    Bytes key = key_of(Kind::kConfigs, int64_t{static_cast<int8_t>(event.type)}, BytesView(event.name));
    if (event.configs.empty()) return {std::move(key), std::nullopt};
    Bytes value;
    put_configs(value, event.configs);
    return {std::move(key), std::move(value)};
  }
  FoldRecord operator()(const QuotasSet& event) const {
    Bytes key = key_of(Kind::kQuotas);
    for (const auto& [type, name] : event.entity) {
      key += fields(BytesView(type), int64_t{name.has_value()}, BytesView(name ? *name : ""));
    }
    if (event.values.empty()) return {std::move(key), std::nullopt};
    Bytes value;
    for (const auto& [name, number] : event.values) value += fields(BytesView(name), std::bit_cast<int64_t>(number));
    return {std::move(key), std::move(value)};
  }
  FoldRecord operator()(const ProducerIdsGiven& event) const {
    return {key_of(Kind::kProducerIds), fields(event.next)};
  }
  FoldRecord operator()(const TransactionChanged& event) const {
    return {key_of(Kind::kTransaction, BytesView(event.transaction.id)), encode_transaction(event.transaction)};
  }
  FoldRecord operator()(const TransactionGrew& event) const {
    Bytes value = fields(event.at.value, static_cast<int64_t>(event.partitions.size()));
    for (const auto& partition : event.partitions) {
      value += fields(partition);
    }
    for (const auto& group : event.groups) value += fields(BytesView(group));
    return {key_of(Kind::kTransactionGrew, BytesView(event.id)), std::move(value)};
  }
  FoldRecord operator()(const TransactionForgotten& event) const {
    return {key_of(Kind::kTransaction, BytesView(event.id)), std::nullopt};
  }
  FoldRecord operator()(const OffsetStaged& event) const {
    return {key_of(Kind::kStagedOffset, BytesView(event.transaction), BytesView(event.group), event.partition),
            offset_value(event.offset)};
  }
  FoldRecord operator()(const SecretMade& event) const {
    return {key_of(Kind::kSecret), fields(BytesView(event.secret))};
  }
  FoldRecord operator()(const CredentialSet& event) const {
    const ScramCredential& made = event.credential;
    return {
        credential_key(event.user, event.mechanism),
        fields(int64_t{made.iterations}, BytesView(made.salt), BytesView(made.stored_key), BytesView(made.server_key))};
  }
  FoldRecord operator()(const AclAdded& event) const { return {acl_key(event.acl), Bytes()}; }
  FoldRecord operator()(const AclRemoved& event) const { return {acl_key(event.acl), std::nullopt}; }
  FoldRecord operator()(const CredentialRemoved& event) const {
    return {credential_key(event.user, event.mechanism), std::nullopt};
  }
};

Result<BrokerEvent> read_started(BytesView value) {
  FieldReader in(value);
  Started event;
  TRY_ASSIGN(event.cluster_id, in.text());
  TRY(in.number(event.epoch));
  return BrokerEvent(std::move(event));
}

Result<BrokerEvent> read_topic(FieldReader& names, std::optional<BytesView> value) {
  TopicInfo topic;
  TRY_ASSIGN(topic.name, names.text());
  if (!value) return BrokerEvent(TopicDeleted{std::move(topic.name)});
  FieldReader in(*value);
  TRY_ASSIGN(Bytes id, in.text());
  if (id.size() != topic.id.bytes.size()) return Error{Errc::kCorruption, "a topic's id is not 16 bytes long"};
  std::copy(id.begin(), id.end(), topic.id.bytes.begin());
  TRY(in.number(topic.partitions));
  TRY(take_configs(in, topic.configs));
  return BrokerEvent(TopicChanged{std::move(topic)});
}

Result<GroupOffset> read_offset_value(BytesView value) {
  FieldReader in(value);
  GroupOffset offset;
  TRY(in.number(offset.offset.value));
  TRY(in.number(offset.leader_epoch));
  TRY_ASSIGN(offset.metadata, in.text());
  TRY(in.number(offset.at.value));
  return offset;
}

Result<BrokerEvent> read_offset(FieldReader& names, std::optional<BytesView> value) {
  OffsetCommitted event;
  TRY_ASSIGN(event.group, names.text());
  TRY(names.partition(event.partition));
  if (!value) return BrokerEvent(OffsetForgotten{std::move(event.group), std::move(event.partition)});
  TRY_ASSIGN(event.offset, read_offset_value(*value));
  return BrokerEvent(std::move(event));
}

Result<BrokerEvent> read_transaction(FieldReader& names, std::optional<BytesView> value) {
  TRY_ASSIGN(std::string id, names.text());
  if (!value) return BrokerEvent(TransactionForgotten{std::move(id)});
  TRY_ASSIGN(TransactionState transaction, decode_transaction(std::move(id), *value));
  return BrokerEvent(TransactionChanged{std::move(transaction)});
}

Result<BrokerEvent> read_transaction_grew(FieldReader& names, BytesView value) {
  TransactionGrew event;
  TRY_ASSIGN(event.id, names.text());
  FieldReader in(value);
  TRY(in.number(event.at.value));
  TRY_ASSIGN(int64_t partitions, in.number());
  for (int64_t i = 0; i < partitions; ++i) {
    TRY(in.partition(event.partitions.emplace_back()));
  }
  while (!in.at_end()) {
    TRY_ASSIGN(event.groups.emplace_back(), in.text());
  }
  return BrokerEvent(std::move(event));
}

Result<BrokerEvent> read_staged_offset(FieldReader& names, BytesView value) {
  OffsetStaged event;
  TRY_ASSIGN(event.transaction, names.text());
  TRY_ASSIGN(event.group, names.text());
  TRY(names.partition(event.partition));
  TRY_ASSIGN(event.offset, read_offset_value(value));
  return BrokerEvent(std::move(event));
}

Result<BrokerEvent> read_generation(FieldReader& names, std::optional<BytesView> value) {
  TRY_ASSIGN(std::string group, names.text());
  if (!value) return BrokerEvent(GenerationForgotten{std::move(group)});
  return BrokerEvent(GenerationSaved{std::move(group), Bytes(*value)});
}

Result<BrokerEvent> read_consumer_group(FieldReader& names, std::optional<BytesView> value) {
  TRY_ASSIGN(std::string group, names.text());
  if (!value) return BrokerEvent(ConsumerGroupForgotten{std::move(group)});
  TRY_ASSIGN(ConsumerGroupHead head, decode_consumer_head(*value));
  return BrokerEvent(ConsumerGroupSaved{std::move(group), std::move(head)});
}

Result<BrokerEvent> read_consumer_member(FieldReader& names, std::optional<BytesView> value) {
  TRY_ASSIGN(std::string group, names.text());
  TRY_ASSIGN(std::string id, names.text());
  if (!value) return BrokerEvent(ConsumerMemberGone{std::move(group), std::move(id)});
  TRY_ASSIGN(ConsumerMember member, decode_consumer_member(std::move(id), *value));
  return BrokerEvent(ConsumerMemberSaved{std::move(group), std::move(member)});
}

Result<BrokerEvent> read_configs(FieldReader& names, std::optional<BytesView> value) {
  ConfigsSet event;
  int8_t type = 0;
  TRY(names.number(type));
  event.type = static_cast<ConfigResource>(type);
  TRY_ASSIGN(event.name, names.text());
  FieldReader in(value.value_or(BytesView()));
  TRY(take_configs(in, event.configs));
  return BrokerEvent(std::move(event));
}

Result<BrokerEvent> read_share_progress(FieldReader& names, std::optional<BytesView> value) {
  ShareProgressed event;
  TRY_ASSIGN(event.group, names.text());
  TRY(names.partition(event.partition));
  if (!value) return BrokerEvent(ShareForgotten{std::move(event.group), std::move(event.partition)});
  TRY_ASSIGN(event.delta, decode_share_delta(*value));
  return BrokerEvent(std::move(event));
}

Result<BrokerEvent> read_quotas(FieldReader& names, std::optional<BytesView> value) {
  QuotasSet event;
  while (!names.at_end()) {
    TRY_ASSIGN(std::string type, names.text());
    TRY_ASSIGN(int64_t has_name, names.number());
    TRY_ASSIGN(std::string name, names.text());
    event.entity[type] = has_name != 0 ? std::optional(std::move(name)) : std::nullopt;
  }
  FieldReader in(value.value_or(BytesView()));
  while (!in.at_end()) {
    TRY_ASSIGN(std::string name, in.text());
    TRY_ASSIGN(int64_t bits, in.number());
    event.values[name] = std::bit_cast<double>(bits);
  }
  return BrokerEvent(std::move(event));
}

Result<BrokerEvent> read_producer_ids(BytesView value) {
  ProducerIdsGiven event;
  TRY(FieldReader(value).number(event.next));
  return BrokerEvent(event);
}

Result<BrokerEvent> read_secret(BytesView value) {
  SecretMade event;
  TRY_ASSIGN(event.secret, FieldReader(value).text());
  return BrokerEvent(std::move(event));
}

Result<BrokerEvent> read_credential(FieldReader& names, std::optional<BytesView> value) {
  CredentialSet event;
  TRY_ASSIGN(event.user, names.text());
  TRY_ASSIGN(int64_t number, names.number());
  event.mechanism = static_cast<ScramMechanism>(number);
  if (number != static_cast<int64_t>(ScramMechanism::kSha256) &&
      number != static_cast<int64_t>(ScramMechanism::kSha512)) {
    return Error{Errc::kCorruption, "SCRAM mechanism " + std::to_string(number) + " is unknown"};
  }
  if (!value) return BrokerEvent(CredentialRemoved{std::move(event.user), event.mechanism});
  FieldReader in(*value);
  TRY(in.number(event.credential.iterations));
  TRY_ASSIGN(event.credential.salt, in.text());
  TRY_ASSIGN(event.credential.stored_key, in.text());
  TRY_ASSIGN(event.credential.server_key, in.text());
  return BrokerEvent(std::move(event));
}

template <class Enum>
Status read_enum(FieldReader& in, Enum& out, Enum last) {
  int8_t number = 0;
  TRY(in.number(number));
  out = static_cast<Enum>(number);
  if (number >= 1 && out <= last) return {};
  return Error{Errc::kCorruption, std::to_string(number) + " in an access rule stands for nothing"};
}

Result<BrokerEvent> read_acl(FieldReader& names, bool removed) {
  Acl acl;
  TRY(read_enum(names, acl.resource, AclResource::kUser));
  TRY(read_enum(names, acl.pattern, AclPattern::kPrefixed));
  TRY_ASSIGN(acl.name, names.text());
  TRY_ASSIGN(acl.principal, names.text());
  TRY_ASSIGN(acl.host, names.text());
  TRY(read_enum(names, acl.operation, AclOperation::kTwoPhaseCommit));
  TRY(read_enum(names, acl.permission, AclPermission::kAllow));
  if (removed) return BrokerEvent(AclRemoved{std::move(acl)});
  return BrokerEvent(AclAdded{std::move(acl)});
}

}  // namespace

FoldRecord BrokerState::encode(const Event& event) {
  return std::visit(Encode(), event);
}

Result<BrokerEvent> BrokerState::decode(BytesView key, std::optional<BytesView> value) {
  if (key.empty()) return Error{Errc::kCorruption, "an event without a key"};
  FieldReader names(key.substr(1));
  switch (static_cast<Kind>(key.front())) {
    case Kind::kStarted:
      return read_started(value.value_or(BytesView()));
    case Kind::kTopic:
      return read_topic(names, value);
    case Kind::kOffset:
      return read_offset(names, value);
    case Kind::kGeneration:
      return read_generation(names, value);
    case Kind::kConsumerGroup:
      return read_consumer_group(names, value);
    case Kind::kConsumerMember:
      return read_consumer_member(names, value);
    case Kind::kShareProgress:
      return read_share_progress(names, value);
    case Kind::kGroup: {
      TRY_ASSIGN(std::string group, names.text());
      return Event(GroupDeleted{std::move(group)});
    }
    case Kind::kConfigs:
      return read_configs(names, value);
    case Kind::kQuotas:
      return read_quotas(names, value);
    case Kind::kProducerIds:
      return read_producer_ids(value.value_or(BytesView()));
    case Kind::kTransaction:
      return read_transaction(names, value);
    case Kind::kTransactionGrew:
      return read_transaction_grew(names, value.value_or(BytesView()));
    case Kind::kStagedOffset:
      return read_staged_offset(names, value.value_or(BytesView()));
    case Kind::kSecret:
      return read_secret(value.value_or(BytesView()));
    case Kind::kCredential:
      return read_credential(names, value);
    case Kind::kAcl:
      return read_acl(names, !value);
  }
  return Error{Errc::kCorruption, "an event of an unknown kind, '" + std::string(1, key.front()) +
                                      "': written by a newer version of this program?"};
}

}  // namespace leat
