#pragma once
// Graph: the operators of one job and how rows flow between them. Built by job/ from a logical plan, run by a Runner.
// Nodes are numbered in the order in which they are added, inputs before the nodes that read them; the numbers name the
// operators' state in checkpoints, so the same plan must always build the same graph.
#include <memory>
#include <string>
#include <vector>

#include "stream/operator.h"
#include "stream/sink.h"
#include "stream/source.h"

namespace leat {

struct GraphEdge {
  int node;   // That reads.
  int input;  // Which of its inputs.
};

struct GraphNode {
  std::string name;
  // Exactly one of the three.
  std::unique_ptr<Source> source;
  std::unique_ptr<Operator> op;
  std::unique_ptr<Sink> sink;

  int inputs = 0;
  std::vector<GraphEdge> outputs;
  SourceStage stage;           // Source: see SourceContext.
  bool has_watermark = false;  // Source: the batch's last column is the watermark expression (microseconds).
};

class Graph {
 public:
  int add_source(std::string name, std::unique_ptr<Source>, SourceStage, bool has_watermark);
  int add_operator(std::string name, std::unique_ptr<Operator>, const std::vector<int>& inputs);
  int add_sink(std::string name, std::unique_ptr<Sink>, int input);

  std::vector<GraphNode>& nodes() { return nodes_; }

 private:
  int add(GraphNode, const std::vector<int>& inputs);
  std::vector<GraphNode> nodes_;
};

}  // namespace leat
