// How the events stand in the log. docs/formats/broker-state.md.
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
  kGroup = 'd',  // Only ever erased.
  kProducerIds = 'p',
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
  return key_of(Kind::kOffset, BytesView(group), BytesView(partition.topic), partition.partition.value);
}

struct Encode {
  FoldRecord operator()(const Started& event) const {
    return {key_of(Kind::kStarted), fields(BytesView(event.cluster_id), int64_t{event.epoch})};
  }
  FoldRecord operator()(const TopicChanged& event) const {
    const TopicInfo& topic = event.topic;
    Bytes value = fields(view_of(topic.id), int64_t{topic.partitions});
    for (const auto& [name, set] : topic.configs.set) value += fields(BytesView(name), BytesView(set));
    return {key_of(Kind::kTopic, BytesView(topic.name)), std::move(value)};
  }
  FoldRecord operator()(const TopicDeleted& event) const {
    return {key_of(Kind::kTopic, BytesView(event.name)), std::nullopt};
  }
  FoldRecord operator()(const OffsetCommitted& event) const {
    return {offset_key(event.group, event.partition),
            fields(event.offset.offset.value, int64_t{event.offset.leader_epoch}, BytesView(event.offset.metadata),
                   event.offset.at.value)};
  }
  FoldRecord operator()(const OffsetForgotten& event) const {
    return {offset_key(event.group, event.partition), std::nullopt};
  }
  FoldRecord operator()(const GenerationSaved& event) const {
    return {key_of(Kind::kGeneration, BytesView(event.group)), event.generation};
  }
  FoldRecord operator()(const GroupDeleted& event) const {
    return {key_of(Kind::kGroup, BytesView(event.group)), std::nullopt};
  }
  FoldRecord operator()(const ProducerIdsGiven& event) const {
    return {key_of(Kind::kProducerIds), fields(event.next)};
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
  while (!in.at_end()) {
    TRY_ASSIGN(std::string name, in.text());
    TRY_ASSIGN(topic.configs.set[name], in.text());
  }
  return BrokerEvent(TopicChanged{std::move(topic)});
}

Result<BrokerEvent> read_offset(FieldReader& names, std::optional<BytesView> value) {
  OffsetCommitted event;
  TRY_ASSIGN(event.group, names.text());
  TRY_ASSIGN(event.partition.topic, names.text());
  TRY(names.number(event.partition.partition.value));
  if (!value) return BrokerEvent(OffsetForgotten{std::move(event.group), std::move(event.partition)});
  FieldReader in(*value);
  TRY(in.number(event.offset.offset.value));
  TRY(in.number(event.offset.leader_epoch));
  TRY_ASSIGN(event.offset.metadata, in.text());
  TRY(in.number(event.offset.at.value));
  return BrokerEvent(std::move(event));
}

Result<BrokerEvent> read_producer_ids(BytesView value) {
  ProducerIdsGiven event;
  TRY(FieldReader(value).number(event.next));
  return BrokerEvent(event);
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
    case Kind::kGeneration: {
      TRY_ASSIGN(std::string group, names.text());
      return Event(GenerationSaved{std::move(group), Bytes(value.value_or(BytesView()))});
    }
    case Kind::kGroup: {
      TRY_ASSIGN(std::string group, names.text());
      return Event(GroupDeleted{std::move(group)});
    }
    case Kind::kProducerIds:
      return read_producer_ids(value.value_or(BytesView()));
  }
  return Error{Errc::kCorruption, "an event of an unknown kind, '" + std::string(1, key.front()) +
                                      "': written by a newer version of this program?"};
}

}  // namespace leat
