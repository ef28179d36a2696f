#pragma once
// The judge: Jepsen's questions about a log (lost, doubled, reordered, aborted and torn reads, offsets that go back).
#include "test/broker_sim/history.h"

namespace leat::sim {

// What is in a partition when all is over.
struct FinalPartition {
  std::vector<Seen> all, committed;  // To a reader of everything, and to one of what was committed.
  int64_t end = 0, last_stable = 0;
};

// Empty if nothing is wrong; else what. `groups`: the offset that each group is at, -1: none.
std::string judge(const History&, const std::vector<FinalPartition>&, const std::map<std::string, int64_t>& groups);

// The first record that was given to no member of the share group that could have accepted it; empty: there is none.
std::string unshared(const History&, const std::vector<FinalPartition>&);

}  // namespace leat::sim
