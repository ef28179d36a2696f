#include "stream/window_output.h"

#include <algorithm>

namespace leat {

WindowOutput::WindowOutput(Shape shape, const GroupKeyCodec& codec, const AggregateSet& aggregates,
                           const WindowClock& clock)
    : shape_(std::move(shape)), codec_(codec), aggregates_(aggregates), clock_(clock) {}

void WindowOutput::begin(Output& out, std::span<const int64_t> steps) {
  out_ = &out;
  steps_ = steps;
}

// A window's rows stand between the watermark that fired it and the one before, and carry the latter, by which a window
// over these rows judges them. All that can matter of it is whether it was the very millisecond before the firing (then
// a session that ends at these rows' time has closed), so nothing else is told: it would depend on how the input was
// cut.
int64_t watermark_before(const Window& window, std::span<const int64_t> steps, const WindowClock& clock) {
  int64_t fired_at = clock.to_utc(window.end_ms - 1);
  return std::binary_search(steps.begin(), steps.end(), fired_at - 1) ? fired_at - 1 : fired_at - 2;
}

Status WindowOutput::add(const Window& window, const GroupKey& key, const char* states) {
  bool same = !rows_.empty() && rows_.back().window == window;
  int64_t watermark = same ? rows_.back().watermark : watermark_before(window, steps_, clock_);
  if (rows_.size() == kBatchRowsMax) TRY(flush());
  rows_.push_back({window, watermark, &key, states});
  return {};
}

Status WindowOutput::add_all(const Window& window, const GroupTable& table) {
  Status status;
  table.for_each([&](const Group& group) {
    if (status) status = add(window, group.key, group.states());
  });
  return status;
}

Status WindowOutput::flush() {
  if (!rows_.empty()) {
    Batch batch;
    batch.rows = static_cast<uint32_t>(rows_.size());
    std::vector<std::shared_ptr<Column>> columns;
    for (size_t i = 0; i < codec_.columns() + aggregates_.size(); ++i) {
      columns.push_back(std::make_shared<Column>(shape_.schema[i].type, batch.rows));
    }
    std::span<const std::shared_ptr<Column>> keys(columns.data(), codec_.columns());
    std::span<const std::shared_ptr<Column>> results(columns.data() + keys.size(), aggregates_.size());
    batch.watermarks.resize(batch.rows);
    for (uint32_t row = 0; row < batch.rows; ++row) {
      codec_.decode(*rows_[row].key, keys, row);
      aggregates_.results(rows_[row].states, results, row);
      batch.watermarks[row] = rows_[row].watermark;
    }
    batch.columns.assign(columns.begin(), columns.end());
    write_windows(batch.columns);
    CHECK(batch.columns.size() == shape_.schema.size());
    rows_.clear();
    TRY(out_->emit(std::move(batch)));
  }
  kept_.clear();
  return {};
}

void WindowOutput::write_windows(std::vector<ColumnPtr>& columns) const {
  auto append = [&](auto bound_ms) {
    auto column = std::make_shared<Column>(shape_.schema[columns.size()].type, static_cast<uint32_t>(rows_.size()));
    auto values = column->ints();
    for (size_t i = 0; i < rows_.size(); ++i) values[i] = bound_ms(rows_[i].window) * 1000;
    columns.push_back(std::move(column));
  };
  if (shape_.emit_start) append([](const Window& window) { return window.start_ms; });
  if (shape_.emit_end) append([](const Window& window) { return window.end_ms; });
  if (shape_.emit_time) append([this](const Window& window) { return clock_.to_utc(window.end_ms - 1); });
}

}  // namespace leat
