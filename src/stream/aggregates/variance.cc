#include <algorithm>
#include <cmath>

#include "columnar/cast.h"
#include "columnar/decimal.h"
#include "stream/aggregates/fold.h"
#include "stream/aggregates/makers.h"

namespace leat {
namespace {

struct Kind {
  bool sample;     // Divide by n - 1; NULL for one value.
  bool deviation;  // The square root.
};

// Welford's method, and Chan's for merging, in doubles for every type, as Flink does it: the textbook formula loses
// every digit when the mean is large.
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

// `To` reads a double out of the argument's type, and casts the result to it.
template <class To>
struct Variance {
  using Input = typename To::Input;
  using State = Moments;
  Kind what;
  To to;

  void add(State& state, Input value) { state.add(to.real(value)); }
  void retract(State& state, Input value) { state.retract(to.real(value)); }
  void merge(State& into, const State& from) { into.merge(from); }
  void result(const State& state, Column& out, uint32_t row) const {
    double value = 0;
    if (!state.compute(what, value)) return out.set_null(row);
    to.put(value, out, row);
  }
  void encode(const State& state, Bytes& out) { put_fixed(out, state); }
  void decode(State& state, BytesView& in) { state = take_fixed<State>(in); }
};

struct ToInteger {
  using Input = int64_t;
  TypeKind kind;

  double real(int64_t value) const { return static_cast<double>(value); }
  void put(double value, Column& out, uint32_t row) const { out.ints()[row] = double_to_integer(value, kind); }
};

struct ToDouble {
  using Input = double;
  bool is_float;

  double real(double value) const { return value; }
  void put(double value, Column& out, uint32_t row) const {
    out.doubles()[row] = is_float ? static_cast<double>(static_cast<float>(value)) : value;
  }
};

struct ToDecimal {
  using Input = Int128;
  int scale;

  double real(Int128 value) const { return decimal_to_double(value, scale); }
  void put(double value, Column& out, uint32_t row) const {
    const auto decimal = decimal_from_double(value, kDecimalDigitsMax, std::max(6, scale));
    if (!decimal) return out.set_null(row);
    out.decimals()[row] = *decimal;
  }
};

}  // namespace

std::unique_ptr<Aggregate> make_variance(const AggregateCall& call, const DataType& argument) {
  Kind what{!call.function.ends_with("_POP"), call.function.starts_with("STDDEV")};
  switch (argument.physical()) {
    case Physical::kDouble:
      return make_fold(Variance<ToDouble>{what, {argument.kind == TypeKind::kFloat}}, call);
    case Physical::kDecimal:
      return make_fold(Variance<ToDecimal>{what, {argument.scale}}, call);
    default:
      return make_fold(Variance<ToInteger>{what, {argument.kind}}, call);
  }
}

}  // namespace leat
