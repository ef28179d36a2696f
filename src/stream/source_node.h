#pragma once
// SourceNode: what stands between a Source and the graph. It judges time: each row gets the watermark of the rows
// before it, per partition and row by row, so that lateness never depends on how rows were cut into batches.
#include <memory>
#include <string>

#include "stream/graph.h"
#include "stream/watermark_tracker.h"

namespace leat {

class SourceNode {
 public:
  // Refers to `node` for its lifetime.
  SourceNode(GraphNode& node, DeadLetterSink& dead_letters, Account& account)
      : node_(node), dead_letters_(dead_letters), account_(account), tracker_(0) {}

  Status open(Env env);
  // One poll. kBatch: the batch (which may be empty) is ready to be sent on, then watermark() may have advanced.
  void end() { ended_ = true; }  // Nothing more is read of it.
  Result<Poll> poll();

  EventTime watermark() const { return ended_ ? kMaxEventTime : tracker_.merged(); }
  bool idle() const { return !ended_ && tracker_.size() > 0 && tracker_.idle(); }
  bool ended() const { return ended_; }

  Bytes save() const;  // Positions and watermarks.
  Status restore(BytesView saved);

 private:
  void bury(const SourceBatch&);
  void judge_time(SourceBatch&);

  GraphNode& node_;
  DeadLetterSink& dead_letters_;
  Account& account_;
  WatermarkTracker tracker_;  // An input a partition.
  bool ended_ = false;
};

}  // namespace leat
