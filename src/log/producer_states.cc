#include "log/producer_states.h"

#include <algorithm>
#include <limits>

namespace leat {
namespace {

// Sequences are numbered up to the largest int32, and then from 0 again.
int32_t sequence_after(int32_t sequence, int64_t count) {
  constexpr int64_t kSequences = int64_t{std::numeric_limits<int32_t>::max()} + 1;
  return static_cast<int32_t>((sequence + count) % kSequences);
}

int32_t last_sequence_of(const RecordBatchView& batch) {
  // Not the number of records: compaction leaves some out.
  return sequence_after(batch.stamp().base_sequence, batch.last_offset().value - batch.base_offset().value);
}

}  // namespace

ProducerStates::ProducerStates(const std::vector<ProducerState>& states) {
  for (const ProducerState& state : states) states_[state.producer_id] = state;
}

const ProducerState* ProducerStates::find(int64_t producer_id) const {
  auto found = states_.find(producer_id);
  return found == states_.end() ? nullptr : &found->second;
}

std::vector<ProducerState> ProducerStates::all() const {
  std::vector<ProducerState> out;
  for (const auto& [id, state] : states_) out.push_back(state);
  return out;
}

ProducerStates::Judgement ProducerStates::judge(const RecordBatchView& batch, bool starts_at_zero) const {
  BatchStamp stamp = batch.stamp();
  if (stamp.producer_id < 0) return {};
  const ProducerState* state = find(stamp.producer_id);
  bool begins = stamp.base_sequence == 0;
  if (state == nullptr) return {begins || !starts_at_zero ? Verdict::kAppend : Verdict::kOutOfOrder, {}};
  if (stamp.producer_epoch < state->epoch) return {Verdict::kFenced, {}};
  if (stamp.producer_epoch > state->epoch) return {begins ? Verdict::kAppend : Verdict::kOutOfOrder, {}};
  int32_t last = last_sequence_of(batch);
  for (const auto& kept : state->batches) {
    if (kept.first_sequence == stamp.base_sequence && kept.last_sequence == last) return {Verdict::kDuplicate, kept};
  }
  bool next = stamp.base_sequence == sequence_after(state->last_sequence(), 1);
  return {next ? Verdict::kAppend : Verdict::kOutOfOrder, {}};
}

void ProducerStates::apply(const RecordBatchView& batch) {
  BatchStamp stamp = batch.stamp();
  if (stamp.producer_id < 0) return;
  ProducerState& state = states_[stamp.producer_id];
  state.producer_id = stamp.producer_id;
  if (stamp.producer_epoch > state.epoch) state.batches.clear();
  state.epoch = std::max(state.epoch, stamp.producer_epoch);
  state.last_seen = std::max(state.last_seen, batch.max_timestamp());
  if (stamp.control || stamp.base_sequence < 0) return;
  if (state.batches.size() == ProducerState::kBatchesMax) state.batches.erase(state.batches.begin());
  state.batches.push_back(
      {stamp.base_sequence, last_sequence_of(batch), batch.base_offset(), batch.last_offset(), batch.max_timestamp()});
}

}  // namespace leat
