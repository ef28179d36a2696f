#pragma once
// SipHash-2-4 with 128 bits (Aumasson and Bernstein): so keyed that nobody can make two keys that meet.
#include <array>

#include "base/types.h"

namespace leat {

using KeyHash = std::array<uint64_t, 2>;

KeyHash hash_key(BytesView key, const std::array<uint64_t, 2>& secret);

}  // namespace leat
