#pragma once
#include <array>
#include <compare>
#include <cstdint>

namespace leat {

// A topic's, group member's or cluster's id: 16 bytes as they travel. All zero: none.
struct Uuid {
  std::array<uint8_t, 16> bytes{};
  bool is_zero() const { return *this == Uuid{}; }
  auto operator<=>(const Uuid&) const = default;
};

}  // namespace leat
