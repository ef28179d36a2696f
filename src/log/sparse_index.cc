#include "log/sparse_index.h"

#include <algorithm>

#include "base/big_endian.h"
#include "base/crc32c.h"
#include "log/files.h"

namespace leat {
namespace {

constexpr uint64_t kIntervalBytes = 4096;
// A chunk: the number of its entries (uint32), a CRC-32C of them (uint32), and the entries: offset minus the segment's
// first (uint32), position (uint32), newest timestamp before it (int64).
constexpr size_t kHeadBytes = 8;
constexpr size_t kEntryBytes = 16;

}  // namespace

void SparseIndex::add(const RecordBatchView& batch, uint64_t position) {
  if (position >= next_position_) {
    entries_.push_back({batch.base_offset(), position, newest_});
    next_position_ = position + kIntervalBytes;
  }
  newest_ = std::max(newest_, batch.max_timestamp());
}

SparseIndex::Entry SparseIndex::before(Offset offset) const {
  auto after = std::upper_bound(entries_.begin(), entries_.end(), offset,
                                [](Offset wanted, const Entry& entry) { return wanted < entry.offset; });
  return after == entries_.begin() ? Entry{} : *(after - 1);
}

SparseIndex::Entry SparseIndex::before(WallTime time) const {
  auto after = std::partition_point(entries_.begin(), entries_.end(),
                                    [time](const Entry& entry) { return entry.newest_before < time; });
  return after == entries_.begin() ? Entry{} : *(after - 1);
}

Status SparseIndex::save(FileSystem& files, const std::string& path, Offset base) {
  if (saved_ == entries_.size()) return {};
  Bytes body;
  for (size_t i = saved_; i < entries_.size(); ++i) {
    put_big<uint32_t>(body, static_cast<uint32_t>(entries_[i].offset.value - base.value));
    put_big<uint32_t>(body, static_cast<uint32_t>(entries_[i].position));
    put_big<int64_t>(body, entries_[i].newest_before.value);
  }
  Bytes head;
  put_big<uint32_t>(head, static_cast<uint32_t>(entries_.size() - saved_));
  put_big<uint32_t>(head, crc32c(body));
  TRY_ASSIGN(auto file, files.open(path, OpenMode::kAppend));
  TRY(file->truncate(saved_bytes_));
  const BytesView chunk[] = {head, body};
  TRY(file->append(chunk));
  saved_ = entries_.size();
  saved_bytes_ += head.size() + body.size();
  return {};
}

// False, and nothing taken, if the next chunk is not whole or does not fit.
bool SparseIndex::take_chunk(BytesView& chunks, Offset base, uint64_t bytes) {
  if (chunks.size() < kHeadBytes) return false;
  size_t count = load_big<uint32_t>(chunks.data());
  if ((chunks.size() - kHeadBytes) / kEntryBytes < count) return false;
  BytesView body = chunks.substr(kHeadBytes, count * kEntryBytes);
  if (load_big<uint32_t>(chunks.data() + 4) != crc32c(body)) return false;
  size_t before = entries_.size();
  for (size_t i = 0; i < count; ++i) {
    const char* at = body.data() + i * kEntryBytes;
    Entry entry{{base.value + load_big<uint32_t>(at)}, load_big<uint32_t>(at + 4), {load_big<int64_t>(at + 8)}};
    bool grows = entries_.empty()
                     ? entry.position == 0
                     : entries_.back().offset < entry.offset && entries_.back().position < entry.position &&
                           entries_.back().newest_before <= entry.newest_before;
    if (!grows || entry.position >= bytes) {
      entries_.resize(before);
      return false;
    }
    entries_.push_back(entry);
  }
  chunks.remove_prefix(kHeadBytes + body.size());
  return true;
}

uint64_t SparseIndex::load(FileSystem& files, const std::string& path, Offset base, uint64_t bytes) {
  *this = {};
  auto contents = read_whole(files, path);
  if (!contents) return 0;
  BytesView chunks = *contents;
  while (take_chunk(chunks, base, bytes)) {
  }
  saved_ = entries_.size();
  saved_bytes_ = contents->size() - chunks.size();
  if (entries_.empty()) return 0;
  next_position_ = entries_.back().position + kIntervalBytes;
  newest_ = entries_.back().newest_before;
  return entries_.back().position;
}

}  // namespace leat
