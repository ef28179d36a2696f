#pragma once
// SessionOperator: what the two kinds of session windows have in common. A subclass decides to which session a row
// belongs; rows are folded into their sessions' states a batch at a time.
#include <functional>
#include <optional>

#include "stream/fired_windows.h"
#include "stream/operators.h"
#include "stream/session_block.h"
#include "stream/window_clock.h"

namespace leat {

// Makes what fired windows are given to, when the operator is opened.
using FiredWindowsMaker =
    std::function<std::unique_ptr<FiredWindows>(const GroupKeyCodec&, const AggregateSet&, const WindowClock&)>;

struct SessionParts {
  WindowSpec window;
  uint32_t time;
  std::vector<uint32_t> keys;
  Schema input;
  std::unique_ptr<AggregateSet> aggregates;
  FiredWindowsMaker make_output;
};

// Without and with a maximum length.
OperatorPtr make_gap_sessions(SessionParts);
OperatorPtr make_capped_sessions(SessionParts);
OperatorPtr make_sessions(SessionParts);  // As the window says.

class SessionOperator : public Operator {
 public:
  Status open(OperatorContext&) override;
  Status process(int, const Batch&, Output&) final;
  Status on_watermark(EventTime, Output&) final;

 protected:
  SessionOperator(SessionParts, std::unique_ptr<GroupLayout> key_layout);

  // The session that the row goes to; null: it is late, and report() was called. The row's key is `group`.
  virtual Session* place(const Batch&, uint32_t row, Group* group, int64_t time_ms, int64_t watermark_ms) = 0;
  virtual bool has_sessions(const Group&) const = 0;
  virtual Status fire(int64_t watermark_ms) = 0;  // Into output(), without flushing; then settle() after the flush.
  virtual void settle() = 0;

  // Adds what rows of this batch were placed so far to the states; before states merge.
  void fold();
  void report(const Batch&, uint32_t row, const Window& missed);
  void write_progress(StateWriter&);
  void read_progress(BytesView value);

  SessionParts parts_;
  GroupKeyCodec codec_;
  std::unique_ptr<GroupLayout> key_layout_;
  GroupTable keys_;
  SessionPool sessions_;
  int64_t fired_ms_ = kMinEventTime.value;
  uint64_t arrivals_ = 0;  // Rows seen; while a row is placed, its number.
  FiredWindows& output() { return *output_; }

 private:
  std::optional<WindowClock> clock_;
  std::unique_ptr<FiredWindows> output_;
  bool progressed_ = false;

  // Of the batch in hand.
  const Batch* batch_ = nullptr;
  std::vector<Group*> groups_, keyless_;
  std::vector<uint32_t> rows_;
  std::vector<char*> states_;
  std::vector<int64_t> times_, watermarks_, steps_;
};

}  // namespace leat
