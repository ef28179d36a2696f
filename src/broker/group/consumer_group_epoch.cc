#include "broker/group/consumer_group_epoch.h"

#include <algorithm>

#include "broker/group/assignor.h"
#include "broker/group/topic_pattern.h"
#include "explain/history.h"

namespace leat {
namespace {

// A pattern is over all topics, internal ones too, as in Kafka; but whoever subscribes to everything does not mean the
// history of groups, which Kafka does not have.
bool is_offered(const std::string& topic, const std::string& pattern) {
  return topic != kHistoryTopic || pattern.starts_with("__") || pattern.starts_with("^__");
}

}  // namespace

bool subscribes(const ConsumerGroupState& group, const std::string& topic) {
  return std::any_of(group.members.begin(), group.members.end(), [&](const auto& entry) {
    const ConsumerMember& member = entry.second;
    if (std::binary_search(member.topics.begin(), member.topics.end(), topic)) return true;
    if (member.pattern.empty() || !is_offered(topic, member.pattern)) return false;
    auto pattern = TopicPattern::compile(member.pattern);
    return pattern && pattern->matches(topic);
  });
}

Subscriptions::Subscriptions(const ConsumerGroupDraft& group, const BrokerState& state) {
  std::map<std::string, std::set<Uuid>> by_pattern;
  auto matching = [&](const std::string& pattern) -> const std::set<Uuid>& {
    auto [entry, is_new] = by_pattern.try_emplace(pattern);
    if (!is_new) return entry->second;
    auto compiled = TopicPattern::compile(pattern);
    for (const auto& [name, topic] : state.topics()) {
      if (compiled && is_offered(name, pattern) && compiled->matches(name)) entry->second.insert(topic.id);
    }
    return entry->second;
  };
  group.for_each([&](const ConsumerMember& member) {
    std::set<Uuid>& mine = by_member_[member.id];
    for (const std::string& name : member.topics) {
      if (const TopicInfo* topic = state.topic(name)) mine.insert(topic->id);
    }
    if (!member.pattern.empty()) mine.insert(matching(member.pattern).begin(), matching(member.pattern).end());
    for (const Uuid& id : mine) topics_[id] = state.topic(id)->partitions;
  });
}

std::string choose_assignor(const ConsumerGroupDraft& group, const GroupSettings& settings) {
  std::map<std::string, size_t> votes;
  group.for_each([&](const ConsumerMember& member) {
    if (member.assignor && find_assignor(*member.assignor) != nullptr) ++votes[*member.assignor];
  });
  if (votes.empty()) {
    const auto& known = settings.consumer_assignors;
    auto first = std::find_if(known.begin(), known.end(), [](const auto& name) { return find_assignor(name); });
    return first == known.end() ? "uniform" : *first;
  }
  return std::max_element(votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

void begin_epoch(ConsumerGroupDraft& group, const Subscriptions& subscriptions, const GroupSettings& settings) {
  ConsumerGroupHead& head = group.edit_head();
  ++head.epoch;
  head.assignment_epoch = head.epoch;
  head.topics = subscriptions.topics();
  head.assignor = head.shares ? "simple" : choose_assignor(group, settings);
  std::vector<AssignorMember> members;
  group.for_each([&](const ConsumerMember& member) {
    members.push_back({member.id, member.instance_id, subscriptions.of(member.id), member.target});
  });
  Assignor assign = head.shares ? assign_shared : find_assignor(head.assignor);
  CHECK(assign != nullptr);  // Settings and members were checked.
  Assignment targets = assign(members, head.topics);
  for (const AssignorMember& member : members) {
    if (targets[member.id] != member.before) group.edit(member.id).target = targets[member.id];
  }
}

}  // namespace leat
