#include "log/partition_transactions.h"

#include <algorithm>

#include "log/record_reader.h"

namespace leat {

PartitionTransactions::PartitionTransactions(const std::vector<OpenTransaction>& open,
                                             std::vector<AbortedTransaction> aborted) {
  for (const OpenTransaction& transaction : open) {
    open_[transaction.producer_id] = transaction;
    firsts_[transaction.first] = transaction.producer_id;
  }
  Offset next_first = first_open({aborted.empty() ? 0 : aborted.back().last.value + 1});
  for (auto each = aborted.rbegin(); each != aborted.rend(); ++each) {
    aborted_.push_front({*each, next_first});
    next_first = std::min(next_first, each->first);
  }
}

Status PartitionTransactions::apply(const RecordBatchView& batch) {
  BatchStamp stamp = batch.stamp();
  // Of a batch that compaction emptied, only the header stays.
  if (!stamp.transactional || batch.record_count() == 0) return {};
  if (!stamp.control) {
    OpenTransaction begun{stamp.producer_id, stamp.producer_epoch, batch.base_offset()};
    if (open_.try_emplace(stamp.producer_id, begun).second) firsts_[begun.first] = begun.producer_id;
    return {};
  }
  TRY_ASSIGN(MarkerType type, read_marker(batch));
  end(stamp.producer_id, type == MarkerType::kCommit, batch.base_offset());
  return {};
}

void PartitionTransactions::end(int64_t producer_id, bool commit, Offset at) {
  auto found = open_.find(producer_id);
  if (found == open_.end()) return;  // A marker without data moves nothing.
  AbortedTransaction ended{producer_id, found->second.first, at};
  firsts_.erase(ended.first);
  open_.erase(found);
  if (!commit) aborted_.push_back({ended, first_open({at.value + 1})});
}

template <class F>
void PartitionTransactions::for_aborted(Offset from, Offset limit, F visit) const {
  auto each = std::lower_bound(aborted_.begin(), aborted_.end(), from,
                               [](const Aborted& aborted, Offset offset) { return aborted.transaction.last < offset; });
  for (; each != aborted_.end(); ++each) {
    if (each->transaction.first < limit) visit(each->transaction);
    if (each->next_first >= limit) return;
  }
}

bool PartitionTransactions::hides(const RecordBatchView& batch) const {
  if (batch.is_control()) return true;
  if (aborted_.empty() || !batch.is_transactional()) return false;
  // An aborted transaction of this producer that began before, and whose marker stands behind.
  bool hidden = false;
  Offset at = batch.base_offset();
  int64_t producer_id = batch.stamp().producer_id;
  for_aborted(at, {at.value + 1},
              [&](const AbortedTransaction& aborted) { hidden |= aborted.producer_id == producer_id; });
  return hidden;
}

std::vector<AbortedTransaction> PartitionTransactions::aborted() const {
  std::vector<AbortedTransaction> out;
  for (const Aborted& each : aborted_) out.push_back(each.transaction);
  return out;
}

std::vector<AbortedTransaction> PartitionTransactions::aborted_in(Offset from, Offset limit) const {
  std::vector<AbortedTransaction> out;
  for_aborted(from, limit, [&out](const AbortedTransaction& aborted) { out.push_back(aborted); });
  return out;
}

const OpenTransaction* PartitionTransactions::find_open(int64_t producer_id) const {
  auto found = open_.find(producer_id);
  return found == open_.end() ? nullptr : &found->second;
}

Offset PartitionTransactions::first_open(Offset end) const {
  return firsts_.empty() ? end : std::min(end, firsts_.begin()->first);
}

std::vector<OpenTransaction> PartitionTransactions::open() const {
  std::vector<OpenTransaction> out;
  for (const auto& [first, producer_id] : firsts_) out.push_back(open_.at(producer_id));
  return out;
}

void PartitionTransactions::forget_before(Offset start) {
  while (!aborted_.empty() && aborted_.front().transaction.last < start) aborted_.pop_front();
}

}  // namespace leat
