#pragma once
// What the clients of a simulated broker did and were told: what the checker judges by.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/types.h"

namespace leat::sim {

inline constexpr const char* kTopic = "t";
inline constexpr const char* kShareGroup = "shared";
inline constexpr int16_t kDeliveriesMax = 10;  // Of the share group: the most that it may be set to.
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

// What a member of a group in which the broker assigns works on, and until when the broker has to leave it to it.
struct Ownership {
  std::set<int32_t> partitions;
  int64_t until_ns = 0;  // Of the monotonic clock.
};

// One record as a share group's members see it.
struct SharedRecord {
  std::string value;
  bool is_gap = false;  // There is no record at its offset: a marker.
  int16_t deliveries = 0;
  std::string holder;  // Empty: nobody.
  int64_t held_until_ns = 0;
  bool settled = false;   // Accepted, and the member was told so.
  bool in_doubt = false;  // Accepted, and the member was not told.
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
  int32_t newest_generation = -1;                              // Whose assignments any member was told of.
  std::map<std::string, Ownership> assigned;                   // By member.
  std::map<std::pair<int32_t, int64_t>, SharedRecord> shared;  // By partition and offset.
  bool calm = false;   // Nobody dies any more: what goes on is to come to its end.
  std::string broken;  // What a client saw that must never be; empty: nothing.
};

}  // namespace leat::sim
