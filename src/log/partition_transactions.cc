#include "log/partition_transactions.h"

#include <algorithm>

#include "log/record_reader.h"

namespace leat {

PartitionTransactions::PartitionTransactions(const std::vector<OpenTransaction>& open,
                                             std::vector<AbortedTransaction> aborted)
    : aborted_(std::move(aborted)) {
  for (const OpenTransaction& transaction : open) open_[transaction.producer_id] = transaction;
}

Status PartitionTransactions::apply(const RecordBatchView& batch) {
  BatchStamp stamp = batch.stamp();
  if (!stamp.transactional) return {};
  if (!stamp.control) {
    open_.try_emplace(stamp.producer_id, OpenTransaction{stamp.producer_id, stamp.producer_epoch, batch.base_offset()});
    return {};
  }
  TRY_ASSIGN(MarkerType type, read_marker(batch));
  end(stamp.producer_id, type == MarkerType::kCommit, batch.base_offset());
  return {};
}

void PartitionTransactions::end(int64_t producer_id, bool commit, Offset at) {
  auto found = open_.find(producer_id);
  if (found == open_.end()) return;  // A marker without data moves nothing.
  if (!commit) aborted_.push_back({producer_id, found->second.first, at});
  open_.erase(found);
}

bool PartitionTransactions::hides(const RecordBatchView& batch) const {
  if (batch.is_control()) return true;
  if (aborted_.empty() || !batch.is_transactional()) return false;
  int64_t producer_id = batch.stamp().producer_id;
  Offset at = batch.base_offset();
  auto candidate =
      std::lower_bound(aborted_.begin(), aborted_.end(), at,
                       [](const AbortedTransaction& aborted, Offset offset) { return aborted.last < offset; });
  // The next marker of this producer behind the batch is the one that ended the batch's transaction.
  for (; candidate != aborted_.end(); ++candidate) {
    if (candidate->producer_id == producer_id && candidate->first <= at) return true;
  }
  return false;
}

Offset PartitionTransactions::first_open(Offset end) const {
  for (const auto& [id, transaction] : open_) end = std::min(end, transaction.first);
  return end;
}

std::vector<OpenTransaction> PartitionTransactions::open() const {
  std::vector<OpenTransaction> out;
  for (const auto& [id, transaction] : open_) out.push_back(transaction);
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return out;
}

void PartitionTransactions::forget_before(Offset start) {
  std::erase_if(aborted_, [start](const AbortedTransaction& aborted) { return aborted.last < start; });
}

}  // namespace leat
