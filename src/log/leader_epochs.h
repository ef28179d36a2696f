#pragma once
// LeaderEpochs: at which offset each epoch of a partition's leader began (KIP-101). A consumer asks where the records
// of the epoch that it last read end, and so learns that a torn tail, which it had read, is no more.
//
// A fold over the batches, which carry their epochs; saved in the recovery point.
#include <optional>
#include <vector>

#include "base/types.h"

namespace leat {

class LeaderEpochs {
 public:
  struct Epoch {
    int32_t epoch = -1;
    Offset start;
    bool operator==(const Epoch&) const = default;
  };

  LeaderEpochs() = default;
  explicit LeaderEpochs(std::vector<Epoch> epochs) : epochs_(std::move(epochs)) {}

  // From this offset on it is that epoch. Nothing happens if it is not newer than the newest.
  void begin(int32_t epoch, Offset at);
  // Of the newest epoch that is not newer than `epoch`, where it ends; `end`: of the log. nullopt: it is not known.
  struct End {
    int32_t epoch = -1;
    Offset offset;
  };
  std::optional<End> end_of(int32_t epoch, Offset end) const;
  int32_t epoch_at(Offset) const;  // -1: it is not known.
  // What is below can no longer be read.
  void forget_before(Offset start);

  const std::vector<Epoch>& all() const { return epochs_; }

 private:
  std::vector<Epoch> epochs_;  // Both fields ascend; epochs strictly.
};

}  // namespace leat
