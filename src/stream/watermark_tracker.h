#pragma once
// The watermark over several inputs: the minimum over those that are not idle. It never goes back.
#include <cstdint>
#include <vector>

#include "base/types.h"

namespace leat {

class WatermarkTracker {
 public:
  explicit WatermarkTracker(int inputs) : inputs_(static_cast<size_t>(inputs)) {}

  void add_input() { inputs_.emplace_back(); }
  size_t size() const { return inputs_.size(); }
  void advance(int input, EventTime watermark);  // Also ends idleness. A lower one than before is ignored.
  void mark_idle(int input);
  bool idle() const;  // Every input is.

  EventTime merged() const { return merged_; }
  EventTime input(int index) const { return inputs_[static_cast<size_t>(index)].time; }
  void restore(int input, EventTime time) { inputs_[static_cast<size_t>(input)].time = time; }
  void restore_merged(EventTime time) { merged_ = time; }

  // What the merged watermark is while only `input` moves: max(merged(), min(its own, floor_without(input))).
  EventTime floor_without(int input) const;

 private:
  struct Input {
    EventTime time = kMinEventTime;
    bool idle = false;
  };
  void recompute();
  std::vector<Input> inputs_;
  EventTime merged_ = kMinEventTime;
};

}  // namespace leat
