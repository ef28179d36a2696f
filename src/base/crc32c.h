#pragma once
// CRC-32C (Castagnoli polynomial, RFC 3720 appendix B.4): the checksum of Kafka's record batches.
#include <cstdint>

#include "base/types.h"

namespace leat {

// `before`: the checksum of the bytes that precede these, to go on from it.
uint32_t crc32c(BytesView bytes, uint32_t before = 0);

// The same without the processor's instruction: what crc32c() is on a processor that has none.
uint32_t crc32c_by_table(BytesView bytes, uint32_t before = 0);

}  // namespace leat
