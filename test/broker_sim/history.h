#pragma once
// What the clients of a simulated broker did and were told: what the checker judges by.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/types.h"

namespace leat::sim {

inline constexpr const char* kTopic = "t";
inline constexpr int32_t kPartitions = 3;

enum class Outcome : uint8_t { kUnknown, kDone, kFailed };

// One record that was sent. Values are unique in a run.
struct Sent {
  std::string value;
  int32_t partition = 0;
  Outcome outcome = Outcome::kUnknown;
  int64_t offset = -1;      // If the broker said so.
  int transaction = -1;     // Which of `History::transactions` it belongs to.
  bool may_double = false;  // Sent again by a producer that is not idempotent.
};

struct TransactionRun {
  Outcome committed = Outcome::kUnknown;  // kFailed: it was aborted, or never decided.
  int64_t position = -1;                  // The offset that it commits for its group.
};

// One record that a reader got.
struct Seen {
  int64_t offset = 0;
  std::string value;
};

struct Reading {
  int32_t partition = 0;
  bool committed = false;  // read_committed.
  std::vector<Seen> seen;  // In the order of polls.
  int64_t position = 0;    // The next offset to be asked for.
};

struct History {
  std::vector<Sent> sent;
  std::vector<TransactionRun> transactions;
  std::vector<std::vector<int>> by_producer;  // The transactions of each transactional id, in order.
  std::vector<Reading> readings;
  std::map<std::string, int64_t> positions;  // Of each group, the newest that was acknowledged.
  std::map<std::string, int64_t> asked;      // The newest that was sent.
  // What each member of a classic group was given in each generation: digits, a partition each.
  std::map<int32_t, std::map<std::string, std::string>> owners;
  int32_t newest_generation = -1;  // Whose assignments any member was told of.
  std::string broken;              // What a client saw that must never be; empty: nothing.
};

}  // namespace leat::sim
