#pragma once
// ShareProgress: how far a share group has come in one partition (KIP-932). Below `start` everything is settled; above
// it stand ranges of records in different states; what is behind the last range was never given out. Plain data,
// folded from the broker's log.
#include <map>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/types.h"

namespace leat {

enum class ShareState : uint8_t {
  kAvailable,     // To be given out (again).
  kAcquired,      // Some member has it.
  kAcknowledged,  // It is done.
  kArchived,      // It will not be given out any more: rejected, or given out too often.
};

struct ShareRange {
  int64_t first = 0, last = 0;
  ShareState state = ShareState::kAvailable;
  int16_t deliveries = 0;  // How often it was given out.
  bool is_settled() const { return state == ShareState::kAcknowledged || state == ShareState::kArchived; }
  bool operator==(const ShareRange&) const = default;
};

// What became different.
struct ShareDelta {
  std::optional<int64_t> start;    // Begins anew there: there are no ranges any more.
  std::vector<ShareRange> ranges;  // As they are from now on; ascending, and none below the start.
  int64_t exhausted = 0;           // So many more records were archived because they had been given out too often.
  bool is_empty() const { return !start && ranges.empty() && exhausted == 0; }
  bool operator==(const ShareDelta&) const = default;
};

class ShareProgress {
 public:
  void apply(const ShareDelta&);
  ShareDelta whole() const;  // That makes it from nothing.

  int64_t start() const { return start_; }
  int64_t end() const { return ranges_.empty() ? start_ : ranges_.rbegin()->second.last + 1; }
  const std::map<int64_t, ShareRange>& ranges() const { return ranges_; }  // By their first offset.
  int64_t exhausted() const { return exhausted_; }
  // Records that are neither settled nor never given out.
  int64_t in_flight() const;
  // The parts of the ranges from first to last.
  std::vector<ShareRange> between(int64_t first, int64_t last) const;
  bool operator==(const ShareProgress&) const = default;

 private:
  void cut(int64_t at);  // A range that holds `at` and begins before it becomes two.
  void put(const ShareRange&);

  int64_t start_ = 0, exhausted_ = 0;
  std::map<int64_t, ShareRange> ranges_;  // No two that touch are alike, and the first one is not settled.
};

// docs/formats/broker-state.md. kCorruption.
Bytes encode_share_delta(const ShareDelta&);
Result<ShareDelta> decode_share_delta(BytesView);

}  // namespace leat
