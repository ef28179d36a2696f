#include "test/broker_sim/checker.h"

#include <algorithm>

namespace leat::sim {
namespace {

using Index = std::map<std::string, std::vector<int64_t>>;  // Offsets by value.

class Judge {
 public:
  Judge(const History& history, const std::vector<FinalPartition>& partitions)
      : history_(history), partitions_(partitions) {
    for (const FinalPartition& partition : partitions) {
      all_.push_back(index(partition.all));
      committed_.push_back(index(partition.committed));
    }
  }

  std::string judge_sent() {
    for (const Sent& sent : history_.sent) {
      if (std::string wrong = judge_one(sent); !wrong.empty()) return describe(sent) + wrong;
    }
    return "";
  }

  std::string judge_transactions() {
    std::vector<std::pair<size_t, size_t>> shown(
        history_.transactions.size());  // Committed records, acknowledged ones.
    for (const Sent& sent : history_.sent) {
      if (sent.transaction < 0) continue;
      auto& [visible, acknowledged] = shown[static_cast<size_t>(sent.transaction)];
      visible += committed(sent).size();
      acknowledged += sent.outcome == Outcome::kDone ? 1 : 0;
    }
    for (size_t i = 0; i < shown.size(); ++i) {
      auto [visible, acknowledged] = shown[i];
      Outcome outcome = history_.transactions[i].committed;
      std::string name = "transaction " + std::to_string(i) + ": " + std::to_string(visible) + " of " +
                         std::to_string(acknowledged) + " acknowledged records are committed, and it was ";
      if (outcome == Outcome::kDone && visible != acknowledged) return name + "committed";
      if (outcome == Outcome::kFailed && visible != 0) return name + "aborted";
      if (visible != 0 && visible != acknowledged) return name + "in doubt";
    }
    return "";
  }

  std::string judge_readings() const {
    for (const Reading& reading : history_.readings) {
      const FinalPartition& partition = partitions_[static_cast<size_t>(reading.partition)];
      std::vector<Seen> expected = reading.committed ? partition.committed : partition.all;
      std::erase_if(expected, [&reading](const Seen& seen) { return seen.offset >= reading.position; });
      if (same(reading.seen, expected)) continue;
      return std::string("a reader of ") + (reading.committed ? "committed records" : "everything") + " of partition " +
             std::to_string(reading.partition) + " was given " + std::to_string(reading.seen.size()) +
             " records up to offset " + std::to_string(reading.position) + ", and there are " +
             std::to_string(expected.size()) + difference(reading.seen, expected);
    }
    return "";
  }

  std::string judge_stuck() const {
    for (const FinalPartition& partition : partitions_) {
      if (partition.last_stable != partition.end) {
        return "a transaction is open for ever from offset " + std::to_string(partition.last_stable);
      }
    }
    return "";
  }

 private:
  static Index index(const std::vector<Seen>& records) {
    Index out;
    for (const Seen& seen : records) out[seen.value].push_back(seen.offset);
    return out;
  }
  static bool same(const std::vector<Seen>& a, const std::vector<Seen>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Seen& left, const Seen& right) {
      return left.offset == right.offset && left.value == right.value;
    });
  }
  static std::string difference(const std::vector<Seen>& seen, const std::vector<Seen>& expected) {
    for (size_t i = 0; i < std::max(seen.size(), expected.size()); ++i) {
      std::string was = i < seen.size() ? seen[i].value + "@" + std::to_string(seen[i].offset) : "nothing";
      std::string is = i < expected.size() ? expected[i].value + "@" + std::to_string(expected[i].offset) : "nothing";
      if (was != is) return "; first difference: " + was + " was read, " + is + " is there";
    }
    return "";
  }
  static std::string describe(const Sent& sent) {
    return sent.value + " of partition " + std::to_string(sent.partition) + " ";
  }
  std::vector<int64_t> committed(const Sent& sent) const { return find(committed_, sent); }
  static std::vector<int64_t> find(const std::vector<Index>& in, const Sent& sent) {
    const Index& places = in[static_cast<size_t>(sent.partition)];
    auto found = places.find(sent.value);
    return found == places.end() ? std::vector<int64_t>() : found->second;
  }
  std::string judge_one(const Sent& sent) const {
    std::vector<int64_t> there = find(all_, sent);
    if (there.size() > 1) return "is there " + std::to_string(there.size()) + " times";
    if (sent.outcome != Outcome::kDone) return "";
    if (there.empty()) return "was acknowledged and is lost";
    return there[0] == sent.offset
               ? ""
               : "is at " + std::to_string(there[0]) + ", acknowledged as " + std::to_string(sent.offset);
  }

  const History& history_;
  const std::vector<FinalPartition>& partitions_;
  std::vector<Index> all_, committed_;
};

// No two members own a partition in the same generation.
std::string judge_owners(const History& history) {
  for (const auto& [generation, members] : history.owners) {
    std::map<char, std::string> owner;
    for (const auto& [member, partitions] : members) {
      for (char partition : partitions) {
        if (owner.emplace(partition, member).second) continue;
        return "in generation " + std::to_string(generation) + " partition " + partition + " has two owners";
      }
    }
  }
  return "";
}

// The group of each transactional id is where the last transaction that was committed left it.
std::string judge_positions(const History& history, const std::map<std::string, int64_t>& groups) {
  for (size_t producer = 0; producer < history.by_producer.size(); ++producer) {
    int64_t at = groups.at("tx" + std::to_string(producer)), known = -1;
    bool possible = at == -1;
    for (int run : history.by_producer[producer]) {
      const TransactionRun& transaction = history.transactions[static_cast<size_t>(run)];
      if (transaction.committed == Outcome::kDone) {
        known = transaction.position;
        possible = at == known;
      } else if (transaction.committed == Outcome::kUnknown) {
        possible |= at == transaction.position;
      }
    }
    if (!possible) {
      return "the group of tx" + std::to_string(producer) + " is at " + std::to_string(at) +
             ", and the last commit that was acknowledged put it to " + std::to_string(known);
    }
  }
  for (const auto& [group, acknowledged] : history.positions) {
    if (groups.at(group) < acknowledged) return "group " + group + " went back";
  }
  return "";
}

// What a share group's members were given is what is there.
std::string judge_shared(const History& history, const std::vector<FinalPartition>& partitions) {
  std::map<std::pair<int32_t, int64_t>, std::string> there;
  for (size_t i = 0; i < partitions.size(); ++i) {
    for (const Seen& seen : partitions[i].all) there[{static_cast<int32_t>(i), seen.offset}] = seen.value;
  }
  for (const auto& [place, record] : history.shared) {
    auto found = there.find(place);
    if (record.is_gap ? found == there.end() : found != there.end() && found->second == record.value) continue;
    return "a share group was given " + (record.is_gap ? "nothing" : record.value) + " at offset " +
           std::to_string(place.second) + " of partition " + std::to_string(place.first) + ", where there is " +
           (found == there.end() ? "nothing" : found->second);
  }
  return "";
}

}  // namespace

std::string unshared(const History& history, const std::vector<FinalPartition>& partitions) {
  for (size_t i = 0; i < partitions.size(); ++i) {
    for (const Seen& seen : partitions[i].all) {
      auto found = history.shared.find({static_cast<int32_t>(i), seen.offset});
      bool is_known = found != history.shared.end();
      // It was given out too often; answers that nobody got count, too.
      bool is_given_up = is_known && found->second.deliveries > kDeliveriesMax / 2;
      if (is_given_up || (is_known && (found->second.settled || found->second.in_doubt))) continue;
      return seen.value + " at offset " + std::to_string(seen.offset) + " of partition " + std::to_string(i) +
             ", which was given out " + std::to_string(is_known ? found->second.deliveries : 0) + " times";
    }
  }
  return "";
}

std::string judge(const History& history, const std::vector<FinalPartition>& partitions,
                  const std::map<std::string, int64_t>& groups) {
  if (!history.broken.empty()) return history.broken;
  Judge judge(history, partitions);
  for (auto wrong : {judge.judge_sent(), judge.judge_transactions(), judge.judge_readings(), judge.judge_stuck(),
                     judge_owners(history), judge_positions(history, groups), judge_shared(history, partitions)}) {
    if (!wrong.empty()) return wrong;
  }
  return "";
}

}  // namespace leat::sim
