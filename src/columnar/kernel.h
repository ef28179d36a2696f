#pragma once
// Makes a Kernel out of a function of one row's values, so that a function of SQL is written as a function of C++:
//
//   row_kernel<[](BytesView text, int64_t count) -> std::string { … }>
//
// Parameters: bool, int64_t, double, Int128, BytesView, or std::optional of one (the kernel must handle_nulls); before
// them, if wanted, `Row&`. Result: one of these or std::string (copied), or std::optional of one, nullopt being NULL. A
// BytesView may point into the arguments or into row.arena().
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "columnar/function.h"

namespace leat {

// What a row's function may reach beside its arguments.
struct Row {
  const Expr& call;
  Column& out;
  EvalContext& context;
  uint32_t row = 0;

  const EvalSettings& settings() const { return context.settings; }
  Arena& arena() { return out.arena(); }
  const DataType& argument(size_t i) const { return call.args[i]->type; }
  // Marks the row; the function then returns std::nullopt.
  std::nullopt_t fail(std::string reason, std::string message) {
    context.errors.add(row, std::move(reason), std::move(message));
    return std::nullopt;
  }
};

namespace kernel_detail {

template <class T>
struct Unwrap {
  using Type = T;
  static constexpr bool kOptional = false;
};
template <class T>
struct Unwrap<std::optional<T>> {
  using Type = T;
  static constexpr bool kOptional = true;
};

// How a C++ type is stored in a column.
template <class T>
using Stored = std::conditional_t<std::is_same_v<T, bool>, uint8_t,
                                  std::conditional_t<std::is_same_v<T, std::string>, BytesView, T>>;

template <class P>
class Argument {
  using Value = typename Unwrap<P>::Type;

 public:
  explicit Argument(const Column& column) : column_(column), values_(column.get<Stored<Value>>()) {}
  P operator[](uint32_t row) const {
    if constexpr (Unwrap<P>::kOptional) {
      if (!column_.valid(row)) return std::nullopt;
    }
    return static_cast<Value>(values_[row]);
  }

 private:
  const Column& column_;
  std::span<const Stored<Value>> values_;
};

template <class R>
void store(Column& out, std::span<Stored<typename Unwrap<R>::Type>> values, uint32_t row, R result) {
  using Value = typename Unwrap<R>::Type;
  if constexpr (Unwrap<R>::kOptional) {
    if (!result) return out.set_null(row);
    store<Value>(out, values, row, std::move(*result));
  } else if constexpr (std::is_same_v<R, std::string>) {
    values[row] = out.arena().copy(result);
  } else {
    values[row] = result;
  }
}

template <auto F, class R, class... P, size_t... I>
void run(Row& scope, std::span<const ColumnPtr> args, Selection selection, std::index_sequence<I...>) {
  const std::tuple<Argument<P>...> arguments{Argument<P>(*args[I])...};
  const auto values = scope.out.get<Stored<typename Unwrap<R>::Type>>();
  if constexpr (std::is_same_v<typename Unwrap<R>::Type, BytesView>) {
    for (const ColumnPtr& arg : args) scope.out.keep_alive(*arg);
  }
  for (uint32_t row : selection) {
    scope.row = row;
    if constexpr (std::is_invocable_v<decltype(F), Row&, P...>) {
      store<R>(scope.out, values, row, F(scope, std::get<I>(arguments)[row]...));
    } else {
      store<R>(scope.out, values, row, F(std::get<I>(arguments)[row]...));
    }
  }
}

template <class F>
struct Signature : Signature<decltype(&F::operator())> {};
template <class C, class R, class... P>
struct Signature<R (C::*)(P...) const> : Signature<R (*)(P...)> {};
template <class R, class... P>
struct Signature<R (*)(Row&, P...)> : Signature<R (*)(P...)> {};
template <class R, class... P>
struct Signature<R (*)(P...)> {
  template <auto F>
  static void kernel(const Expr& call, std::span<const ColumnPtr> args, Selection selection, Column& out,
                     EvalContext& context) {
    CHECK(args.size() == sizeof...(P));
    Row scope{call, out, context};
    run<F, R, P...>(scope, args, selection, std::index_sequence_for<P...>());
  }
};

}  // namespace kernel_detail

template <auto F>
constexpr Kernel row_kernel = kernel_detail::Signature<decltype(F)>::template kernel<F>;

// Every row of the batch, for functions that are `total`: no validity, no selection, so that it vectorises.
template <auto F, class In, class Out>
void total_kernel(const Expr&, std::span<const ColumnPtr> args, Selection, Column& out, EvalContext&) {
  const auto to = out.get<Out>();
  const In* a = args[0]->get<In>().data();
  if constexpr (std::is_invocable_v<decltype(F), In>) {
    for (size_t row = 0; row < to.size(); ++row) to[row] = static_cast<Out>(F(a[row]));
  } else {
    const In* b = args[1]->get<In>().data();
    for (size_t row = 0; row < to.size(); ++row) to[row] = static_cast<Out>(F(a[row], b[row]));
  }
}

}  // namespace leat
