#pragma once
// Cell<T>: one value inside a state. Fixed-size values live there; bytes are an object of their own, made when needed.
#include <compare>

#include "columnar/column.h"
#include "stream/aggregates/state_codec.h"

namespace leat {

// The order of MIN, MAX and of retractable states: numbers by value with NaN above all, text by its bytes.
template <class T>
bool value_less(const T& a, const T& b) {
  return a < b;
}
inline bool value_less(double a, double b) {
  return a < b || (b != b && a == a);
}

template <class T>
struct Cell {
  uint64_t words[(sizeof(T) + 7) / 8] = {};

  T get() const {
    T value;
    std::memcpy(&value, words, sizeof(T));
    return value;
  }
  void set(T value) { std::memcpy(words, &value, sizeof(T)); }
  void clear() {}
  uint64_t heap_bytes() const { return 0; }
};

template <>
struct Cell<BytesView> {
  Bytes* text = nullptr;

  BytesView get() const { return *text; }
  void set(BytesView value) {
    if (text == nullptr) {
      text = new Bytes(value);
    } else {
      text->assign(value);
    }
  }
  void clear() {
    delete text;
    text = nullptr;
  }
  uint64_t heap_bytes() const { return text == nullptr ? 0 : sizeof(Bytes) + text->capacity(); }
};

template <class T>
void put_cell(const Cell<T>& cell, Bytes& out) {
  put_value(out, cell.get());
}
template <class T>
void take_cell(Cell<T>& cell, BytesView& in) {
  if constexpr (std::is_same_v<T, BytesView>) {
    cell.set(take_bytes(in));
  } else {
    T value;
    take_value(in, value);
    cell.set(value);
  }
}

template <class T>
void write_to(Column& out, uint32_t row, const T& value) {
  if constexpr (std::is_convertible_v<T, BytesView>) {
    out.set_bytes(row, value);
  } else {
    out.get<T>()[row] = value;
  }
}

}  // namespace leat
