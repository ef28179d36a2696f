#pragma once
// Runner: runs a Graph on the calling thread. Rows are pushed from a source through every operator to the sinks before
// the next batch is read, so between two steps the graph holds no rows in flight: a checkpoint is taken there, and
// needs no alignment. Determinism follows: with one partition the results are a function of the input alone.
#include <memory>
#include <vector>

#include "stream/graph.h"
#include "stream/node_record.h"
#include "stream/source_node.h"

namespace leat {

// Receives the state records of one checkpoint.
class CheckpointWriter {
 public:
  virtual ~CheckpointWriter() = default;
  virtual bool full() const = 0;
  virtual void put(BytesView key, BytesView value) = 0;
  virtual void erase(BytesView key) = 0;
};

class Runner {
 public:
  // All of them outlive the runner. `crash_guard` may be null.
  Runner(Graph&, Env, const EvalSettings&, DeadLetterSink&, CrashGuard* crash_guard = nullptr);
  ~Runner();

  // Opens operators and sinks. Then restore() for each record of the job's log, in order; then resume(), or, if the job
  // had finished, recover_sinks().
  struct Life {
    std::string job, run, replaced_run;  // See SinkContext.
  };
  Status open(const Life&);
  Status restore(BytesView key, std::optional<BytesView> value);
  Status resume(CheckpointId last_committed);  // Opens and seeks the sources, recovers the sinks. 0 for a fresh start.
  Status recover_sinks(CheckpointId last_committed);

  struct Step {
    bool worked = false;  // False: no source has anything now.
    bool ended = false;   // Every source ended and on_end went through the whole graph.
    Instant retry_at;     // When !worked && !ended.
  };
  Result<Step> step();

  // In a fixed order: state of operators, positions and watermarks of sources, accounts. Sinks are prepared first.
  Status checkpoint(CheckpointId, CheckpointWriter&);
  Status commit_sinks(CheckpointId);

  std::vector<NodeRecord> records() const;  // One a node.
  EventTime watermark() const;              // The lowest over the sources that have not ended.
  uint64_t state_bytes() const;
  std::pair<uint64_t, uint64_t> progress() const;  // Bytes read and bytes there are; 0 if unknown.
  bool bounded() const;

 private:
  class Port;
  struct Node;
  Status open_node(size_t id, const Life&);
  Result<Step> step_source(Node&);
  bool wanted(const Node&) const;  // Whether rows of it can still reach a sink.
  int next_source();
  Status deliver(const std::vector<GraphEdge>&, const Batch&);
  Status deliver_to(Node&, int input, const Batch&);
  Status send_watermark(const std::vector<GraphEdge>&, EventTime, bool idle);
  Status watermark_at(Node&, int input, EventTime, bool idle);
  Status end_at(Node&);

  Graph& graph_;
  Env env_;
  const EvalSettings& settings_;
  DeadLetterSink& dead_letters_;
  CrashGuard* crash_guard_;
  std::vector<std::unique_ptr<Node>> nodes_;
};

}  // namespace leat
