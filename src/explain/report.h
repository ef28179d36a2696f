#pragma once
// A diagnosis as text for people and as JSON for programs.
#include <map>

#include "explain/diagnosis.h"
#include "explain/what_if.h"

namespace leat {

// What a group is now.
struct GroupNow {
  std::string id, state, assignor;
  bool consumer_protocol = false;  // KIP-848.
  int32_t generation = -1;         // -1: not known.
  std::string leader;              // A member's id; empty: not known, or there is none.
  std::vector<RebalanceMember> members;
};

struct ReportStyle {
  size_t width = 100;  // Of a line.
  size_t rebalances_max = 10;
  std::string bold, dim, plain;  // Escape sequences; empty: none.
};

std::string report_text(const GroupNow&, const Diagnosis&, const std::optional<WhatIf>&, const ReportStyle&);
// One object, its fields as docs/group-explain.md says.
std::string report_json(const GroupNow&, const Diagnosis&, const std::optional<WhatIf>&);

}  // namespace leat
