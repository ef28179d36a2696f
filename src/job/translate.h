#pragma once
// From logical plans to a graph of operators: each node of a plan becomes one operator; the scans of a table become one
// source, however many queries read it.
#include <memory>
#include <vector>

#include "job/scan.h"
#include "plan/rel.h"
#include "plan/settings.h"
#include "stream/graph.h"

namespace leat {

struct Translated {
  Graph graph;
  std::vector<std::unique_ptr<ScanPlan>> scans;  // The graph's sources refer to them.
};

// `sinks[i]` takes the rows of `queries[i]`.
struct NamedSink {
  std::string name;
  std::unique_ptr<Sink> sink;
};
Result<std::unique_ptr<Translated>> translate(const std::vector<RelPtr>& queries, std::vector<NamedSink> sinks,
                                              const Settings&, const EvalSettings&);

}  // namespace leat
