#pragma once
// WindowOutput: turns the groups of fired windows into batches: the keys, the results, and the window columns asked
// for.
#include "stream/aggregate_set.h"
#include "stream/fired_windows.h"
#include "stream/window_clock.h"

namespace leat {

// The watermark that the rows of a window carry on: that before the one which fired it.
int64_t watermark_before(const Window&, std::span<const int64_t> steps, const WindowClock&);

class WindowOutput final : public FiredWindows {
 public:
  struct Shape {
    Schema schema;
    bool emit_start, emit_end, emit_time;
  };
  // All outlive it.
  WindowOutput(Shape, const GroupKeyCodec&, const AggregateSet&, const WindowClock&);

  void begin(Output& out, std::span<const int64_t> steps) override;
  Status add(const Window&, const GroupKey&, const char* states) override;
  Status add_all(const Window&, const GroupTable&);
  // Kept until its rows are out, so that windows of a few groups share batches.
  void keep(std::unique_ptr<GroupTable> table) { kept_.push_back(std::move(table)); }
  Status flush() override;

 private:
  struct Row {
    Window window;
    int64_t watermark;
    const GroupKey* key;
    const char* states;
  };
  void write_windows(std::vector<ColumnPtr>&) const;

  Shape shape_;
  const GroupKeyCodec& codec_;
  const AggregateSet& aggregates_;
  const WindowClock& clock_;
  Output* out_ = nullptr;
  std::span<const int64_t> steps_;
  std::vector<Row> rows_;
  std::vector<std::unique_ptr<GroupTable>> kept_;
};

}  // namespace leat
