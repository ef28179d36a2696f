#pragma once
// The history of a group, from wherever a cluster keeps one.
#include "client/cluster.h"
#include "explain/history.h"

namespace leat {

struct GroupPast {
  std::vector<HistoryRecord> records;
  std::vector<std::string> limits;  // What cannot be known from where they came.
};

// From `__leat_group_history`, where the brokers are ours; else what `__consumer_offsets` of another cluster still has.
// `from`: older records may be left out. kNotFound: there is neither.
Result<GroupPast> read_group_past(client::Cluster&, const std::string& group, WallTime from);

}  // namespace leat
