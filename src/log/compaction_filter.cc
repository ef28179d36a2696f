#include "log/compaction_filter.h"

#include <algorithm>

namespace leat {

CompactionFilter::CompactionFilter(Rules rules) : rules_(std::move(rules)) {
  for (const AbortedTransaction& aborted : rules_.aborted) aborted_[aborted.producer_id].push_back(aborted);
  for (const ProducerState& producer : rules_.producers) producers_[producer.producer_id] = producer;
}

// The aborted transaction that the batch, data or marker, belongs to.
const AbortedTransaction* CompactionFilter::aborted_of(const RecordBatchView& batch) const {
  auto of_producer = aborted_.find(batch.stamp().producer_id);
  if (of_producer == aborted_.end()) return nullptr;
  const auto& list = of_producer->second;
  auto found = std::lower_bound(list.begin(), list.end(), batch.base_offset(),
                                [](const AbortedTransaction& aborted, Offset at) { return aborted.last < at; });
  return found == list.end() || found->first > batch.base_offset() ? nullptr : &*found;
}

bool CompactionFilter::is_aborted(const RecordBatchView& batch) const {
  return batch.is_transactional() && !batch.is_control() && aborted_of(batch) != nullptr;
}

// Whether nothing was seen of the transaction that the marker ends.
bool CompactionFilter::marker_is_empty(const RecordBatchView& batch) {
  return writing_.erase(batch.stamp().producer_id) == 0;
}

bool CompactionFilter::is_last_of_producer(const RecordBatchView& batch) const {
  BatchStamp stamp = batch.stamp();
  auto found = producers_.find(stamp.producer_id);
  if (stamp.producer_id < 0 || found == producers_.end()) return false;
  const ProducerState& producer = found->second;
  // Without records of its epoch, what tells the epoch is a marker.
  if (producer.batches.empty()) return batch.is_control() && stamp.producer_epoch == producer.epoch;
  return producer.batches.back().last == batch.last_offset();
}

CompactionFilter::Fate CompactionFilter::judge(const RecordBatchView& batch) {
  if (!batch.is_control()) {
    if (batch.is_transactional()) writing_.insert(batch.stamp().producer_id);
    return {is_aborted(batch), false};
  }
  Fate fate;
  fate.is_empty_marker = marker_is_empty(batch);
  auto horizon = batch.delete_horizon();
  fate.drops_records = fate.is_empty_marker && horizon && *horizon <= rules_.now;
  return fate;
}

bool CompactionFilter::stays(const RecordBatchView& batch, const RecordView& record, const NewestOffsets& known,
                             Offset known_end) const {
  if (batch.is_control() || record.offset >= known_end) return true;
  if (!record.key) return false;
  auto newest = known.find(*record.key);
  if (newest && record.offset < *newest) return false;
  auto horizon = batch.delete_horizon();
  return record.value || !horizon || rules_.now < *horizon;
}

// Which records of the batch stay, by their places.
Result<CompactionFilter::Selection> CompactionFilter::select(const RecordBatchView& batch, const NewestOffsets& known,
                                                             Offset known_end) const {
  Selection out;
  TRY_ASSIGN(RecordReader records, RecordReader::open(batch));
  RecordView record;
  while (true) {
    TRY_ASSIGN(bool more, records.next(record));
    if (!more) return out;
    bool keeps = stays(batch, record, known, known_end);
    out.keeps.push_back(keeps);
    out.count += keeps ? 1 : 0;
    out.has_tombstone |= keeps && !batch.is_control() && !record.value && record.offset < known_end;
  }
}

Result<BytesView> CompactionFilter::apply(const RecordBatchView& batch, bool keeps_end, const NewestOffsets& known,
                                          Offset known_end) {
  Fate fate = judge(batch);
  Selection selection;
  if (!fate.drops_records) {
    TRY_ASSIGN(selection, select(batch, known, known_end));
  }
  if (selection.count == 0 && !keeps_end && !is_last_of_producer(batch)) return BytesView();
  std::optional<WallTime> horizon = batch.delete_horizon();
  bool fresh = !horizon && (selection.has_tombstone || fate.is_empty_marker);
  if (fresh) horizon = WallTime{rules_.now.value + rules_.delete_retention_ms};
  if (selection.count == batch.record_count() && !fresh) return batch.bytes();
  rewriter_.emplace(batch, horizon);
  if (selection.count > 0) {
    TRY_ASSIGN(RecordReader records, RecordReader::open(batch));
    RecordView record;
    for (bool keeps : selection.keeps) {
      TRY_ASSIGN(bool more, records.next(record));
      CHECK(more);
      if (keeps) rewriter_->keep(record);
    }
  }
  return rewriter_->finish();
}

}  // namespace leat
