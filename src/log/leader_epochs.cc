#include "log/leader_epochs.h"

#include <algorithm>

namespace leat {
namespace {

bool epoch_is_later(int32_t epoch, const LeaderEpochs::Epoch& entry) {
  return epoch < entry.epoch;
}
bool starts_later(Offset offset, const LeaderEpochs::Epoch& entry) {
  return offset < entry.start;
}

}  // namespace

void LeaderEpochs::begin(int32_t epoch, Offset at) {
  if (epoch < 0 || (!epochs_.empty() && epochs_.back().epoch >= epoch)) return;
  // An epoch in which nothing was written says nothing.
  while (!epochs_.empty() && epochs_.back().start >= at) epochs_.pop_back();
  epochs_.push_back({epoch, at});
}

std::optional<LeaderEpochs::End> LeaderEpochs::end_of(int32_t epoch, Offset end) const {
  if (epoch < 0 || epochs_.empty()) return std::nullopt;
  if (epoch == epochs_.back().epoch) return End{epoch, end};
  auto later = std::upper_bound(epochs_.begin(), epochs_.end(), epoch, epoch_is_later);
  if (later == epochs_.end()) return std::nullopt;
  return End{later == epochs_.begin() ? epoch : (later - 1)->epoch, later->start};
}

int32_t LeaderEpochs::epoch_at(Offset offset) const {
  auto later = std::upper_bound(epochs_.begin(), epochs_.end(), offset, starts_later);
  return later == epochs_.begin() ? -1 : (later - 1)->epoch;
}

void LeaderEpochs::forget_before(Offset start) {
  auto later = std::upper_bound(epochs_.begin(), epochs_.end(), start, starts_later);
  if (later == epochs_.begin()) return;
  (later - 1)->start = start;
  epochs_.erase(epochs_.begin(), later - 1);
}

}  // namespace leat
