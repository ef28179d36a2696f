#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <string>

namespace leat {

// A topic's, group member's or cluster's id: 16 bytes as they travel. All zero: none.
struct Uuid {
  std::array<uint8_t, 16> bytes{};
  bool is_zero() const { return *this == Uuid{}; }
  auto operator<=>(const Uuid&) const = default;
};
std::string to_string(const Uuid&);  // As Kafka writes them: URL-safe base64 without padding.

}  // namespace leat
