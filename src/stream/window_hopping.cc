#include <algorithm>
#include <map>

#include "stream/window_store.h"

namespace leat {
namespace {

// Slices of one slide; a window is size / slide of them.
class HoppingStore final : public WindowStore {
 public:
  HoppingStore(const WindowSpec& spec, const AggregateSet& aggregates)
      : spec_(spec), aggregates_(aggregates), more_ms_(spec.size_ms - spec.step_ms) {}

  Slice slice_of(int64_t time_ms) const override {
    int64_t start = align_down(time_ms, spec_.step_ms, spec_.offset_ms), end = start + spec_.step_ms;
    return {start, end, end, end + more_ms_};
  }
  GroupTable& table(const Slice& slice, int64_t) override { return at(slice.end_ms); }
  bool due(int64_t watermark_ms) const override { return !slices_.empty() && next_end() - 1 <= watermark_ms; }

  Status fire(int64_t watermark_ms, WindowOutput& out) override {
    while (due(watermark_ms)) {
      int64_t end = next_end();
      TRY(emit({end - spec_.size_ms, end}, out));
      fired_ms_ = end - 1;
      // The oldest slice may have been in its last window.
      while (!slices_.empty() && slices_.begin()->first + more_ms_ <= end) {
        out.keep(std::move(slices_.extract(slices_.begin()).mapped()));
      }
    }
    fired_ms_ = std::max(fired_ms_, watermark_ms);
    return {};
  }

  void visit(const std::function<void(const TableId&, GroupTable&)>& visitor) override {
    for (auto& [end, table] : slices_) visitor({end - spec_.step_ms, end, false}, *table);
  }
  GroupTable& restore(const TableId& id) override { return at(id.end_ms); }
  void drop(int64_t watermark_ms) override {
    fired_ms_ = std::max(fired_ms_, watermark_ms);
    while (!slices_.empty() && slices_.begin()->first + more_ms_ - 1 <= watermark_ms) slices_.erase(slices_.begin());
  }

 private:
  GroupTable& at(int64_t end_ms) {
    auto& table = slices_[end_ms];
    if (!table) table = std::make_unique<GroupTable>(aggregates_);
    return *table;
  }

  // Of the first window that has rows and has not fired.
  int64_t next_end() const {
    int64_t first = slices_.begin()->first;
    if (first - 1 > fired_ms_) return first;
    return align_down(fired_ms_ + 1, spec_.step_ms, spec_.offset_ms) + spec_.step_ms;
  }

  Status emit(const Window& window, WindowOutput& out) {
    auto from = slices_.upper_bound(window.start_ms), to = slices_.upper_bound(window.end_ms);
    if (from == to) return {};
    if (std::next(from) == to) {
      TRY(out.add_all(window, *from->second));
      return {};
    }
    auto merged = std::make_unique<GroupTable>(aggregates_);
    for (; from != to; ++from) merge_groups(*merged, *from->second, aggregates_);
    TRY(out.add_all(window, *merged));
    out.keep(std::move(merged));
    return {};
  }

  WindowSpec spec_;
  const AggregateSet& aggregates_;
  int64_t more_ms_;  // From a slice's end to the end of the last window that it is in.
  int64_t fired_ms_ = kMinEventTime.value;
  std::map<int64_t, std::unique_ptr<GroupTable>> slices_;  // By end.
};

}  // namespace

std::unique_ptr<WindowStore> make_hopping_store(const WindowSpec& spec, const AggregateSet& aggregates) {
  return std::make_unique<HoppingStore>(spec, aggregates);
}

}  // namespace leat
