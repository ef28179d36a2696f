#pragma once
// ProducerStates: what a partition remembers of the producers that number their batches (KIP-98), so that a batch that
// is sent again is not stored again, a gap is seen, and a producer that was replaced cannot write.
//
// A fold over the batches of the partition, in their order.
#include <array>
#include <map>
#include <optional>
#include <vector>

#include "log/record_batch.h"

namespace leat {

struct ProducerState {
  static constexpr size_t kBatchesMax = 5;  // As many as a client may have in flight.
  struct Batch {
    int32_t first_sequence = 0, last_sequence = 0;
    Offset first, last;
    WallTime timestamp;
    bool operator==(const Batch&) const = default;
  };

  int64_t producer_id = -1;
  int16_t epoch = -1;
  WallTime last_seen;          // The newest timestamp of its batches and markers.
  std::vector<Batch> batches;  // The last ones of this epoch, the newest last.

  int32_t last_sequence() const { return batches.empty() ? -1 : batches.back().last_sequence; }
  bool operator==(const ProducerState&) const = default;
};

class ProducerStates {
 public:
  enum class Verdict : uint8_t {
    kAppend,
    kDuplicate,   // It is in the log: `Judgement::duplicate`.
    kFenced,      // A producer with a newer epoch has written since.
    kOutOfOrder,  // Batches before it are missing.
  };
  struct Judgement {
    Verdict verdict = Verdict::kAppend;
    std::optional<ProducerState::Batch> duplicate;
  };

  ProducerStates() = default;
  explicit ProducerStates(const std::vector<ProducerState>&);

  // `starts_at_zero`: a producer that is unknown must begin with sequence 0 (KIP-890); else any is taken, since what
  // was known of it may have been forgotten.
  Judgement judge(const RecordBatchView&, bool starts_at_zero) const;
  void apply(const RecordBatchView&);
  // Of producers that were not seen since. One whose transaction is open must be kept: `is_open(producer_id)`.
  template <class IsOpen>
  void forget_before(WallTime time, IsOpen is_open) {
    std::erase_if(states_, [&](const auto& entry) { return entry.second.last_seen < time && !is_open(entry.first); });
  }

  const ProducerState* find(int64_t producer_id) const;
  std::vector<ProducerState> all() const;  // By id.
  bool operator==(const ProducerStates&) const = default;

 private:
  std::map<int64_t, ProducerState> states_;
};

}  // namespace leat
