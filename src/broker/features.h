#pragma once
// The features that this broker has, as ApiVersions tells clients of them (KIP-584, KIP-1022).
#include <cstdint>

namespace leat {

struct Feature {
  const char* name;
  int16_t first, last;  // Levels that are supported.
  int16_t level;        // That is in force.
};

inline constexpr Feature kFeatures[] = {
    {"group.version", 0, 1, 1},        // KIP-848.
    {"share.version", 0, 1, 1},        // KIP-932.
    {"transaction.version", 0, 2, 2},  // KIP-890: version 12 of Produce and 5 of EndTxn.
};

}  // namespace leat
