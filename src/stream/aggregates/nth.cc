#include <algorithm>
#include <map>
#include <set>

#include "stream/aggregates/cell.h"
#include "stream/aggregates/fold.h"
#include "stream/aggregates/makers.h"

namespace leat {
namespace {

// FIRST_VALUE and LAST_VALUE: by arrival, NULLs skipped. Each value takes a number, so that states that merge (slices,
// sessions) know which came first. Only the order of the numbers in live states matters: after a restore they go on
// above the highest that was restored.
class Arrivals {
 public:
  int64_t next() { return next_++; }
  void seen(int64_t order) { next_ = std::max(next_, order + 1); }

 private:
  int64_t next_ = 1;
};

template <class T, bool kLast>
struct Nth {
  using Input = T;
  struct State {
    Cell<T> value;
    int64_t order = 0;  // 0: none yet.
  };
  Arrivals arrivals;

  void take(State& state, T value, int64_t order) {
    if (state.order != 0 && (kLast ? order < state.order : order > state.order)) return;
    state.value.set(value);
    state.order = order;
  }
  void add(State& state, T value) { take(state, value, arrivals.next()); }
  void retract(State&, T) { CHECK(false); }  // make_nth() chose wrongly.
  void merge(State& into, const State& from) {
    if (from.order != 0) take(into, from.value.get(), from.order);
  }
  void result(const State& state, Column& out, uint32_t row) const {
    if (state.order == 0) return out.set_null(row);
    write_to(out, row, state.value.get());
  }
  void encode(const State& state, Bytes& out) {
    put_varint(out, static_cast<uint64_t>(state.order));
    if (state.order != 0) put_cell(state.value, out);
  }
  void decode(State& state, BytesView& in) {
    state.order = static_cast<int64_t>(take_varint(in));
    if (state.order != 0) take_cell(state.value, in);
    arrivals.seen(state.order);
  }
  void destroy(State& state) requires std::is_same_v<T, BytesView> { state.value.clear(); }
  uint64_t heap_bytes(const State& state) { return state.value.heap_bytes(); }
};

// Over an updating input every value is kept; taking one back removes its earliest arrival, as in Flink.
template <class T, bool kLast>
struct RetractableNth {
  using Input = T;
  using Owned = std::conditional_t<std::is_same_v<T, BytesView>, Bytes, T>;
  struct Less {
    bool operator()(const std::pair<Owned, int64_t>& a, const std::pair<Owned, int64_t>& b) const {
      if (value_less(a.first, b.first)) return true;
      return !value_less(b.first, a.first) && a.second < b.second;
    }
  };
  struct Values {
    std::map<int64_t, Owned> by_order;
    std::set<std::pair<Owned, int64_t>, Less> by_value;
  };
  struct State {
    Values* values = nullptr;
  };
  Arrivals arrivals;

  void put(State& state, Owned value, int64_t order) {
    if (state.values == nullptr) state.values = new Values;
    state.values->by_order.emplace(order, value);
    state.values->by_value.emplace(std::move(value), order);
  }
  void add(State& state, T value) { put(state, Owned(value), arrivals.next()); }
  void retract(State& state, T value) {
    if (state.values == nullptr) return;
    auto& [by_order, by_value] = *state.values;
    auto at = by_value.lower_bound({Owned(value), 0});
    if (at == by_value.end() || value_less(Owned(value), at->first)) return;  // Never came.
    by_order.erase(at->second);
    by_value.erase(at);
  }
  void merge(State& into, const State& from) {
    if (from.values == nullptr) return;
    for (const auto& [order, value] : from.values->by_order) put(into, value, order);
  }
  void result(const State& state, Column& out, uint32_t row) const {
    if (state.values == nullptr || state.values->by_order.empty()) return out.set_null(row);
    const auto& values = state.values->by_order;
    write_to(out, row, kLast ? values.rbegin()->second : values.begin()->second);
  }
  void encode(const State& state, Bytes& out) {
    put_varint(out, state.values == nullptr ? 0 : state.values->by_order.size());
    if (state.values == nullptr) return;
    for (const auto& [order, value] : state.values->by_order) {
      put_varint(out, static_cast<uint64_t>(order));
      put_value(out, value);
    }
  }
  void decode(State& state, BytesView& in) {
    for (uint64_t left = take_varint(in); left > 0; --left) {
      auto order = static_cast<int64_t>(take_varint(in));
      Owned value;
      take_value(in, value);
      put(state, std::move(value), order);
      arrivals.seen(order);
    }
  }
  void destroy(State& state) { delete state.values; }
  uint64_t heap_bytes(const State& state) { return state.values == nullptr ? 0 : 144 * state.values->by_order.size(); }
};

template <class T, bool kLast>
std::unique_ptr<Aggregate> make_nth(const AggregateCall& call, bool retracting) {
  if (retracting) return make_fold(RetractableNth<T, kLast>{}, call);
  return make_fold(Nth<T, kLast>{}, call);
}

template <class T>
std::unique_ptr<Aggregate> make_first_or_last(const AggregateCall& call, bool retracting) {
  return call.function == "LAST_VALUE" ? make_nth<T, true>(call, retracting) : make_nth<T, false>(call, retracting);
}

}  // namespace

std::unique_ptr<Aggregate> make_nth(const AggregateCall& call, const DataType& argument, bool retracting) {
  switch (argument.physical()) {
    case Physical::kBool:
      return make_first_or_last<uint8_t>(call, retracting);
    case Physical::kInt64:
      return make_first_or_last<int64_t>(call, retracting);
    case Physical::kDouble:
      return make_first_or_last<double>(call, retracting);
    case Physical::kDecimal:
      return make_first_or_last<Int128>(call, retracting);
    case Physical::kBytes:
      return make_first_or_last<BytesView>(call, retracting);
  }
  return nullptr;
}

}  // namespace leat
