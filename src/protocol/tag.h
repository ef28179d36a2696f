#pragma once
#include <cstdint>
#include <utility>

namespace leat {

// A tagged field: written only if it is not its default, and passed over by who does not know it.
template <class T, class F>
struct Tag {
  uint64_t id;
  bool enabled;     // The version has it.
  bool is_default;  // Then it is not written.
  T& value;
  F code;  // code(coder, value) reads or writes it.
};

template <class T, class F>
Tag<T, F> tag(uint64_t id, bool enabled, bool is_default, T& value, F code) {
  return {id, enabled, is_default, value, std::move(code)};
}

}  // namespace leat
