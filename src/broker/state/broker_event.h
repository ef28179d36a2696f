#pragma once
// What a broker decides: the events that its state is folded from.
#include <variant>

#include "base/types.h"
#include "broker/catalog/topic_config.h"
#include "protocol/uuid.h"

namespace leat {

struct TopicInfo {
  std::string name;
  Uuid id;  // Another one each time that a topic of this name is made.
  int32_t partitions = 1;
  TopicConfigs configs;
  bool operator==(const TopicInfo&) const = default;
};

struct GroupOffset {
  Offset offset;
  int32_t leader_epoch = -1;  // Of the record before it, as the client knows it; -1: it does not.
  std::string metadata;
  WallTime at;
  bool operator==(const GroupOffset&) const = default;
};

namespace broker_event {

// The broker was started: its leader epoch is one more than before.
struct Started {
  std::string cluster_id;
  int32_t epoch = 0;
  bool operator==(const Started&) const = default;
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
struct GroupDeleted {
  std::string group;
  bool operator==(const GroupDeleted&) const = default;
};
struct ProducerIdsGiven {
  int64_t next = 0;  // Every id below may be in use.
  bool operator==(const ProducerIdsGiven&) const = default;
};

}  // namespace broker_event

using BrokerEvent =
    std::variant<broker_event::Started, broker_event::TopicChanged, broker_event::TopicDeleted,
                 broker_event::OffsetCommitted, broker_event::OffsetForgotten, broker_event::GenerationSaved,
                 broker_event::GroupDeleted, broker_event::ProducerIdsGiven>;

}  // namespace leat
