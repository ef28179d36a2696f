#pragma once
// Event-time windows. Times are milliseconds; a window is [start, end), its window_time is end - 1, and it fires when
// the watermark reaches that (Flink, "Windowing table-valued functions").
#include <cstdint>
#include <string>
#include <vector>

#include "base/types.h"

namespace leat {

enum class WindowKind : uint8_t { kTumble, kHop, kCumulate, kSession };

struct WindowSpec {
  WindowKind kind = WindowKind::kTumble;
  int64_t size_ms = 0;  // Tumble, hop: the size; cumulate: the maximum size; session: the gap.
  int64_t step_ms = 0;  // Hop: the slide; cumulate: the step. The size is a multiple of it.
  int64_t offset_ms = 0;
  int64_t max_duration_ms = 0;  // Session: 'session.max-duration'; 0: none.

  bool aligned() const { return kind != WindowKind::kSession; }
  std::string to_string() const;
};

struct Window {
  int64_t start_ms, end_ms;
  auto operator<=>(const Window&) const = default;
};

// The start of the step that contains the time; steps begin at multiples of `step_ms`, moved by the offset.
int64_t align_down(int64_t time_ms, int64_t step_ms, int64_t offset_ms);

// The aligned windows that contain `time_ms`, earliest end first.
void windows_of(const WindowSpec&, int64_t time_ms, std::vector<Window>& out);

}  // namespace leat
