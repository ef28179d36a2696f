#include "broker/home_state.h"

#include <algorithm>

namespace leat {
namespace {

Error no_topic(const std::string& name) {
  return Error{Errc::kNotFound, "there is no topic '" + name + "'; `leat topic ls` lists those there are"};
}

}  // namespace

Result<Offset> HomeState::committed(const TopicPartition& partition) const {
  auto found = topics_.find(partition.topic);
  if (found == topics_.end()) return no_topic(partition.topic);
  auto number = static_cast<size_t>(partition.partition.value);
  if (number >= found->second.committed.size()) {
    return Error{Errc::kNotFound,
                 "topic '" + partition.topic + "' has no partition " + std::to_string(partition.partition.value)};
  }
  return found->second.committed[number];
}

Decision<HomeState::Event, HomeState::Reply> HomeState::decide(const Command& command, WallTime) const {
  return std::visit([this](const auto& what) { return decide(what); }, command);
}

Decision<HomeState::Event, HomeState::Reply> HomeState::decide(const CreateTopic& command) const {
  if (command.config.partitions < 1 || command.name.empty()) {
    return {{}, Error{Errc::kInvalidArgument, "a topic has a name and at least one partition"}};
  }
  if (topics_.contains(command.name)) {
    return {{}, Error{Errc::kAlreadyExists, "there is a topic '" + command.name + "' already"}};
  }
  return {{TopicCreated{command.name, next_id_, command.config}}, {}};
}

Decision<HomeState::Event, HomeState::Reply> HomeState::decide(const DropTopic& command) const {
  if (!topics_.contains(command.name)) return {{}, no_topic(command.name)};
  return {{TopicDropped{command.name}}, {}};
}

Decision<HomeState::Event, HomeState::Reply> HomeState::decide(const Commit& command) const {
  Decision<Event, Reply> out;
  for (const auto& [partition, end] : command.ends) {
    auto known = committed(partition);
    if (!known) return {{}, known.error()};
    CHECK(end >= *known);
    out.events.push_back(PartitionCommitted{partition, end});
  }
  for (const auto& [key, position] : command.positions) {
    out.events.push_back(PositionCommitted{key.first, key.second, position});
  }
  return out;
}

void HomeState::apply(const Event& event) {
  std::visit([this](const auto& what) { apply(what); }, event);
}

void HomeState::apply(const TopicCreated& event) {
  TopicState topic{event.id, event.config, {}};
  topic.committed.resize(static_cast<size_t>(event.config.partitions));
  next_id_ = std::max(next_id_, event.id + 1);
  topics_[event.name] = std::move(topic);
}

void HomeState::apply(const PartitionCommitted& event) {
  auto number = static_cast<size_t>(event.partition.partition.value);
  auto topic = topics_.find(event.partition.topic);
  CHECK(topic != topics_.end() && number < topic->second.committed.size());
  topic->second.committed[number] = event.end;
}

std::vector<HomeState::Event> HomeState::snapshot() const {
  std::vector<Event> out{IdsGiven{next_id_}};
  for (const auto& [name, topic] : topics_) {
    out.push_back(TopicCreated{name, topic.id, topic.config});
    for (size_t i = 0; i < topic.committed.size(); ++i) {
      out.push_back(PartitionCommitted{{name, PartitionId{static_cast<int32_t>(i)}}, topic.committed[i]});
    }
  }
  for (const auto& [key, position] : positions_) out.push_back(PositionCommitted{key.first, key.second, position});
  return out;
}

}  // namespace leat
