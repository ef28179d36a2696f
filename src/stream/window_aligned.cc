#include "stream/window_aligned.h"

#include <array>
#include <optional>

#include "stream/aggregates/state_codec.h"
#include "stream/window_late.h"
#include "stream/window_store.h"

namespace leat {
namespace {

// State records. Slices that have fired are not erased one by one: the watermark up to which windows have fired says
// which are gone, so it is written before what changed since.
constexpr char kFired = 'w';    // -> the watermark, in window time and in UTC
constexpr char kSlice = 'g';    // end, length, group key -> states
constexpr char kRunning = 'r';  // The same, of a cumulating window's sum.

class AlignedAggregate final : public Operator {
 public:
  AlignedAggregate(WindowAggregateSpec spec, std::unique_ptr<AggregateSet> aggregates)
      : spec_(std::move(spec)), aggregates_(std::move(aggregates)), codec_(spec_.keys, spec_.input) {
    switch (carried() ? WindowKind::kTumble : spec_.window.kind) {
      case WindowKind::kHop:
        store_ = make_hopping_store(spec_.window, *aggregates_);
        break;
      case WindowKind::kCumulate:
        store_ = make_cumulating_store(spec_.window, *aggregates_);
        break;
      default:
        store_ = make_tumbling_store(spec_.window, *aggregates_);
        break;
    }
  }

  Status open(OperatorContext& context) override {
    TRY(Operator::open(context));
    DataType carried_time = spec_.zoned ? DataType::timestamp_ltz(3) : DataType::timestamp(3);
    clock_.emplace(carried() ? carried_time : spec_.input[spec_.time].type, context.settings);
    out_.emplace(WindowOutput::Shape{spec_.output, spec_.emit_start, spec_.emit_end, spec_.emit_time}, codec_,
                 *aggregates_, *clock_);
    return {};
  }

  Status process(int, const Batch& batch, Output& out) override {
    for (RowKind kind : batch.kinds) CHECK(kind == RowKind::kInsert);  // The planner refuses updating inputs.
    codec_.encode(batch);
    clock_->read_watermarks(batch, watermarks_);
    if (!carried()) clock_->read_times(*batch.columns[spec_.time], times_);
    steps_.assign(batch.watermarks.begin(), batch.watermarks.end());
    rows_.clear();
    tables_.clear();
    int64_t passed = 0;
    for (uint32_t row = 0; row < batch.rows; ++row) {
      Place& place = place_of(batch, row);
      int64_t watermark = std::max(watermarks_[row], fired_ms_);
      if (watermark >= place.slice.first_end_ms - 1) [[unlikely]] {
        Slice slice = place.slice;  // Firing forgets the places: it may move the slice into another table.
        bool partly = watermark < slice.last_end_ms - 1;
        report(batch, row, slice, watermark, partly);
        if (!partly) continue;
        TRY(fire_before(batch, watermark, out));
        take(row, store_->table(slice, watermark));
        continue;
      }
      if (place.table == nullptr) place.table = &store_->table(place.slice, watermark);
      ++passed;
      take(row, *place.table);
    }
    context().account.passed += passed;
    fold(batch);
    return {};
  }

  Status on_watermark(EventTime watermark, Output& out) override {
    steps_.push_back(watermark.value);
    TRY(fire(clock_->local_watermark(watermark.value), out));
    steps_.assign(1, watermark.value);
    return {};
  }

  Status checkpoint(StateWriter& writer) override;
  Status restore(BytesView key, std::optional<BytesView> value) override;
  uint64_t state_bytes() const override { return store_->bytes(); }

 private:
  // Neighbouring rows fall into a few slices, so the last ones are remembered, by the slice's number.
  struct Place {
    Slice slice{0, 0, 0, 0};
    GroupTable* table = nullptr;
  };
  static constexpr size_t kPlaces = 16;

  bool carried() const { return spec_.end_column >= 0; }

  Place& place_of(const Batch& batch, uint32_t row) {
    if (carried()) return carried_place(batch, row);
    int64_t time = times_[row];
    if (time >= last_->slice.start_ms && time < last_->slice.end_ms) return *last_;
    Slice slice = store_->slice_of(time);
    auto number = static_cast<uint64_t>(slice.end_ms) / static_cast<uint64_t>(slice.end_ms - slice.start_ms);
    last_ = &places_[number % kPlaces];
    if (last_->slice.end_ms != slice.end_ms || last_->slice.start_ms != slice.start_ms) *last_ = {slice, nullptr};
    return *last_;
  }
  Place& carried_place(const Batch& batch, uint32_t row) {
    int64_t start = batch.columns[static_cast<size_t>(spec_.start_column)]->ints()[row] / 1000;
    int64_t end = batch.columns[static_cast<size_t>(spec_.end_column)]->ints()[row] / 1000;
    if (last_->slice.start_ms != start || last_->slice.end_ms != end) *last_ = {{start, end, end, end}, nullptr};
    return *last_;
  }
  void take(uint32_t row, GroupTable& table) {
    rows_.push_back(row);
    tables_.push_back(&table);
  }
  // Adds the rows taken so far to their groups.
  void fold(const Batch& batch) {
    states_.resize(rows_.size());
    GroupTable::locate(tables_, rows_, codec_, states_);
    aggregates_->add(states_, batch, rows_);
    rows_.clear();
    tables_.clear();
  }

  // A row that is late for some windows must not be in them, although its slice is: they fire before it is added.
  Status fire_before(const Batch& batch, int64_t watermark, Output& out) {
    if (watermark <= fired_ms_) return {};
    fold(batch);  // What was taken may be in a slice that goes.
    return fire(watermark, out);
  }
  Status fire(int64_t watermark, Output& out) {
    if (store_->due(watermark)) {
      out_->begin(out, steps_);
      TRY(store_->fire(watermark, *out_));
      TRY(out_->flush());
    } else {
      store_->drop(watermark);
    }
    places_.fill({});  // Their tables may be gone.
    fired_ms_ = std::max(fired_ms_, watermark);
    fired_changed_ = true;
    return {};
  }

  void report(const Batch& batch, uint32_t row, const Slice& slice, int64_t watermark, bool partly) {
    if (carried()) {
      missed_.assign(1, {slice.start_ms, slice.end_ms});
    } else {
      windows_of(spec_.window, slice.start_ms, missed_);
      std::erase_if(missed_, [&](const Window& window) { return window.end_ms - 1 > watermark; });
    }
    EventTime time{carried() ? clock_->to_utc(slice.end_ms - 1) : floor_ms(batch.columns[spec_.time]->ints()[row])};
    report_late(context(), batch, row, time, missed_, partly);
  }

  WindowAggregateSpec spec_;
  std::unique_ptr<AggregateSet> aggregates_;
  GroupKeyCodec codec_;
  std::unique_ptr<WindowStore> store_;
  std::optional<WindowClock> clock_;
  std::optional<WindowOutput> out_;
  int64_t fired_ms_ = kMinEventTime.value;
  bool fired_changed_ = false;
  std::array<Place, kPlaces> places_;
  Place* last_ = places_.data();

  // Of the batch in hand: rows that count, and the tables that they belong to.
  std::vector<uint32_t> rows_;
  std::vector<GroupTable*> tables_;
  std::vector<char*> states_;
  std::vector<int64_t> times_, watermarks_, steps_;
  std::vector<Window> missed_;
};

Status AlignedAggregate::checkpoint(StateWriter& writer) {
  if (fired_changed_ || writer.full()) {
    Bytes value;
    put_fixed(value, fired_ms_);
    put_fixed(value, steps_.empty() ? kMinEventTime.value : steps_.back());
    writer.put(BytesView(&kFired, 1), value);
    fired_changed_ = false;
  }
  Bytes prefix, key, value;
  store_->visit([&](const TableId& id, GroupTable& table) {
    prefix.assign(1, id.running ? kRunning : kSlice);
    put_signed(prefix, id.end_ms);
    put_signed(prefix, id.end_ms - id.start_ms);
    auto write = [&](Group& group) {
      key = prefix;
      GroupKeyCodec::append(group.key, key);
      value.clear();
      aggregates_->encode(group.states(), value);
      writer.put(key, value);
    };
    if (writer.full()) {
      table.take_dirty([](Group&) {});
      table.for_each(write);
    } else {
      table.take_dirty(write);
    }
  });
  return {};
}

Status AlignedAggregate::restore(BytesView key, std::optional<BytesView> value) {
  CHECK(!key.empty() && value);
  char kind = key.front();
  key.remove_prefix(1);
  if (kind == kFired) {
    fired_ms_ = take_fixed<int64_t>(*value);
    steps_.assign(1, take_fixed<int64_t>(*value));
    store_->drop(fired_ms_);
    return {};
  }
  CHECK(kind == kSlice || kind == kRunning);
  int64_t end = take_signed(key), length = take_signed(key);
  GroupTable& table = store_->restore({end - length, end, kind == kRunning});
  GroupKey group_key = GroupKeyCodec::parse(key);
  aggregates_->decode(table.find_or_add(group_key, group_key.hash())->states(), *value);
  return {};
}

}  // namespace

Result<OperatorPtr> make_aligned_aggregate(WindowAggregateSpec spec) {
  TRY_ASSIGN(auto aggregates, AggregateSet::make(spec.calls, spec.input, false));
  return OperatorPtr(std::make_unique<AlignedAggregate>(std::move(spec), std::move(aggregates)));
}

}  // namespace leat
