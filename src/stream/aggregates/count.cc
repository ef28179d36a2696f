#include "stream/aggregates/fold.h"
#include "stream/aggregates/makers.h"

namespace leat {
namespace {

// COUNT(*), and COUNT(a, b, …): rows in which no argument is NULL.
class Count final : public Aggregate {
 public:
  explicit Count(const AggregateCall& call)
      : first_(call.args.empty() ? -1 : static_cast<int32_t>(call.args[0])), filter_(call.filter) {
    if (call.args.size() > 1) others_.assign(call.args.begin() + 1, call.args.end());
  }

  size_t state_bytes() const override { return sizeof(int64_t); }
  void init(char* state) const override { count(state) = 0; }
  void add(std::span<char* const> states, size_t offset, const Batch& batch, Selection rows) const override {
    change(states, offset, batch, rows, 1);
  }
  void retract(std::span<char* const> states, size_t offset, const Batch& batch, Selection rows) const override {
    change(states, offset, batch, rows, -1);
  }
  void merge(char* into, const char* from) const override { count(into) += count(from); }
  void result(const char* state, Column& out, uint32_t row) const override { out.ints()[row] = count(state); }
  void encode(const char* state, Bytes& out) const override { put_signed(out, count(state)); }
  void decode(char* state, BytesView& in) const override { count(state) = take_signed(in); }

 private:
  static int64_t& count(char* state) { return *reinterpret_cast<int64_t*>(state); }
  static int64_t count(const char* state) { return *reinterpret_cast<const int64_t*>(state); }

  void change(std::span<char* const> states, size_t offset, const Batch& batch, Selection rows, int64_t by) const {
    if (others_.empty()) {
      visit_rows(batch, rows, first_, filter_, [&](size_t i, uint32_t) { count(states[i] + offset) += by; });
      return;
    }
    visit_rows(batch, rows, first_, filter_, [&](size_t i, uint32_t row) {
      for (uint32_t column : others_) {
        if (!batch.columns[column]->valid(row)) return;
      }
      count(states[i] + offset) += by;
    });
  }

  int32_t first_, filter_;
  std::vector<uint32_t> others_;
};

}  // namespace

std::unique_ptr<Aggregate> make_count(const AggregateCall& call) {
  return std::make_unique<Count>(call);
}

}  // namespace leat
