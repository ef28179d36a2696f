#include <algorithm>
#include <deque>

#include "stream/aggregates/fold.h"
#include "stream/aggregates/makers.h"

namespace leat {
namespace {

// LISTAGG(text [, separator]): by arrival, NULLs skipped, NULL if there was nothing.
struct ListAgg {
  using Input = BytesView;
  struct State {
    Bytes* text = nullptr;
  };
  Bytes separator;

  void add(State& state, BytesView value) {
    if (state.text == nullptr) {
      state.text = new Bytes(value);
    } else {
      state.text->append(separator).append(value);
    }
  }
  void retract(State&, BytesView) { CHECK(false); }  // make_listagg() chose wrongly.
  void merge(State& into, const State& from) {
    if (from.text != nullptr) add(into, *from.text);
  }
  void result(const State& state, Column& out, uint32_t row) const {
    if (state.text == nullptr) return out.set_null(row);
    out.set_bytes(row, *state.text);
  }
  void encode(const State& state, Bytes& out) {
    put_fixed(out, static_cast<uint8_t>(state.text != nullptr));
    if (state.text != nullptr) put_bytes(out, *state.text);
  }
  void decode(State& state, BytesView& in) {
    if (take_fixed<uint8_t>(in) != 0) add(state, take_bytes(in));
  }
  void destroy(State& state) { delete state.text; }
  uint64_t heap_bytes(const State& state) { return state.text == nullptr ? 0 : state.text->capacity(); }
};

struct RetractableListAgg {
  using Input = BytesView;
  struct State {
    std::deque<Bytes>* items = nullptr;
  };
  Bytes separator;

  void add(State& state, BytesView value) {
    if (state.items == nullptr) state.items = new std::deque<Bytes>;
    state.items->emplace_back(value);
  }
  void retract(State& state, BytesView value) {
    if (state.items == nullptr) return;
    auto at = std::find(state.items->begin(), state.items->end(), value);
    if (at != state.items->end()) state.items->erase(at);
  }
  void merge(State& into, const State& from) {
    if (from.items == nullptr) return;
    for (const Bytes& item : *from.items) add(into, item);
  }
  void result(const State& state, Column& out, uint32_t row) const {
    if (state.items == nullptr || state.items->empty()) return out.set_null(row);
    Bytes text = state.items->front();
    for (size_t i = 1; i < state.items->size(); ++i) text.append(separator).append((*state.items)[i]);
    out.set_bytes(row, text);
  }
  void encode(const State& state, Bytes& out) {
    put_varint(out, state.items == nullptr ? 0 : state.items->size());
    if (state.items == nullptr) return;
    for (const Bytes& item : *state.items) put_bytes(out, item);
  }
  void decode(State& state, BytesView& in) {
    for (uint64_t left = take_varint(in); left > 0; --left) add(state, take_bytes(in));
  }
  void destroy(State& state) { delete state.items; }
  uint64_t heap_bytes(const State& state) { return state.items == nullptr ? 0 : 64 * state.items->size(); }
};

}  // namespace

std::unique_ptr<Aggregate> make_listagg(const AggregateCall& call, bool retracting) {
  Bytes separator = ",";
  if (!call.parameters.empty()) {
    const auto* given = std::get_if<std::string>(&call.parameters[0].data);
    separator = given == nullptr ? "" : *given;
  }
  if (retracting) return make_fold(RetractableListAgg{std::move(separator)}, call);
  return make_fold(ListAgg{std::move(separator)}, call);
}

}  // namespace leat
