#pragma once
// Fold<Op>: an Aggregate made of an Op that knows one value at a time. Inlined, it is a tight loop over a batch.
//
// An Op has
//   using Input = …;                   // As in Column::get, the type of its argument's values.
//   struct State { … };                // A new one is State{}; an aggregate of 8 bytes.
//   void add(State&, Input);           void retract(State&, Input);
//   void merge(State&, const State&);  void result(const State&, Column&, uint32_t row) const;
//   void encode(const State&, Bytes&); void decode(State&, BytesView&);
// and, if its states own memory, destroy(State&) and heap_bytes(const State&). Its functions are not const: an Op may
// count the values it has seen. NULL arguments never reach it.
#include <utility>

#include "stream/aggregate.h"
#include "stream/aggregates/state_codec.h"

namespace leat {

// Calls visit(i, rows[i]) for the rows that FILTER lets through and whose argument is not NULL. -1: there is none.
template <class Visit>
void visit_rows(const Batch& batch, Selection rows, int32_t argument, int32_t filter, Visit visit) {
  const uint8_t* valid = nullptr;
  if (argument >= 0 && batch.columns[static_cast<size_t>(argument)]->has_nulls()) {
    valid = batch.columns[static_cast<size_t>(argument)]->validity().data();
  }
  if (filter < 0 && valid == nullptr) {
    for (size_t i = 0; i < rows.size(); ++i) visit(i, rows[i]);
    return;
  }
  if (filter < 0) {
    for (size_t i = 0; i < rows.size(); ++i) {
      if (valid[rows[i]] != 0) visit(i, rows[i]);
    }
    return;
  }
  const Column& condition = *batch.columns[static_cast<size_t>(filter)];
  auto passes = condition.bools();
  for (size_t i = 0; i < rows.size(); ++i) {
    uint32_t row = rows[i];
    if (passes[row] != 0 && condition.valid(row) && (valid == nullptr || valid[row] != 0)) visit(i, row);
  }
}

template <class Op>
class Fold final : public Aggregate {
 public:
  using State = typename Op::State;
  using Input = typename Op::Input;
  static constexpr bool kOwns = requires(Op op, State& state) { op.destroy(state); };
  static_assert(sizeof(State) % 8 == 0 && alignof(State) <= 8);

  Fold(Op op, uint32_t argument, int32_t filter)
      : op_(std::move(op)), argument_(static_cast<int32_t>(argument)), filter_(filter) {}

  size_t state_bytes() const override { return sizeof(State); }
  void init(char* state) const override { new (state) State{}; }
  bool trivial() const override { return !kOwns; }
  void destroy(char* state) const override {
    if constexpr (kOwns) op_.destroy(at(state));
    (void)state;
  }
  void add(std::span<char* const> states, size_t offset, const Batch& batch, Selection rows) const override {
    auto values = batch.columns[static_cast<size_t>(argument_)]->template get<Input>();
    visit_rows(batch, rows, argument_, filter_,
               [&](size_t i, uint32_t row) { op_.add(at(states[i] + offset), values[row]); });
  }
  void retract(std::span<char* const> states, size_t offset, const Batch& batch, Selection rows) const override {
    auto values = batch.columns[static_cast<size_t>(argument_)]->template get<Input>();
    visit_rows(batch, rows, argument_, filter_,
               [&](size_t i, uint32_t row) { op_.retract(at(states[i] + offset), values[row]); });
  }
  void merge(char* into, const char* from) const override { op_.merge(at(into), at(from)); }
  void result(const char* state, Column& out, uint32_t row) const override { op_.result(at(state), out, row); }
  void encode(const char* state, Bytes& out) const override { op_.encode(at(state), out); }
  void decode(char* state, BytesView& in) const override { op_.decode(at(state), in); }
  uint64_t heap_bytes(const char* state) const override {
    if constexpr (kOwns) return op_.heap_bytes(at(state));
    return (void)state, 0;
  }

 private:
  static State& at(char* state) { return *reinterpret_cast<State*>(state); }
  static const State& at(const char* state) { return *reinterpret_cast<const State*>(state); }

  mutable Op op_;
  int32_t argument_, filter_;
};

template <class Op>
std::unique_ptr<Aggregate> make_fold(Op op, const AggregateCall& call) {
  return std::make_unique<Fold<Op>>(std::move(op), call.args[0], call.filter);
}

}  // namespace leat
