#include "job/report.h"

#include <algorithm>
#include <tuple>

namespace leat {

bool JobReport::balances() const {
  return edges_balance && std::all_of(operators.begin(), operators.end(),
                                      [](const OperatorAccount& op) { return op.account.balances(); });
}

void add_accounts(JobReport& report, const std::vector<NodeRecord>& nodes) {
  for (const NodeRecord& node : nodes) {
    const Account& account = node.account;
    if (node.role == NodeRecord::Role::kSource) report.total.rows_in += account.rows_in;
    if (node.role == NodeRecord::Role::kSink) report.total.rows_out += account.rows_out;
    report.total.passed += account.passed;
    report.total.filtered += account.filtered;
    report.total.late += account.late;
    report.total.partly_late += account.partly_late;
    report.total.dead += account.dead;
    report.operators.push_back({node.name, account});
  }
}

JobReport make_report(const Runner& runner, Graph& graph, const JobHeader& header) {
  JobReport out;
  out.finished = header.finished;
  out.checkpoints = header.checkpoint.value;
  out.watermark = runner.watermark();
  out.state_bytes = runner.state_bytes();
  std::tie(out.bytes_read, out.bytes_total) = runner.progress();
  std::vector<NodeRecord> nodes = runner.records();
  add_accounts(out, nodes);
  std::vector<int64_t> delivered(nodes.size(), 0);
  for (size_t i = 0; i < nodes.size(); ++i) {
    for (const GraphEdge& edge : graph.nodes()[i].outputs) {
      delivered[static_cast<size_t>(edge.node)] += nodes[i].account.rows_out;
    }
  }
  for (size_t i = 0; i < nodes.size(); ++i) {
    bool source = nodes[i].role == NodeRecord::Role::kSource;
    if (!source && delivered[i] != nodes[i].account.rows_in) out.edges_balance = false;
  }
  return out;
}

TableOptions sink_options(const Table& table) {
  TableOptions options;
  options.table = table.name;
  options.options = table.options;
  options.fields = table.sink_schema();
  options.physical = table.physical_schema();
  options.partitioned_by = table.partitioned_by;
  options.primary_key = table.primary_key;
  return options;
}

}  // namespace leat
