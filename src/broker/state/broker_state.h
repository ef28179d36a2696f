#pragma once
// BrokerState: everything that a broker has decided but the records themselves. A StateMachine (fold/state_machine.h):
// one log, so that what belongs together is decided together.
#include <functional>
#include <map>

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
  int64_t next_producer_id() const { return next_producer_id_; }
  const std::map<std::string, TopicInfo>& topics() const { return topics_; }
  const TopicInfo* topic(const std::string& name) const;
  const TopicInfo* topic(const Uuid& id) const;
  const std::map<std::string, GroupOffsets>& offsets() const { return offsets_; }
  const std::map<std::string, Bytes>& generations() const { return generations_; }
  bool operator==(const BrokerState&) const = default;

 private:
  void apply_one(const broker_event::Started& event) { started_ = event; }
  void apply_one(const broker_event::TopicChanged&);
  void apply_one(const broker_event::TopicDeleted&);
  void apply_one(const broker_event::OffsetCommitted&);
  void apply_one(const broker_event::OffsetForgotten&);
  void apply_one(const broker_event::GenerationSaved& event) { generations_[event.group] = event.generation; }
  void apply_one(const broker_event::GroupDeleted&);
  void apply_one(const broker_event::ProducerIdsGiven& event) { next_producer_id_ = event.next; }

  broker_event::Started started_;
  int64_t next_producer_id_ = 0;
  std::map<std::string, TopicInfo> topics_;
  std::map<Uuid, std::string> names_;
  std::map<std::string, GroupOffsets> offsets_;
  std::map<std::string, Bytes> generations_;
};
static_assert(StateMachine<BrokerState>);

}  // namespace leat
