#pragma once
// WindowStore: the groups of every open aligned window, and what is emitted when windows close.
//
// Rows go to the table of a slice, a stretch of time whose rows belong to exactly the same windows; windows that share
// slices are put together when they fire. All times are window time in milliseconds (see WindowClock).
#include <functional>

#include "stream/window_output.h"

namespace leat {

struct Slice {
  int64_t start_ms, end_ms;           // The times whose rows it holds; for rows that carry a window, that window.
  int64_t first_end_ms, last_end_ms;  // Of the windows that it is part of.
};

// Names a table in checkpoints.
struct TableId {
  int64_t start_ms, end_ms;
  bool running;  // What earlier slices of a cumulating window sum up to.
};

class WindowStore {
 public:
  virtual ~WindowStore() = default;

  virtual Slice slice_of(int64_t time_ms) const = 0;
  // For a row whose watermark is this, and not late for all of the slice's windows. Good until the next fire().
  virtual GroupTable& table(const Slice&, int64_t watermark_ms) = 0;
  // Whether fire() has something to do.
  virtual bool due(int64_t watermark_ms) const = 0;
  // Emits every window whose last millisecond the watermark has reached, in order of end and start. The caller
  // flushes.
  virtual Status fire(int64_t watermark_ms, WindowOutput&) = 0;

  virtual void visit(const std::function<void(const TableId&, GroupTable&)>&) = 0;
  virtual GroupTable& restore(const TableId&) = 0;
  // As fire(), without emitting; what a cumulating window's slices summed up to is restored by itself.
  virtual void drop(int64_t watermark_ms) = 0;

  uint64_t bytes();
};

// Tumbling windows, and rows that carry their window.
std::unique_ptr<WindowStore> make_tumbling_store(const WindowSpec&, const AggregateSet&);
std::unique_ptr<WindowStore> make_hopping_store(const WindowSpec&, const AggregateSet&);
std::unique_ptr<WindowStore> make_cumulating_store(const WindowSpec&, const AggregateSet&);

// Adds the groups of `from` to those of `into`.
void merge_groups(GroupTable& into, const GroupTable& from, const AggregateSet&);

}  // namespace leat
