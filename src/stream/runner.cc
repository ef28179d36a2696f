#include "stream/runner.h"

#include <algorithm>

namespace leat {
namespace {

class OperatorStateWriter final : public StateWriter {
 public:
  OperatorStateWriter(CheckpointWriter& out, size_t node)
      : out_(out), prefix_(StateKey::make(StateKey::Kind::kOperator, node)) {}
  bool full() const override { return out_.full(); }
  void put(BytesView key, BytesView value) override { out_.put(with_prefix(key), value); }
  void erase(BytesView key) override { out_.erase(with_prefix(key)); }

 private:
  BytesView with_prefix(BytesView key) {
    buffer_.assign(prefix_).append(key);
    return buffer_;
  }
  CheckpointWriter& out_;
  Bytes prefix_, buffer_;
};

}  // namespace

// What an operator emits into: counts, then goes on to the readers at once.
class Runner::Port final : public Output {
 public:
  Port(Runner& runner, GraphNode& node, Account& account) : runner_(runner), node_(node), account_(account) {}
  Status emit(Batch batch) override {
    if (batch.rows == 0) return {};
    CHECK(batch.rows <= kBatchRowsMax);
    account_.rows_out += batch.rows;
    return runner_.deliver(node_.outputs, batch);
  }

 private:
  Runner& runner_;
  GraphNode& node_;
  Account& account_;
};

struct Runner::Node {
  Node(Runner& runner, GraphNode& graph_node)
      : graph(graph_node),
        tracker(graph_node.inputs),
        context{graph_node.name, runner.settings_, runner.dead_letters_, runner.crash_guard_, account},
        port(runner, graph_node, account) {
    if (graph.source) source = std::make_unique<SourceNode>(graph, runner.dead_letters_, account);
  }

  NodeRecord record() const {
    NodeRecord out;
    out.name = graph.name;
    out.role = graph.source ? NodeRecord::Role::kSource
               : graph.sink ? NodeRecord::Role::kSink
                            : NodeRecord::Role::kOperator;
    out.account = account;
    out.sent = sent;
    out.merged = tracker.merged();
    out.end_sent = end_sent;
    out.inputs_ended = inputs_ended;
    for (int input = 0; input < graph.inputs; ++input) out.inputs.push_back(tracker.input(input));
    return out;
  }

  GraphNode& graph;
  Account account;
  WatermarkTracker tracker;  // Over the inputs.
  EventTime sent = kMinEventTime;
  int inputs_ended = 0;
  bool end_sent = false;
  bool idle_sent = false;
  bool blocked = false;  // Source: had nothing when it was last asked in this step.
  OperatorContext context;
  Port port;
  std::unique_ptr<SourceNode> source;
  Bytes saved_source;  // From restore(), until resume().
};

Runner::Runner(Graph& graph, Env env, const EvalSettings& settings, DeadLetterSink& dead_letters,
               CrashGuard* crash_guard)
    : graph_(graph), env_(env), settings_(settings), dead_letters_(dead_letters), crash_guard_(crash_guard) {
  for (GraphNode& node : graph_.nodes()) nodes_.push_back(std::make_unique<Node>(*this, node));
}

Runner::~Runner() = default;

Status Runner::open(const Life& life) {
  for (size_t id = 0; id < nodes_.size(); ++id) TRY(open_node(id, life));
  return {};
}

Status Runner::open_node(size_t id, const Life& life) {
  Node& node = *nodes_[id];
  if (node.source) return {};
  if (node.graph.op) return node.graph.op->open(node.context);
  return node.graph.sink->open(SinkContext{env_, life.job, node.graph.name, life.run, life.replaced_run});
}

Status Runner::restore(BytesView bytes, std::optional<BytesView> value) {
  StateKey key = StateKey::parse(bytes);
  CHECK(key.node < nodes_.size());
  Node& node = *nodes_[key.node];
  if (key.kind == StateKey::Kind::kOperator) return node.graph.op->restore(key.rest, value);
  CHECK(value);
  if (key.kind == StateKey::Kind::kSource) {
    node.saved_source = Bytes(*value);
    return {};
  }
  NodeRecord record = NodeRecord::decode(*value);
  CHECK(record.inputs.size() == static_cast<size_t>(node.graph.inputs));
  node.account = record.account;
  node.sent = record.sent;
  node.end_sent = record.end_sent;
  node.inputs_ended = static_cast<int>(record.inputs_ended);
  node.tracker.restore_merged(record.merged);
  for (int input = 0; input < node.graph.inputs; ++input) {
    node.tracker.restore(input, record.inputs[static_cast<size_t>(input)]);
  }
  return {};
}

Status Runner::resume(CheckpointId last_committed) {
  TRY(recover_sinks(last_committed));
  for (auto& node : nodes_) {
    if (!node->source) continue;
    TRY(node->source->open(env_));
    if (!node->saved_source.empty()) TRY(node->source->restore(node->saved_source));
  }
  return {};
}

Status Runner::recover_sinks(CheckpointId last_committed) {
  for (auto& node : nodes_) {
    if (node->graph.sink) TRY(node->graph.sink->recover(last_committed));
  }
  return {};
}

// The source whose watermark is lowest goes first: it is the one that everything waits for, and state stays small.
int Runner::next_source() {
  int best = -1;
  for (size_t id = 0; id < nodes_.size(); ++id) {
    const Node& node = *nodes_[id];
    if (!node.source || node.end_sent || node.blocked) continue;
    if (best < 0 || node.source->watermark() < nodes_[static_cast<size_t>(best)]->source->watermark()) {
      best = static_cast<int>(id);
    }
  }
  return best;
}

Result<Runner::Step> Runner::step() {
  Step waiting;
  waiting.retry_at = kNever;
  for (auto& node : nodes_) node->blocked = false;
  for (int id = next_source(); id >= 0; id = next_source()) {
    Node& node = *nodes_[static_cast<size_t>(id)];
    TRY_ASSIGN(Step step, step_source(node));
    if (step.worked) return step;
    node.blocked = true;
    waiting.retry_at = std::min(waiting.retry_at, step.retry_at);
  }
  waiting.ended = std::all_of(nodes_.begin(), nodes_.end(), [](auto& node) { return !node->source || node->end_sent; });
  return waiting;
}

bool Runner::wanted(const Node& node) const {
  if (node.graph.sink) return true;
  if (node.graph.op && !node.graph.op->wants_more()) return false;
  return std::any_of(node.graph.outputs.begin(), node.graph.outputs.end(),
                     [this](const GraphEdge& edge) { return wanted(*nodes_[static_cast<size_t>(edge.node)]); });
}

Result<Runner::Step> Runner::step_source(Node& node) {
  if (!wanted(node)) node.source->end();
  TRY_ASSIGN(Poll poll, node.source->poll());
  if (poll.kind == Poll::Kind::kNothing) return Step{false, false, poll.retry_at};
  if (poll.kind == Poll::Kind::kBatch) TRY(node.port.emit(std::move(poll.batch.batch)));
  EventTime watermark = node.source->watermark();
  bool idle = node.source->idle();
  if (watermark > node.sent || idle != node.idle_sent) {
    node.idle_sent = idle;
    node.sent = std::max(node.sent, watermark);
    TRY(send_watermark(node.graph.outputs, node.sent, idle));
  }
  if (node.source->ended()) {
    node.end_sent = true;
    for (const GraphEdge& edge : node.graph.outputs) TRY(end_at(*nodes_[static_cast<size_t>(edge.node)]));
  }
  return Step{true, false, {}};
}

Status Runner::deliver(const std::vector<GraphEdge>& edges, const Batch& batch) {
  for (const GraphEdge& edge : edges) TRY(deliver_to(*nodes_[static_cast<size_t>(edge.node)], edge.input, batch));
  return {};
}

Status Runner::deliver_to(Node& node, int input, const Batch& batch) {
  node.account.rows_in += batch.rows;
  if (node.graph.sink) {
    node.account.passed += batch.rows;
    node.account.rows_out += batch.rows;
    return node.graph.sink->write(batch);
  }
  if (node.graph.inputs == 1 || batch.watermarks.empty()) return node.graph.op->process(input, batch, node.port);
  // A row is judged by what is known at this node: the minimum over its inputs.
  Batch judged = batch;
  int64_t floor = node.tracker.floor_without(input).value, merged = node.tracker.merged().value;
  for (int64_t& watermark : judged.watermarks) watermark = std::max(merged, std::min(watermark, floor));
  return node.graph.op->process(input, judged, node.port);
}

Status Runner::send_watermark(const std::vector<GraphEdge>& edges, EventTime watermark, bool idle) {
  for (const GraphEdge& edge : edges) {
    TRY(watermark_at(*nodes_[static_cast<size_t>(edge.node)], edge.input, watermark, idle));
  }
  return {};
}

Status Runner::watermark_at(Node& node, int input, EventTime watermark, bool idle) {
  node.tracker.advance(input, watermark);  // Which makes it active, too.
  if (idle) node.tracker.mark_idle(input);
  EventTime merged = node.tracker.merged();
  bool all_idle = node.tracker.idle();
  if (merged <= node.sent && all_idle == node.idle_sent) return {};
  node.idle_sent = all_idle;
  bool advanced = merged > node.sent;
  node.sent = std::max(node.sent, merged);
  if (node.graph.sink) return {};
  if (advanced) TRY(node.graph.op->on_watermark(node.sent, node.port));
  return send_watermark(node.graph.outputs, node.sent, all_idle);
}

Status Runner::end_at(Node& node) {
  if (++node.inputs_ended < node.graph.inputs) return {};
  node.end_sent = true;
  if (node.graph.sink) return {};
  TRY(node.graph.op->on_end(node.port));
  for (const GraphEdge& edge : node.graph.outputs) TRY(end_at(*nodes_[static_cast<size_t>(edge.node)]));
  return {};
}

Status Runner::checkpoint(CheckpointId id, CheckpointWriter& out) {
  for (auto& node : nodes_) {
    if (node->graph.sink) TRY(node->graph.sink->prepare(id));
  }
  for (size_t i = 0; i < nodes_.size(); ++i) {
    Node& node = *nodes_[i];
    if (node.graph.op) {
      OperatorStateWriter writer(out, i);
      TRY(node.graph.op->checkpoint(writer));
    }
    if (node.source) out.put(StateKey::make(StateKey::Kind::kSource, i), node.source->save());
    out.put(StateKey::make(StateKey::Kind::kNode, i), node.record().encode());
  }
  return {};
}

Status Runner::commit_sinks(CheckpointId id) {
  for (auto& node : nodes_) {
    if (node->graph.sink) TRY(node->graph.sink->commit(id));
  }
  return {};
}

std::vector<NodeRecord> Runner::records() const {
  std::vector<NodeRecord> out;
  for (const auto& node : nodes_) out.push_back(node->record());
  return out;
}

EventTime Runner::watermark() const {
  EventTime lowest = kMaxEventTime;
  for (const auto& node : nodes_) {
    if (node->source) lowest = std::min(lowest, node->source->watermark());
  }
  return lowest;
}

uint64_t Runner::state_bytes() const {
  uint64_t bytes = 0;
  for (const auto& node : nodes_) bytes += node->graph.op ? node->graph.op->state_bytes() : 0;
  return bytes;
}

std::pair<uint64_t, uint64_t> Runner::progress() const {
  std::pair<uint64_t, uint64_t> sum{0, 0};
  for (const auto& node : nodes_) {
    if (!node->graph.source) continue;
    auto [read, total] = node->graph.source->progress();
    sum.first += read;
    sum.second += total;
  }
  return sum;
}

bool Runner::bounded() const {
  return std::all_of(nodes_.begin(), nodes_.end(),
                     [](auto& node) { return !node->graph.source || node->graph.source->bounded(); });
}

}  // namespace leat
