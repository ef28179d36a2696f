#include <algorithm>
#include <map>

#include "stream/window_store.h"

namespace leat {
namespace {

// Windows with the same start grow by one step: each is the one before it and one more slice. So slices are summed up
// as their windows fire, and a row that is late for some windows goes straight to the sum.
class CumulatingStore final : public WindowStore {
 public:
  CumulatingStore(const WindowSpec& spec, const AggregateSet& aggregates) : spec_(spec), aggregates_(aggregates) {}

  Slice slice_of(int64_t time_ms) const override {
    int64_t start = align_down(time_ms, spec_.step_ms, spec_.offset_ms), end = start + spec_.step_ms;
    return {start, end, end, start_of(end) + spec_.size_ms};
  }
  GroupTable& table(const Slice& slice, int64_t watermark_ms) override {
    Family& family = families_[start_of(slice.end_ms)];
    return ensure(slice.end_ms - 1 <= watermark_ms ? family.running : family.slices[slice.end_ms]);
  }
  bool due(int64_t watermark_ms) const override {
    return !families_.empty() && next_end(*families_.begin()) - 1 <= watermark_ms;
  }

  Status fire(int64_t watermark_ms, WindowOutput& out) override {
    while (due(watermark_ms)) {
      auto& [start, family] = *families_.begin();
      int64_t end = next_end(*families_.begin());
      TRY(out.flush());  // What is waiting there may show the sum as it was.
      take_slices(family, end);
      TRY(out.add_all({start, end}, *family.running));
      fired_ms_ = end - 1;
      if (end == start + spec_.size_ms) {
        out.keep(std::move(family.running));
        families_.erase(families_.begin());
      }
    }
    fired_ms_ = std::max(fired_ms_, watermark_ms);
    return {};
  }

  void visit(const std::function<void(const TableId&, GroupTable&)>& visitor) override {
    for (auto& [start, family] : families_) {
      if (family.running) visitor({start, start + spec_.size_ms, true}, *family.running);
      for (auto& [end, table] : family.slices) visitor({end - spec_.step_ms, end, false}, *table);
    }
  }
  GroupTable& restore(const TableId& id) override {
    if (id.running) return ensure(families_[id.start_ms].running);
    return ensure(families_[start_of(id.end_ms)].slices[id.end_ms]);
  }
  void drop(int64_t watermark_ms) override {
    fired_ms_ = std::max(fired_ms_, watermark_ms);
    while (!families_.empty() && families_.begin()->first + spec_.size_ms - 1 <= watermark_ms) {
      families_.erase(families_.begin());
    }
    if (families_.empty()) return;
    auto& slices = families_.begin()->second.slices;
    while (!slices.empty() && slices.begin()->first - 1 <= watermark_ms) slices.erase(slices.begin());
  }

 private:
  using Table = std::unique_ptr<GroupTable>;
  struct Family {  // The windows of one start.
    Table running;
    std::map<int64_t, Table> slices;  // By end; none whose window has fired.
  };

  GroupTable& ensure(Table& table) const {
    if (!table) table = std::make_unique<GroupTable>(aggregates_);
    return *table;
  }
  int64_t start_of(int64_t slice_end_ms) const { return align_down(slice_end_ms - 1, spec_.size_ms, spec_.offset_ms); }
  // Of the first window of the family that has rows and has not fired.
  int64_t next_end(const std::pair<const int64_t, Family>& entry) const {
    const auto& [start, family] = entry;
    if (!family.running && family.slices.begin()->first - 1 > fired_ms_) return family.slices.begin()->first;
    int64_t after_fired = start;
    if (fired_ms_ >= start) after_fired = align_down(fired_ms_ + 1, spec_.step_ms, spec_.offset_ms);
    return after_fired + spec_.step_ms;
  }
  void take_slices(Family& family, int64_t end_ms) const {
    while (!family.slices.empty() && family.slices.begin()->first <= end_ms) {
      merge_groups(ensure(family.running), *family.slices.begin()->second, aggregates_);
      family.slices.erase(family.slices.begin());
    }
  }

  WindowSpec spec_;
  const AggregateSet& aggregates_;
  int64_t fired_ms_ = kMinEventTime.value;
  std::map<int64_t, Family> families_;  // By start.
};

}  // namespace

std::unique_ptr<WindowStore> make_cumulating_store(const WindowSpec& spec, const AggregateSet& aggregates) {
  return std::make_unique<CumulatingStore>(spec, aggregates);
}

}  // namespace leat
