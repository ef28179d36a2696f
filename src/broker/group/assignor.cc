#include "broker/group/assignor.h"

#include <algorithm>

namespace leat {
namespace {

using OnePartition = std::pair<Uuid, int32_t>;

// Where everybody stands while partitions are handed out.
class Division {
 public:
  Division(const std::vector<AssignorMember>& members, const std::map<Uuid, int32_t>& topics) : members_(members) {
    owned_.resize(members.size());
    for (const auto& [topic, partitions] : topics) {
      bool wanted = std::any_of(members.begin(), members.end(),
                                [&, id = topic](const auto& member) { return member.topics.contains(id); });
      for (int32_t index = 0; wanted && index < partitions; ++index) free_.insert({topic, index});
    }
  }

  bool take(size_t member, const OnePartition& partition) {
    if (!members_[member].topics.contains(partition.first) || free_.erase(partition) == 0) return false;
    owned_[member].insert(partition);
    return true;
  }
  void move(size_t from, size_t to, const OnePartition& partition) {
    owned_[from].erase(partition);
    owned_[to].insert(partition);
  }
  const std::set<OnePartition>& free() const { return free_; }
  const std::set<OnePartition>& owned(size_t member) const { return owned_[member]; }

  Assignment result() const {
    Assignment out;
    for (size_t i = 0; i < members_.size(); ++i) {
      PartitionsByTopic& mine = out[members_[i].id];
      for (const auto& [topic, index] : owned_[i]) mine[topic].insert(index);
    }
    return out;
  }

 private:
  const std::vector<AssignorMember>& members_;
  std::set<OnePartition> free_;
  std::vector<std::set<OnePartition>> owned_;
};

bool subscribe_alike(const std::vector<AssignorMember>& members) {
  return std::all_of(members.begin(), members.end(),
                     [&](const auto& member) { return member.topics == members.front().topics; });
}

// Everybody may have the same number, and some one more.
void divide_alike(const std::vector<AssignorMember>& members, Division& division) {
  size_t each = division.free().size() / members.size(), more = division.free().size() % members.size();
  for (size_t i = 0; i < members.size(); ++i) {
    size_t kept = 0;
    for (const auto& [topic, indexes] : members[i].before) {
      for (int32_t index : indexes) {
        bool one_more = kept == each && more > 0;
        if ((kept >= each && !one_more) || !division.take(i, {topic, index})) continue;
        ++kept;
        if (one_more) --more;
      }
    }
  }
  for (size_t i = 0; i < members.size(); ++i) {
    size_t has = division.owned(i).size();
    size_t wanted = has > each ? has : each;
    if (has <= each && more > 0) {
      ++wanted;
      --more;
    }
    while (division.owned(i).size() < wanted) CHECK(division.take(i, OnePartition(*division.free().begin())));
  }
}

// The member that has least of those that may have it.
size_t poorest(const std::vector<AssignorMember>& members, const Division& division, const Uuid& topic) {
  size_t best = members.size();
  for (size_t i = 0; i < members.size(); ++i) {
    if (!members[i].topics.contains(topic)) continue;
    if (best == members.size() || division.owned(i).size() < division.owned(best).size()) best = i;
  }
  return best;
}

// Moves partitions of the topic from a member to others that have at least two fewer. False: there are none to move.
bool give_away(const std::vector<AssignorMember>& members, Division& division, size_t from, const Uuid& topic) {
  bool moved = false;
  while (true) {
    size_t to = poorest(members, division, topic);
    auto partition = division.owned(from).lower_bound({topic, 0});
    bool has = partition != division.owned(from).end() && partition->first == topic;
    if (!has || division.owned(to).size() + 2 > division.owned(from).size()) return moved;
    division.move(from, to, OnePartition(*partition));
    moved = true;
  }
}

bool even_out(const std::vector<AssignorMember>& members, Division& division) {
  bool moved = false;
  for (size_t from = 0; from < members.size(); ++from) {
    for (const Uuid& topic : members[from].topics) moved |= give_away(members, division, from, topic);
  }
  return moved;
}

void divide_unlike(const std::vector<AssignorMember>& members, Division& division) {
  for (size_t i = 0; i < members.size(); ++i) {
    for (const auto& [topic, indexes] : members[i].before) {
      for (int32_t index : indexes) division.take(i, {topic, index});
    }
  }
  while (!division.free().empty()) {
    OnePartition partition = *division.free().begin();
    CHECK(division.take(poorest(members, division, partition.first), partition));
  }
  while (even_out(members, division)) {
  }
}

}  // namespace

Assignment assign_uniform(const std::vector<AssignorMember>& members, const std::map<Uuid, int32_t>& topics) {
  Division division(members, topics);
  if (members.empty()) return {};
  if (subscribe_alike(members)) {
    divide_alike(members, division);
  } else {
    divide_unlike(members, division);
  }
  return division.result();
}

Assignment assign_range(const std::vector<AssignorMember>& members, const std::map<Uuid, int32_t>& topics) {
  std::vector<const AssignorMember*> ordered;
  for (const AssignorMember& member : members) ordered.push_back(&member);
  std::sort(ordered.begin(), ordered.end(), [](const auto* a, const auto* b) {
    bool a_is_static = a->instance_id.has_value(), b_is_static = b->instance_id.has_value();
    if (a_is_static != b_is_static) return a_is_static;
    return a_is_static ? *a->instance_id < *b->instance_id : a->id < b->id;
  });
  Assignment out;
  for (const AssignorMember& member : members) out[member.id];
  for (const auto& [topic, partitions] : topics) {
    std::vector<const AssignorMember*> subscribed;
    for (const auto* member : ordered) {
      if (member->topics.contains(topic)) subscribed.push_back(member);
    }
    if (subscribed.empty()) continue;
    auto count = static_cast<int32_t>(subscribed.size());
    int32_t each = partitions / count, more = partitions % count, next = 0;
    for (int32_t i = 0; i < count; ++i) {
      int32_t end = next + each + (i < more ? 1 : 0);
      for (; next < end; ++next) out[subscribed[static_cast<size_t>(i)]->id][topic].insert(next);
    }
  }
  return out;
}

Assignment assign_shared(const std::vector<AssignorMember>& members, const std::map<Uuid, int32_t>& topics) {
  Assignment out;
  // Members that subscribe to the same topics share them among each other, so that nobody is without.
  std::map<std::set<Uuid>, std::vector<const AssignorMember*>> by_subscription;
  for (const AssignorMember& member : members) {
    out[member.id];
    by_subscription[member.topics].push_back(&member);
  }
  for (const auto& [subscription, sharing] : by_subscription) {
    std::vector<OnePartition> wanted;
    for (const Uuid& topic : subscription) {
      for (int32_t index = 0; index < topics.at(topic); ++index) wanted.emplace_back(topic, index);
    }
    size_t pairs = wanted.empty() ? 0 : std::max(wanted.size(), sharing.size());
    for (size_t i = 0; i < pairs; ++i) {
      const auto& [topic, index] = wanted[i % wanted.size()];
      out[sharing[i % sharing.size()]->id][topic].insert(index);
    }
  }
  return out;
}

Assignor find_assignor(const std::string& name) {
  if (name == "uniform") return assign_uniform;
  if (name == "range") return assign_range;
  return nullptr;
}

}  // namespace leat
