#pragma once
#include <cstdint>

namespace leat::protocol {

inline constexpr int16_t kNeverFlexible = INT16_MAX;

// What every request of Kafka's protocol has beside its fields.
struct ApiInfo {
  int16_t key;
  int16_t first, last;     // Versions that the schema knows.
  int16_t first_flexible;  // From here on lengths are varints and fields may be tagged (KIP-482).
  const char* name;

  bool has(int16_t version) const { return version >= first && version <= last; }
  bool flexible(int16_t version) const { return version >= first_flexible; }
};

}  // namespace leat::protocol
