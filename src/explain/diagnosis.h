#pragma once
// Diagnosis: what the history of a group means. Each thing that went on is an incident: who caused it, the rebalances
// that came of it (a member that goes and comes back causes two), what the evidence is, and what it cost. Incidents of
// one cause are a finding, with what to change.
#include <optional>
#include <string>
#include <vector>

#include "explain/cause.h"
#include "explain/history.h"

namespace leat {

struct Who {
  std::string member_id, instance_id, client_id, client_host, software_name, software_version;
  int32_t session_timeout_ms = 0, rebalance_timeout_ms = 0;  // 0: not known.
};

struct Incident {
  Cause cause = Cause::kMembershipChanged;
  Confidence confidence = Confidence::kObserved;
  WallTime at;
  Who who;
  std::vector<std::string> evidence;  // Sentences.
  std::vector<size_t> rebalances;     // Of Diagnosis::rebalances.

  // What the advice is computed from; -1: not known.
  int64_t needed_ms = -1;                            // Between two polls, or between two heartbeats: what was too long.
  bool needed_more = false;                          // It had not come back yet: needed_ms is a lower bound.
  int64_t batch_records = -1;                        // How many records it took so long for.
  int64_t back_ms = -1;                              // After how long it came back.
  int64_t up_ms = -1;                                // For how long it had been a member before.
  int64_t unserved_ms = 0;                           // From when it stopped until the coordinator knew.
  int64_t read_again_max = -1, read_again_min = -1;  // Records.
  std::vector<std::string> topics;                   // Added, deleted, ...
  std::vector<std::string> topics_gone;              // ...or no longer subscribed to.
  std::vector<std::string> offered, wanted;          // Assignors.
  std::string other;                                 // The other one of two.
};

struct ExplainedRebalance {
  Rebalance what;
  std::vector<size_t> incidents;  // The first one is why.
  int64_t duration_ms() const { return what.ended ? what.ended->value - what.began.value : 0; }
};

// One cause, all of its incidents.
struct Finding {
  Cause cause = Cause::kMembershipChanged;
  Confidence confidence = Confidence::kObserved;  // The weakest.
  std::string title;
  std::vector<size_t> incidents;
  size_t rebalances = 0;    // That they caused.
  int64_t paused_ms = 0;    // Of those together.
  int64_t unserved_ms = 0;  // Before the coordinator knew.
  int64_t read_again_max = -1;
  std::string who, why;              // A sentence or two.
  std::vector<std::string> changes;  // What to change: each stands alone.
};

struct Diagnosis {
  WallTime from, until;
  std::vector<ExplainedRebalance> rebalances;  // In order.
  std::vector<Incident> incidents;
  std::vector<Finding> findings;    // The gravest first.
  int64_t dropped = 0;              // Facts that were not kept.
  std::vector<std::string> limits;  // What cannot be known, where that is so.
  int64_t paused_ms() const;
};

// `records` in the order of the topic. What began before `from` only helps to understand the rest.
Diagnosis diagnose(const std::vector<HistoryRecord>& records, WallTime from, WallTime until);

}  // namespace leat
