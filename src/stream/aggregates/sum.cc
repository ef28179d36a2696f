#include "stream/aggregates/fold.h"
#include "stream/aggregates/makers.h"
#include "stream/aggregates/narrow.h"

namespace leat {
namespace {

struct SumIntegers {
  using Input = int64_t;
  struct State {
    int64_t sum = 0, count = 0;
  };
  TypeKind kind;

  void add(State& state, int64_t value) {
    state.sum = wrapping_add(state.sum, value);
    ++state.count;
  }
  void retract(State& state, int64_t value) {
    state.sum = wrapping_subtract(state.sum, value);
    --state.count;
  }
  void merge(State& into, const State& from) {
    into.sum = wrapping_add(into.sum, from.sum);
    into.count += from.count;
  }
  void result(const State& state, Column& out, uint32_t row) const {
    if (state.count == 0) return out.set_null(row);
    out.ints()[row] = wrap_to(state.sum, kind);
  }
  void encode(const State& state, Bytes& out) {
    put_signed(out, state.sum);
    put_signed(out, state.count);
  }
  void decode(State& state, BytesView& in) {
    state.sum = take_signed(in);
    state.count = take_signed(in);
  }
};

struct SumDoubles {
  using Input = double;
  struct State {
    double sum = 0;
    int64_t count = 0;
  };
  bool is_float;  // SUM(FLOAT) is a FLOAT at every step.

  double rounded(double value) const { return is_float ? static_cast<double>(static_cast<float>(value)) : value; }
  void add(State& state, double value) {
    state.sum = rounded(state.sum + value);
    ++state.count;
  }
  void retract(State& state, double value) {
    state.sum = rounded(state.sum - value);
    --state.count;
  }
  void merge(State& into, const State& from) {
    into.sum = rounded(into.sum + from.sum);
    into.count += from.count;
  }
  void result(const State& state, Column& out, uint32_t row) const {
    if (state.count == 0) return out.set_null(row);
    out.doubles()[row] = state.sum;
  }
  void encode(const State& state, Bytes& out) {
    put_fixed(out, state.sum);
    put_signed(out, state.count);
  }
  void decode(State& state, BytesView& in) {
    state.sum = take_fixed<double>(in);
    state.count = take_signed(in);
  }
};

struct SumDecimals {
  using Input = Int128;
  using State = DecimalSum;

  void add(State& state, Int128 value) { state.add(value, 1); }
  void retract(State& state, Int128 value) { state.add(-value, -1); }
  void merge(State& into, const State& from) {
    into.add(from.value(), from.count);
    into.overflowed |= from.overflowed;
  }
  void result(const State& state, Column& out, uint32_t row) const {
    if (state.count == 0 || state.overflowed != 0) return out.set_null(row);
    out.decimals()[row] = state.value();
  }
  void encode(const State& state, Bytes& out) { put_fixed(out, state); }
  void decode(State& state, BytesView& in) { state = take_fixed<State>(in); }
};

}  // namespace

std::unique_ptr<Aggregate> make_sum(const AggregateCall& call, const DataType& argument) {
  switch (argument.physical()) {
    case Physical::kDouble:
      return make_fold(SumDoubles{argument.kind == TypeKind::kFloat}, call);
    case Physical::kDecimal:
      return make_fold(SumDecimals{}, call);
    default:
      return make_fold(SumIntegers{argument.kind}, call);
  }
}

}  // namespace leat
