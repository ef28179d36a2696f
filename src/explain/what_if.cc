#include "explain/what_if.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace leat {
namespace {

using Partition = std::pair<std::string, int32_t>;

struct Consumer {
  std::string name, client, instance;
  std::set<std::string> topics;
  std::set<Partition> has, gets;
};
using Consumers = std::vector<Consumer>;
using Counts = std::map<std::string, int32_t>;

// Static members come first, by their instance ids: Kafka's assignors sort so.
void sort_for_assignors(Consumers& all) {
  std::stable_sort(all.begin(), all.end(), [](const Consumer& a, const Consumer& b) {
    return std::tuple(a.instance.empty(), a.instance, a.name) < std::tuple(b.instance.empty(), b.instance, b.name);
  });
}

// RangeAssignor: of each topic everybody gets a stretch; the first ones one partition more.
void assign_range(Consumers& all, const Counts& counts) {
  for (const auto& [topic, count] : counts) {
    std::vector<Consumer*> takers;
    for (Consumer& each : all) {
      if (each.topics.contains(topic)) takers.push_back(&each);
    }
    int32_t next = 0, left = count;
    for (size_t i = 0; i < takers.size(); ++i) {
      auto remaining = static_cast<int32_t>(takers.size() - i);
      int32_t share = (left + remaining - 1) / remaining;
      for (int32_t taken = 0; taken < share; ++taken) takers[i]->gets.insert({topic, next++});
      left -= share;
    }
  }
}

// RoundRobinAssignor: all partitions, in order, to the members in turn.
void assign_round_robin(Consumers& all, const Counts& counts) {
  size_t turn = 0;
  for (const auto& [topic, count] : counts) {
    bool anybody = std::any_of(all.begin(), all.end(),
                               [&, &topic = topic](const Consumer& each) { return each.topics.contains(topic); });
    for (int32_t partition = 0; anybody && partition < count; ++partition) {
      while (!all[turn % all.size()].topics.contains(topic)) ++turn;
      all[turn++ % all.size()].gets.insert({topic, partition});
    }
  }
}

// The sticky assignors: what can stay stays; the rest goes to those who have least, until nobody has two more than
// another one who could take it.
void assign_sticky(Consumers& all, const Counts& counts) {
  std::set<Partition> free;
  for (const auto& [topic, count] : counts) {
    for (int32_t partition = 0; partition < count; ++partition) free.insert({topic, partition});
  }
  for (Consumer& each : all) {
    for (const Partition& partition : each.has) {
      if (each.topics.contains(partition.first) && free.erase(partition) > 0) each.gets.insert(partition);
    }
  }
  auto poorest = [&](const std::string& topic) -> Consumer* {
    Consumer* out = nullptr;
    for (Consumer& each : all) {
      if (each.topics.contains(topic) && (out == nullptr || each.gets.size() < out->gets.size())) out = &each;
    }
    return out;
  };
  for (const Partition& partition : free) {
    if (Consumer* taker = poorest(partition.first)) taker->gets.insert(partition);
  }
  for (bool moved = true; moved;) {
    moved = false;
    std::vector<Consumer*> richest;
    for (Consumer& each : all) richest.push_back(&each);
    std::stable_sort(richest.begin(), richest.end(),
                     [](const Consumer* a, const Consumer* b) { return a->gets.size() > b->gets.size(); });
    for (Consumer* rich : richest) {
      for (auto partition = rich->gets.rbegin(); partition != rich->gets.rend() && !moved; ++partition) {
        Consumer* taker = poorest(partition->first);
        if (taker == nullptr || taker->gets.size() + 1 >= rich->gets.size()) continue;
        taker->gets.insert(*partition);
        rich->gets.erase(std::next(partition).base());
        moved = true;
        break;
      }
      if (moved) break;
    }
  }
}

PartitionSets sets_of(const std::set<Partition>& all) {
  PartitionSets out;
  for (const auto& [topic, partition] : all) out[topic].push_back(partition);
  return out;
}

WhatIfPlan plan_of(const char* assignor, const Consumers& after, const std::set<Partition>& of_leavers) {
  WhatIfPlan plan;
  plan.assignor = assignor;
  plan.moves = static_cast<int32_t>(of_leavers.size());
  for (const Consumer& each : after) {
    WhatIfMember& member = plan.members.emplace_back();
    member.name = each.name;
    member.client = each.client;
    member.topics.assign(each.topics.begin(), each.topics.end());
    std::set<Partition> given;
    std::set_difference(each.has.begin(), each.has.end(), each.gets.begin(), each.gets.end(),
                        std::inserter(given, given.end()));
    member.has = sets_of(each.has);
    member.gets = sets_of(each.gets);
    member.gives_up = sets_of(given);
    member.has_count = static_cast<int32_t>(each.has.size());
    member.gets_count = static_cast<int32_t>(each.gets.size());
    plan.moves += static_cast<int32_t>(given.size());
  }
  return plan;
}

Counts counts_of(const Consumers& all, const std::map<std::string, int32_t>& known) {
  Counts out;
  for (const Consumer& each : all) {
    for (const std::string& topic : each.topics) {
      auto found = known.find(topic);
      if (found != known.end()) out[topic] = found->second;
    }
    for (const auto& [topic, partition] : each.has) {
      if (!known.contains(topic)) out[topic] = std::max(out[topic], partition + 1);
    }
  }
  return out;
}

}  // namespace

WhatIf what_if(const std::vector<RebalanceMember>& members, const std::map<std::string, int32_t>& partitions,
               const std::string& assignor, bool consumer_protocol, int32_t added) {
  WhatIf out;
  out.added = added;
  Consumers all;
  std::set<std::string> every_topic;
  for (const RebalanceMember& member : members) {
    Consumer& each = all.emplace_back();
    each.name = member.id;
    each.client = member.instance_id.empty() ? member.client_id : member.instance_id;
    each.instance = member.instance_id;
    each.topics.insert(member.topics.begin(), member.topics.end());
    for (const auto& [topic, owned] : member.assigned) {
      each.topics.insert(topic);
      for (int32_t partition : owned) each.has.insert({topic, partition});
    }
    every_topic.insert(each.topics.begin(), each.topics.end());
  }
  Counts counts = counts_of(all, partitions);
  for (const auto& [topic, count] : counts) out.partitions += count;
  std::set<Partition> of_leavers;
  for (; added < 0 && all.size() > 1; ++added) {
    auto leaver = std::max_element(all.begin(), all.end(),
                                   [](const Consumer& a, const Consumer& b) { return a.has.size() < b.has.size(); });
    out.leaving.push_back(leaver->name);
    of_leavers.insert(leaver->has.begin(), leaver->has.end());
    all.erase(leaver);
  }
  sort_for_assignors(all);
  for (int32_t i = 1; i <= added; ++i) {
    Consumer& each = all.emplace_back();
    each.name = each.client = "new " + std::to_string(i);
    each.topics = every_topic;
  }
  if (all.empty()) return out;
  struct Known {
    const char* name;
    void (*assign)(Consumers&, const Counts&);
    bool stops_all;
  };
  static constexpr Known kKnown[] = {{"range", assign_range, true},
                                     {"roundrobin", assign_round_robin, true},
                                     {"sticky", assign_sticky, true},
                                     {"cooperative-sticky", assign_sticky, false}};
  for (const Known& known : kKnown) {
    Consumers after = all;
    known.assign(after, counts);
    WhatIfPlan& plan = out.plans.emplace_back(plan_of(known.name, after, of_leavers));
    plan.stops_all = known.stops_all && !consumer_protocol;
    bool uniform = consumer_protocol && assignor == "uniform" && plan.assignor == std::string("cooperative-sticky");
    plan.in_use = plan.assignor == assignor || uniform;
  }
  return out;
}

}  // namespace leat
