#pragma once
// HomeState: what a home of topics has decided: which topics there are, how far each partition is committed, and the
// positions of groups. A StateMachine; its log is the journal. docs/formats/transactions.md.
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "fold/state_machine.h"
#include "topic/topic.h"

namespace leat {

struct TopicState {
  int64_t id = 0;  // Names the directories, so that a topic made again under the same name has new ones.
  TopicConfig config;
  std::vector<Offset> committed;  // By partition: the offset behind the last record that was decided.
};

class HomeState {
 public:
  using Ends = std::map<TopicPartition, Offset>;
  using Positions = std::map<std::pair<std::string, TopicPartition>, CommittedOffset>;

  struct CreateTopic {
    std::string name;
    TopicConfig config;
  };
  struct DropTopic {
    std::string name;
  };
  struct Commit {
    Ends ends;  // What stands below is durable already.
    Positions positions;
  };
  using Command = std::variant<CreateTopic, DropTopic, Commit>;
  using Reply = Status;  // kInvalidArgument, kAlreadyExists, kNotFound.

  struct TopicCreated {
    std::string name;
    int64_t id = 0;
    TopicConfig config;
  };
  // The ids below were given, also to topics that are no more: what a crash left of their files is never taken for
  // those of another.
  struct IdsGiven {
    int64_t next = 1;
  };
  struct TopicDropped {
    std::string name;
  };
  struct PartitionCommitted {
    TopicPartition partition;
    Offset end;
  };
  struct PositionCommitted {
    std::string group;
    TopicPartition partition;
    CommittedOffset position;
  };
  using Event = std::variant<TopicCreated, TopicDropped, IdsGiven, PartitionCommitted, PositionCommitted>;

  Decision<Event, Reply> decide(const Command&, WallTime now) const;
  void apply(const Event&);
  std::vector<Event> snapshot() const;
  static FoldRecord encode(const Event&);
  static Result<Event> decode(BytesView key, std::optional<BytesView> value);

  const std::map<std::string, TopicState>& topics() const { return topics_; }
  const Positions& positions() const { return positions_; }
  // How far the partition is committed. kNotFound if there is no such partition.
  Result<Offset> committed(const TopicPartition&) const;

 private:
  Decision<Event, Reply> decide(const CreateTopic&) const;
  Decision<Event, Reply> decide(const DropTopic&) const;
  Decision<Event, Reply> decide(const Commit&) const;
  void apply(const TopicCreated&);
  void apply(const IdsGiven& event) { next_id_ = event.next; }
  void apply(const TopicDropped& event) { topics_.erase(event.name); }
  void apply(const PartitionCommitted&);
  void apply(const PositionCommitted& event) { positions_[{event.group, event.partition}] = event.position; }

  std::map<std::string, TopicState> topics_;
  Positions positions_;
  int64_t next_id_ = 1;
};

static_assert(StateMachine<HomeState>);

}  // namespace leat
