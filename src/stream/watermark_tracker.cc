#include "stream/watermark_tracker.h"

#include <algorithm>

namespace leat {

void WatermarkTracker::advance(int index, EventTime watermark) {
  Input& input = inputs_[static_cast<size_t>(index)];
  input.idle = false;
  input.time = std::max(input.time, watermark);
  recompute();
}

void WatermarkTracker::mark_idle(int index) {
  inputs_[static_cast<size_t>(index)].idle = true;
  recompute();
}

bool WatermarkTracker::idle() const {
  return std::all_of(inputs_.begin(), inputs_.end(), [](const Input& input) { return input.idle; });
}

EventTime WatermarkTracker::floor_without(int index) const {
  EventTime floor = kMaxEventTime;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    if (static_cast<int>(i) != index && !inputs_[i].idle) floor = std::min(floor, inputs_[i].time);
  }
  return floor;
}

// While every input is idle nothing is known about time, so it stands still.
void WatermarkTracker::recompute() {
  if (!idle()) merged_ = std::max(merged_, floor_without(-1));
}

}  // namespace leat
