#include <map>

#include "stream/window_store.h"

namespace leat {
namespace {

class TumblingStore final : public WindowStore {
 public:
  TumblingStore(const WindowSpec& spec, const AggregateSet& aggregates) : spec_(spec), aggregates_(aggregates) {}

  Slice slice_of(int64_t time_ms) const override {
    int64_t start = align_down(time_ms, spec_.size_ms, spec_.offset_ms), end = start + spec_.size_ms;
    return {start, end, end, end};
  }
  GroupTable& table(const Slice& slice, int64_t) override { return at({slice.end_ms, slice.start_ms}); }
  bool due(int64_t watermark_ms) const override {
    return !tables_.empty() && tables_.begin()->first.first - 1 <= watermark_ms;
  }
  Status fire(int64_t watermark_ms, WindowOutput& out) override {
    while (due(watermark_ms)) {
      auto node = tables_.extract(tables_.begin());
      TRY(out.add_all({node.key().second, node.key().first}, *node.mapped()));
      out.keep(std::move(node.mapped()));
    }
    return {};
  }

  void visit(const std::function<void(const TableId&, GroupTable&)>& visitor) override {
    for (auto& [bounds, table] : tables_) visitor({bounds.second, bounds.first, false}, *table);
  }
  GroupTable& restore(const TableId& id) override { return at({id.end_ms, id.start_ms}); }
  void drop(int64_t watermark_ms) override {
    while (due(watermark_ms)) tables_.erase(tables_.begin());
  }

 private:
  using Bounds = std::pair<int64_t, int64_t>;  // End, start: the order of firing.

  GroupTable& at(Bounds bounds) {
    auto& table = tables_[bounds];
    if (!table) table = std::make_unique<GroupTable>(aggregates_);
    return *table;
  }

  WindowSpec spec_;
  const AggregateSet& aggregates_;
  std::map<Bounds, std::unique_ptr<GroupTable>> tables_;
};

}  // namespace

std::unique_ptr<WindowStore> make_tumbling_store(const WindowSpec& spec, const AggregateSet& aggregates) {
  return std::make_unique<TumblingStore>(spec, aggregates);
}

}  // namespace leat
