#include <map>

#include "stream/aggregates/cell.h"
#include "stream/aggregates/fold.h"
#include "stream/aggregates/makers.h"

namespace leat {
namespace {

template <class T, bool kMax>
struct Extreme {
  using Input = T;
  struct State {
    Cell<T> best;
    uint64_t present = 0;
  };

  void add(State& state, T value) {
    if (state.present != 0) {
      T best = state.best.get();
      if (kMax ? !value_less(best, value) : !value_less(value, best)) return;
    }
    state.best.set(value);
    state.present = 1;
  }
  void retract(State&, T) { CHECK(false); }  // make_extreme() chose wrongly.
  void merge(State& into, const State& from) {
    if (from.present != 0) add(into, from.best.get());
  }
  void result(const State& state, Column& out, uint32_t row) const {
    if (state.present == 0) return out.set_null(row);
    write_to(out, row, state.best.get());
  }
  void encode(const State& state, Bytes& out) {
    put_fixed(out, static_cast<uint8_t>(state.present));
    if (state.present != 0) put_cell(state.best, out);
  }
  void decode(State& state, BytesView& in) {
    state.present = take_fixed<uint8_t>(in);
    if (state.present != 0) take_cell(state.best, in);
  }
  void destroy(State& state) requires std::is_same_v<T, BytesView> { state.best.clear(); }
  uint64_t heap_bytes(const State& state) { return state.best.heap_bytes(); }
};

// Over an updating input every value is kept, with how often it is there: negative when it was taken back before it
// came, as Flink has it.
template <class T, bool kMax>
struct RetractableExtreme {
  using Input = T;
  using Owned = std::conditional_t<std::is_same_v<T, BytesView>, Bytes, T>;
  struct Less {
    bool operator()(const Owned& a, const Owned& b) const { return value_less(a, b); }
  };
  using Counts = std::map<Owned, int64_t, Less>;
  struct State {
    Counts* counts = nullptr;
  };

  void change(State& state, const Owned& value, int64_t by) {
    if (state.counts == nullptr) state.counts = new Counts;
    auto at = state.counts->try_emplace(value, 0).first;
    at->second += by;
    if (at->second == 0) state.counts->erase(at);
  }
  void add(State& state, T value) { change(state, Owned(value), 1); }
  void retract(State& state, T value) { change(state, Owned(value), -1); }
  void merge(State& into, const State& from) {
    if (from.counts == nullptr) return;
    for (const auto& [value, count] : *from.counts) change(into, value, count);
  }
  template <class Iterator>
  static bool write_first(Iterator from, Iterator to, Column& out, uint32_t row) {
    for (; from != to; ++from) {
      if (from->second <= 0) continue;
      write_to(out, row, from->first);
      return true;
    }
    return false;
  }
  void result(const State& state, Column& out, uint32_t row) const {
    bool found = false;
    if (state.counts != nullptr) {
      found = kMax ? write_first(state.counts->rbegin(), state.counts->rend(), out, row)
                   : write_first(state.counts->begin(), state.counts->end(), out, row);
    }
    if (!found) out.set_null(row);
  }
  void encode(const State& state, Bytes& out) {
    put_varint(out, state.counts == nullptr ? 0 : state.counts->size());
    if (state.counts == nullptr) return;
    for (const auto& [value, count] : *state.counts) {
      put_value(out, value);
      put_signed(out, count);
    }
  }
  void decode(State& state, BytesView& in) {
    for (uint64_t left = take_varint(in); left > 0; --left) {
      Owned value;
      take_value(in, value);
      change(state, value, take_signed(in));
    }
  }
  void destroy(State& state) { delete state.counts; }
  uint64_t heap_bytes(const State& state) { return state.counts == nullptr ? 0 : 64 * state.counts->size(); }
};

template <class T, bool kMax>
std::unique_ptr<Aggregate> make_typed(const AggregateCall& call, bool retracting) {
  if (retracting) return make_fold(RetractableExtreme<T, kMax>{}, call);
  return make_fold(Extreme<T, kMax>{}, call);
}

template <class T>
std::unique_ptr<Aggregate> make_either(const AggregateCall& call, bool retracting) {
  return call.function == "MAX" ? make_typed<T, true>(call, retracting) : make_typed<T, false>(call, retracting);
}

}  // namespace

std::unique_ptr<Aggregate> make_extreme(const AggregateCall& call, const DataType& argument, bool retracting) {
  switch (argument.physical()) {
    case Physical::kBool:
      return make_either<uint8_t>(call, retracting);
    case Physical::kInt64:
      return make_either<int64_t>(call, retracting);
    case Physical::kDouble:
      return make_either<double>(call, retracting);
    case Physical::kDecimal:
      return make_either<Int128>(call, retracting);
    case Physical::kBytes:
      return make_either<BytesView>(call, retracting);
  }
  return nullptr;
}

}  // namespace leat
