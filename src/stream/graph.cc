#include "stream/graph.h"

namespace leat {

int Graph::add(GraphNode node, const std::vector<int>& inputs) {
  int id = static_cast<int>(nodes_.size());
  node.inputs = static_cast<int>(inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    CHECK(inputs[i] >= 0 && inputs[i] < id);
    nodes_[static_cast<size_t>(inputs[i])].outputs.push_back({id, static_cast<int>(i)});
  }
  nodes_.push_back(std::move(node));
  return id;
}

int Graph::add_source(std::string name, std::unique_ptr<Source> source, SourceStage stage, bool has_watermark) {
  GraphNode node;
  node.name = std::move(name);
  node.source = std::move(source);
  node.stage = std::move(stage);
  node.has_watermark = has_watermark;
  return add(std::move(node), {});
}

int Graph::add_operator(std::string name, std::unique_ptr<Operator> op, const std::vector<int>& inputs) {
  GraphNode node;
  node.name = std::move(name);
  node.op = std::move(op);
  return add(std::move(node), inputs);
}

int Graph::add_sink(std::string name, std::unique_ptr<Sink> sink, int input) {
  GraphNode node;
  node.name = std::move(name);
  node.sink = std::move(sink);
  return add(std::move(node), {input});
}

}  // namespace leat
