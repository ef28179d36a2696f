#pragma once
// Where the fields of a record batch's header stand.
#include <cstddef>
#include <cstdint>

namespace leat::batch_layout {

inline constexpr size_t kBaseOffset = 0;      // int64
inline constexpr size_t kLength = 8;          // int32: of what follows it.
inline constexpr size_t kLeaderEpoch = 12;    // int32
inline constexpr size_t kMagic = 16;          // int8
inline constexpr size_t kCrc = 17;            // uint32: of everything from the attributes on.
inline constexpr size_t kAttributes = 21;     // int16
inline constexpr size_t kLastDelta = 23;      // int32
inline constexpr size_t kBaseTimestamp = 27;  // int64
inline constexpr size_t kMaxTimestamp = 35;   // int64
inline constexpr size_t kProducerId = 43;     // int64
inline constexpr size_t kProducerEpoch = 51;  // int16
inline constexpr size_t kBaseSequence = 53;   // int32
inline constexpr size_t kCount = 57;          // int32

inline constexpr char kMagic2 = 2;
inline constexpr int16_t kCodecMask = 0x07;
inline constexpr int16_t kAppendTimeBit = 0x08;
inline constexpr int16_t kTransactionalBit = 0x10;
inline constexpr int16_t kControlBit = 0x20;
inline constexpr int16_t kHorizonBit = 0x40;  // The base timestamp is the delete horizon.

}  // namespace leat::batch_layout
