#pragma once
// The five ways in which the records of a batch may be compressed (attributes, bits 0-2, of Kafka's record batch).
#include "base/result.h"
#include "base/types.h"

namespace leat {

enum class Codec : uint8_t { kNone = 0, kGzip = 1, kSnappy = 2, kLz4 = 3, kZstd = 4 };

// The records of a batch, before compression, are at most this long: what a hostile batch can make us allocate.
inline constexpr size_t kRecordsBytesMax = size_t{256} << 20;

// Snappy is written in the framing of xerial's snappy-java, which Kafka's Java client demands.
Bytes compress(Codec, BytesView);

// kCorruption if the bytes are not that codec's, or are more than bytes_max when decompressed. Snappy may come raw or
// in xerial's framing. kNone copies.
Result<Bytes> decompress(Codec, BytesView, size_t bytes_max = kRecordsBytesMax);

}  // namespace leat
