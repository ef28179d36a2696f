#include <optional>

#include "stream/operators.h"
#include "stream/row_bag.h"
#include "stream/session_operator.h"
#include "stream/sort_key.h"
#include "stream/window_output.h"

namespace leat {
namespace {

// Writes window_start, window_end and window_time of windows[i] behind the columns of a batch.
void append_windows(Batch& batch, const Schema& schema, std::span<const Window> windows, const WindowClock& clock) {
  size_t first = schema.size() - 3;
  CHECK(batch.columns.size() == first && windows.size() == batch.rows);
  std::shared_ptr<Column> columns[3];
  for (size_t i = 0; i < 3; ++i) columns[i] = std::make_shared<Column>(schema[first + i].type, batch.rows);
  for (size_t i = 0; i < windows.size(); ++i) {
    columns[0]->ints()[i] = windows[i].start_ms * 1000;
    columns[1]->ints()[i] = windows[i].end_ms * 1000;
    columns[2]->ints()[i] = clock.to_utc(windows[i].end_ms - 1) * 1000;
  }
  batch.columns.insert(batch.columns.end(), std::begin(columns), std::end(columns));
}

// Tumbling, hopping and cumulating: each row once for each of its windows. Nothing is late here, as in Flink.
class WindowFunction final : public Operator {
 public:
  explicit WindowFunction(WindowFunctionSpec spec) : spec_(std::move(spec)) {}

  Status open(OperatorContext& context) override {
    TRY(Operator::open(context));
    clock_.emplace(spec_.input[spec_.time].type, context.settings);
    return {};
  }

  Status process(int, const Batch& batch, Output& out) override {
    clock_->read_times(*batch.columns[spec_.time], times_);
    for (uint32_t row = 0; row < batch.rows; ++row) {
      windows_of(spec_.window, times_[row], of_row_);
      for (const Window& window : of_row_) {
        rows_.push_back(row);
        windows_.push_back(window);
        if (rows_.size() == kBatchRowsMax) TRY(emit(batch, out));
      }
    }
    context().account.passed += batch.rows;
    return emit(batch, out);
  }

 private:
  Status emit(const Batch& batch, Output& out) {
    if (rows_.empty()) return {};
    Batch expanded = batch.gather(rows_);
    append_windows(expanded, spec_.output, windows_, *clock_);
    rows_.clear();
    windows_.clear();
    return out.emit(std::move(expanded));
  }

  WindowFunctionSpec spec_;
  std::optional<WindowClock> clock_;
  std::vector<int64_t> times_;
  std::vector<Window> of_row_, windows_;
  std::vector<uint32_t> rows_;
};

// The rows of sessions, when they fire.
class SessionRows final : public FiredWindows {
 public:
  SessionRows(const Schema& input, const Schema& output, const WindowClock& clock)
      : input_(input), output_(output), clock_(clock) {}

  void begin(Output& out, std::span<const int64_t> steps) override {
    out_ = &out;
    steps_ = steps;
  }
  Status add(const Window& window, const GroupKey&, const char* states) override {
    int64_t watermark = watermark_before(window, steps_, clock_);
    for (const BaggedRow& row : bagged_rows(states)) {
      rows_.push_back(row.row);
      windows_.push_back(window);
      watermarks_.push_back(watermark);
      if (rows_.size() == kBatchRowsMax) TRY(flush());
    }
    return {};
  }
  Status flush() override {
    if (rows_.empty()) return {};
    Batch batch = read_rows(rows_, input_);
    append_windows(batch, output_, windows_, clock_);
    batch.watermarks = std::move(watermarks_);
    rows_.clear();
    windows_.clear();
    watermarks_.clear();
    return out_->emit(std::move(batch));
  }

 private:
  Schema input_, output_;
  const WindowClock& clock_;
  Output* out_ = nullptr;
  std::span<const int64_t> steps_;
  std::vector<BytesView> rows_;
  std::vector<Window> windows_;
  std::vector<int64_t> watermarks_;
};

}  // namespace

Result<OperatorPtr> make_window_function(WindowFunctionSpec spec) {
  if (spec.window.aligned()) return OperatorPtr(std::make_unique<WindowFunction>(std::move(spec)));
  std::vector<std::unique_ptr<Aggregate>> bag;
  bag.push_back(make_row_bag());
  auto make_output = [input = spec.input, output = spec.output](const GroupKeyCodec&, const AggregateSet&,
                                                                const WindowClock& clock) {
    return std::make_unique<SessionRows>(input, output, clock);
  };
  return make_sessions({spec.window, spec.time, std::move(spec.partition_keys), std::move(spec.input),
                        std::make_unique<AggregateSet>(std::move(bag)), make_output});
}

}  // namespace leat
