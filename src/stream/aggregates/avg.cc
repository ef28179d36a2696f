#include <algorithm>

#include "stream/aggregates/fold.h"
#include "stream/aggregates/makers.h"
#include "stream/aggregates/narrow.h"

namespace leat {
namespace {

// AVG of integers truncates towards zero and keeps its argument's type.
struct AvgIntegers {
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
    // The lowest BIGINT divided by -1 cannot be: a negative count comes from retracting what was never there.
    out.ints()[row] = state.count < 0 ? 0 : wrap_to(state.sum / state.count, kind);
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

struct AvgDoubles {
  using Input = double;
  struct State {
    double sum = 0;
    int64_t count = 0;
  };
  bool is_float;

  void add(State& state, double value) {
    state.sum += value;
    ++state.count;
  }
  void retract(State& state, double value) {
    state.sum -= value;
    --state.count;
  }
  void merge(State& into, const State& from) {
    into.sum += from.sum;
    into.count += from.count;
  }
  void result(const State& state, Column& out, uint32_t row) const {
    if (state.count == 0) return out.set_null(row);
    double average = state.sum / static_cast<double>(state.count);
    out.doubles()[row] = is_float ? static_cast<double>(static_cast<float>(average)) : average;
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

// DECIMAL(38, max(6, s)), rounded half up.
struct AvgDecimals {
  using Input = Int128;
  using State = DecimalSum;
  int more_digits;  // Of the result's scale over the argument's.

  void add(State& state, Int128 value) { state.add(value, 1); }
  void retract(State& state, Int128 value) { state.add(-value, -1); }
  void merge(State& into, const State& from) {
    into.add(from.value(), from.count);
    into.overflowed |= from.overflowed;
  }
  void result(const State& state, Column& out, uint32_t row) const {
    if (state.count <= 0 || state.overflowed != 0) return out.set_null(row);
    Int128 sum = state.value(), count = state.count, unit = power_of_ten(more_digits);
    Int128 whole = sum / count, rest = (sum % count) * unit, average;
    Int128 half_up = (rest < 0 ? rest * 2 - count : rest * 2 + count) / (count * 2);
    if (__builtin_mul_overflow(whole, unit, &average) || __builtin_add_overflow(average, half_up, &average) ||
        !fits_decimal38(average)) {
      return out.set_null(row);
    }
    out.decimals()[row] = average;
  }
  void encode(const State& state, Bytes& out) { put_fixed(out, state); }
  void decode(State& state, BytesView& in) { state = take_fixed<State>(in); }
};

}  // namespace

std::unique_ptr<Aggregate> make_avg(const AggregateCall& call, const DataType& argument) {
  switch (argument.physical()) {
    case Physical::kDouble:
      return make_fold(AvgDoubles{argument.kind == TypeKind::kFloat}, call);
    case Physical::kDecimal:
      return make_fold(AvgDecimals{std::max(6, argument.scale) - argument.scale}, call);
    default:
      return make_fold(AvgIntegers{argument.kind}, call);
  }
}

}  // namespace leat
