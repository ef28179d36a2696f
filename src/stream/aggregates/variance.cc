#include <algorithm>
#include <cmath>

#include "stream/aggregates/fold.h"
#include "stream/aggregates/makers.h"
#include "stream/aggregates/narrow.h"

namespace leat {
namespace {

struct Kind {
  bool sample;     // Divide by n - 1; NULL for one value.
  bool deviation;  // The square root.
};

// Flink has no function of its own: it computes (SUM(x * x) - SUM(x) * SUM(x) / COUNT(x)) / n in the type of the
// argument. For integers that is integer arithmetic, which we follow, but in 128 bits, where x * x does not wrap.
struct IntegerVariance {
  using Input = int64_t;
  struct State {
    int64_t count = 0, sum = 0;
    uint64_t squares_low = 0, squares_high = 0;

    Int128 squares() const { return static_cast<Int128>((static_cast<UInt128>(squares_high) << 64) | squares_low); }
    void change(int64_t values, int64_t by, Int128 square) {
      count += values;
      sum = wrapping_add(sum, by);
      auto total = static_cast<UInt128>(squares()) + static_cast<UInt128>(square);
      squares_low = static_cast<uint64_t>(total);
      squares_high = static_cast<uint64_t>(total >> 64);
    }
  };
  Kind what;
  TypeKind kind;

  void add(State& state, int64_t value) { state.change(1, value, static_cast<Int128>(value) * value); }
  void retract(State& state, int64_t value) {
    state.change(-1, wrapping_subtract(0, value), -(static_cast<Int128>(value) * value));
  }
  void merge(State& into, const State& from) { into.change(from.count, from.sum, from.squares()); }
  void result(const State& state, Column& out, uint32_t row) const {
    int64_t divisor = what.sample ? state.count - 1 : state.count;
    if (state.count <= 0 || divisor <= 0) return out.set_null(row);
    Int128 square_of_sum = static_cast<Int128>(state.sum) * state.sum;
    Int128 variance = (state.squares() - square_of_sum / state.count) / divisor;
    auto value = static_cast<int64_t>(variance);
    if (what.deviation) value = static_cast<int64_t>(std::sqrt(static_cast<double>(variance)));
    out.ints()[row] = wrap_to(value, kind);
  }
  void encode(const State& state, Bytes& out) {
    put_signed(out, state.count);
    put_signed(out, state.sum);
    put_fixed(out, state.squares());
  }
  void decode(State& state, BytesView& in) {
    state = State{};
    int64_t count = take_signed(in), sum = take_signed(in);
    state.change(count, sum, take_fixed<Int128>(in));
  }
};

// Welford's method, and Chan's for merging: the textbook formula loses every digit when the mean is large.
struct Moments {
  int64_t count = 0;
  double mean = 0, squares = 0;  // Sum of the squared distances from the mean.

  void add(double value) {
    ++count;
    double distance = value - mean;
    mean += distance / static_cast<double>(count);
    squares += distance * (value - mean);
  }
  void retract(double value) {
    if (--count <= 0) {
      mean = squares = 0;
      return;
    }
    double distance = value - mean;
    mean -= distance / static_cast<double>(count);
    squares = std::max(0.0, squares - distance * (value - mean));
  }
  void merge(const Moments& from) {
    if (from.count == 0) return;
    auto mine = static_cast<double>(count), theirs = static_cast<double>(from.count), all = mine + theirs;
    double distance = from.mean - mean;
    mean += distance * theirs / all;
    squares += from.squares + distance * distance * mine * theirs / all;
    count += from.count;
  }
  // False: NULL.
  bool compute(Kind what, double& out) const {
    int64_t divisor = what.sample ? count - 1 : count;
    if (count <= 0 || divisor <= 0) return false;
    out = squares / static_cast<double>(divisor);
    if (what.deviation) out = std::sqrt(out);
    return true;
  }
};

struct DoubleVariance {
  using Input = double;
  using State = Moments;
  Kind what;
  bool is_float;

  void add(State& state, double value) { state.add(value); }
  void retract(State& state, double value) { state.retract(value); }
  void merge(State& into, const State& from) { into.merge(from); }
  void result(const State& state, Column& out, uint32_t row) const {
    double value = 0;
    if (!state.compute(what, value)) return out.set_null(row);
    out.doubles()[row] = is_float ? static_cast<double>(static_cast<float>(value)) : value;
  }
  void encode(const State& state, Bytes& out) { put_fixed(out, state); }
  void decode(State& state, BytesView& in) { state = take_fixed<State>(in); }
};

struct DecimalVariance {
  using Input = Int128;
  using State = Moments;
  Kind what;
  double unit;         // Of the argument's scale.
  double result_unit;  // Of the result's.

  void add(State& state, Int128 value) { state.add(static_cast<double>(value) / unit); }
  void retract(State& state, Int128 value) { state.retract(static_cast<double>(value) / unit); }
  void merge(State& into, const State& from) { into.merge(from); }
  void result(const State& state, Column& out, uint32_t row) const {
    double value = 0;
    if (!state.compute(what, value) || !(value * result_unit < 1e38)) return out.set_null(row);
    out.decimals()[row] = static_cast<Int128>(std::round(value * result_unit));
  }
  void encode(const State& state, Bytes& out) { put_fixed(out, state); }
  void decode(State& state, BytesView& in) { state = take_fixed<State>(in); }
};

}  // namespace

std::unique_ptr<Aggregate> make_variance(const AggregateCall& call, const DataType& argument) {
  Kind what{!call.function.ends_with("_POP"), call.function.starts_with("STDDEV")};
  switch (argument.physical()) {
    case Physical::kDouble:
      return make_fold(DoubleVariance{what, argument.kind == TypeKind::kFloat}, call);
    case Physical::kDecimal:
      return make_fold(
          DecimalVariance{what, std::pow(10.0, argument.scale), std::pow(10.0, std::max(6, argument.scale))}, call);
    default:
      return make_fold(IntegerVariance{what, argument.kind}, call);
  }
}

}  // namespace leat
