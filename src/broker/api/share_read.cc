#include "broker/api/share_read.h"

#include <algorithm>

#include "broker/api/api.h"
#include "broker/group/groups.h"

namespace leat::api {
namespace {

struct WholeBatch {
  Offset base, last;
  bool aborted = false;
  uint64_t end = 0;  // Of its bytes, from the stretch's beginning.
};

// The batches of a stretch but one that is cut off.
bool is_aborted(const RecordBatchView& batch, const std::vector<AbortedTransaction>& aborted) {
  return std::any_of(aborted.begin(), aborted.end(), [&](const AbortedTransaction& each) {
    return batch.is_transactional() && batch.stamp().producer_id == each.producer_id &&
           batch.base_offset() >= each.first && batch.last_offset() <= each.last;
  });
}

Result<std::vector<WholeBatch>> batches_of(File& file, const PartitionLog::Stretch& stretch,
                                           const std::vector<AbortedTransaction>& aborted) {
  std::vector<WholeBatch> out;
  for (uint64_t at = 0; at + RecordBatchView::kHeaderBytes <= stretch.size;) {
    Bytes header(RecordBatchView::kHeaderBytes, '\0');
    TRY_ASSIGN(size_t got, file.read_at(stretch.position + at, header));
    if (got != header.size()) return Error{Errc::kCorruption, "a batch is cut off"};
    TRY_ASSIGN(size_t size, RecordBatchView::size_of(BytesView(header).substr(0, RecordBatchView::kPrefixBytes)));
    if (at + size > stretch.size) break;
    RecordBatchView batch = RecordBatchView::trusted(header);
    at += size;
    out.push_back({batch.base_offset(), batch.last_offset(), is_aborted(batch, aborted), at});
  }
  return out;
}

void pass_over(const ShareProgress& progress, int64_t first, int64_t last, ShareDelta& delta) {
  std::vector<ShareRange> parts = progress.between(first, last);
  int64_t behind = std::max(first, progress.end());
  if (behind <= last) parts.push_back({behind, last, ShareState::kAvailable, 0});
  for (ShareRange part : parts) {
    if (part.state != ShareState::kAvailable) continue;
    part.state = ShareState::kArchived;
    delta.ranges.push_back(part);
  }
}

SharePartition::Acquisition choose(const SharePartition& live, const ShareProgress& progress, const ShareReading& ask,
                                   int64_t from, int64_t room, const std::vector<WholeBatch>& batches, uint64_t& end) {
  SharePartition::Acquisition out;
  for (const WholeBatch& batch : batches) {
    if (batch.aborted) {  // Nobody is to see them.
      pass_over(progress, std::max(batch.base.value, from), batch.last.value, out.delta);
      continue;
    }
    int64_t most = std::min(ask.records_max, room);
    if (out.records >= most) break;
    int64_t first = std::max(batch.base.value, from);
    // A batch is given as a whole, unless the client wants no more than it said.
    int64_t whole = out.records + (batch.last.value - first + 1);
    int64_t before = out.records;
    live.acquire(progress, first, batch.last.value, ask.exactly ? most : std::max(most, whole), out);
    if (out.records > before) end = batch.end;
  }
  return out;
}

}  // namespace

ErrorCode share_read(Broker& broker, const ShareReading& ask, ShareGiven& out,
                     std::vector<std::unique_ptr<Bytes>>& copies) {
  ShareGroups& shares = broker.groups().shares();
  auto progress = shares.progress(ask.group, ask.partition);
  if (!progress) return error_of(progress.error());
  auto partition = broker.partition(ask.partition.topic, ask.partition.partition.value);
  if (!partition) return error_of(partition.error());
  int64_t from = SharePartition::next_offset(**progress);
  bool committed = shares.reads_committed(ask.group);
  Offset limit = committed ? (*partition)->last_stable() : (*partition)->high_watermark();
  int64_t room = shares.locks_max(ask.group) - (*progress)->in_flight();
  bool is_new = from >= (*progress)->end();
  if (from >= limit.value || (is_new && room <= 0)) return ErrorCode::kNone;
  auto stretch = (*partition)->log().stretch(Offset{from}, limit, ask.bytes_max);
  if (!stretch) return error_of(stretch.error());
  if (!*stretch) return ErrorCode::kNone;
  auto file = (*stretch)->segment->file();
  if (!file) return ErrorCode::kKafkaStorageError;
  std::vector<AbortedTransaction> aborted;
  if (committed) aborted = (*partition)->log().transactions().aborted();
  auto batches = batches_of(**file, **stretch, aborted);
  if (!batches) return error_of(batches.error());
  uint64_t end = 0;
  int64_t most = is_new ? room : INT64_MAX / 2;
  auto acquisition = choose(shares.live(ask.group, ask.partition), **progress, ask, from, most, *batches, end);
  if (acquisition.ranges.empty()) {
    if (acquisition.delta.is_empty()) return ErrorCode::kNone;
    shares.acquired(ask.group, ask.partition, ask.member, acquisition);  // Aborted ones were passed over.
    return share_read(broker, ask, out, copies);
  }
  if ((*file)->descriptor() >= 0) {
    out.records.file = {(*stretch)->segment, (*file)->descriptor(), (*stretch)->position, end};
  } else {
    auto& copy = copies.emplace_back(std::make_unique<Bytes>(end, '\0'));
    auto read = (*file)->read_at((*stretch)->position, *copy);
    if (!read || *read != end) return ErrorCode::kKafkaStorageError;
    out.records.bytes = *copy;
  }
  out.ranges = acquisition.ranges;
  out.count = acquisition.records;
  shares.acquired(ask.group, ask.partition, ask.member, acquisition);
  return ErrorCode::kNone;
}

}  // namespace leat::api
