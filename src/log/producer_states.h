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
  // The producer has just written. By a clock that does not jump: one that is forgotten too early, while it sends a
  // batch again, has it stored twice.
  void touch(int64_t producer_id, Instant now) { used_[producer_id] = now; }
  // Forgets producers that have been idle for so long, those of before this process counted from the first look on. One
  // whose transaction is open must be kept: `is_open(producer_id)`.
  template <class IsOpen>
  void forget_idle(int64_t idle_ns, Instant now, IsOpen is_open) {
    std::erase_if(states_, [&](const auto& entry) {
      Instant used = used_.try_emplace(entry.first, now).first->second;
      bool forgotten = now.value - used.value > idle_ns && !is_open(entry.first);
      if (forgotten) used_.erase(entry.first);
      return forgotten;
    });
  }

  const ProducerState* find(int64_t producer_id) const;
  std::vector<ProducerState> all() const;  // By id.
  bool operator==(const ProducerStates& other) const { return states_ == other.states_; }

 private:
  std::map<int64_t, ProducerState> states_;
  std::map<int64_t, Instant> used_;  // Of some of them, in this process.
};

}  // namespace leat
