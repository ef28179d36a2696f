#include "stream/row_bag.h"

#include <algorithm>

#include "stream/aggregates/state_codec.h"
#include "stream/sort_key.h"

namespace leat {
namespace {

using Bag = std::vector<BaggedRow>;

class RowBag final : public Aggregate {
 public:
  size_t state_bytes() const override { return sizeof(Bag*); }
  void init(char* state) const override { bag(state) = nullptr; }
  bool trivial() const override { return false; }
  void destroy(char* state) const override { delete bag(state); }
  void add(std::span<char* const> states, size_t offset, const Batch& batch, Selection rows) const override {
    for (size_t i = 0; i < rows.size(); ++i) {
      BaggedRow row{next_++, {}};
      append_row(batch, rows[i], row.row);
      ensure(states[i] + offset).push_back(std::move(row));
    }
  }
  void retract(std::span<char* const>, size_t, const Batch&, Selection) const override { CHECK(false); }
  void merge(char* into, const char* from) const override {
    Bag& all = ensure(into);
    auto middle = static_cast<ptrdiff_t>(all.size());
    for (const BaggedRow& row : bagged_rows(from)) all.push_back(row);
    std::inplace_merge(all.begin(), all.begin() + middle, all.end(),
                       [](const BaggedRow& a, const BaggedRow& b) { return a.order < b.order; });
  }
  void result(const char*, Column&, uint32_t) const override { CHECK(false); }  // Read with bagged_rows().
  void encode(const char* state, Bytes& out) const override {
    put_varint(out, bagged_rows(state).size());
    for (const BaggedRow& row : bagged_rows(state)) {
      put_varint(out, static_cast<uint64_t>(row.order));
      put_bytes(out, row.row);
    }
  }
  void decode(char* state, BytesView& in) const override {
    for (uint64_t left = take_varint(in); left > 0; --left) {
      auto order = static_cast<int64_t>(take_varint(in));
      ensure(state).push_back({order, Bytes(take_bytes(in))});
      next_ = std::max(next_, order + 1);
    }
  }
  uint64_t heap_bytes(const char* state) const override { return bagged_rows(state).size() * 64; }

 private:
  static Bag*& bag(char* state) { return *reinterpret_cast<Bag**>(state); }
  static Bag& ensure(char* state) {
    if (bag(state) == nullptr) bag(state) = new Bag;
    return *bag(state);
  }
  mutable int64_t next_ = 0;  // Only the order among live rows matters, so a restore goes on above the highest.
};

}  // namespace

std::unique_ptr<Aggregate> make_row_bag() {
  return std::make_unique<RowBag>();
}

const std::vector<BaggedRow>& bagged_rows(const char* state) {
  static const Bag kNone;
  const Bag* bag = *reinterpret_cast<const Bag* const*>(state);
  return bag == nullptr ? kNone : *bag;
}

}  // namespace leat
