#pragma once
// Strong types for quantities that are easy to swap by mistake, and the two shapes of bytes.
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

namespace leat {

template <class Tag, class Rep = int64_t>
struct Strong {
  Rep value{};
  auto operator<=>(const Strong&) const = default;
};

using Offset = Strong<struct OffsetTag>;  // Position of a record in a partition.
using PartitionId = Strong<struct PartitionTag, int32_t>;
using EventTime = Strong<struct EventTimeTag>;      // Milliseconds since the epoch, from the data.
using WallTime = Strong<struct WallTimeTag>;        // Milliseconds since the epoch, from Clock.
using Instant = Strong<struct InstantTag>;          // Monotonic nanoseconds, from Clock.
using CheckpointId = Strong<struct CheckpointTag>;  // 1 is a job's first; 0: none yet.

inline constexpr int64_t kNsPerMs = 1'000'000;  // As an Instant counts.

// Before every event, and after every event: the watermark of a source that has seen nothing, and of one that has
// ended.
inline constexpr EventTime kMinEventTime{std::numeric_limits<int64_t>::min()};
inline constexpr EventTime kMaxEventTime{std::numeric_limits<int64_t>::max()};
inline constexpr Instant kNever{std::numeric_limits<int64_t>::max()};

struct TopicPartition {
  std::string topic;
  PartitionId partition;
  auto operator<=>(const TopicPartition&) const = default;
};

// Bytes that somebody else owns, and immutable bytes with a shared owner. Text and binary are the same to us.
using BytesView = std::string_view;
using Bytes = std::string;
struct SharedBytes {
  std::shared_ptr<const void> owner;
  BytesView view;
};

}  // namespace leat
